//! E148: a role that trusts `"*"`.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType, PrincipalValue};
use crate::source::Severity;

pub(super) struct TrustBareWildcard;

static META: Meta = Meta {
    code: "E148",
    name: "trust-bare-wildcard",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a role's trust policy allows `\"Principal\": \"*\"`",
    explanation: "\
A bare `*` as the principal of a trust policy admits every caller of every account, also through \
services. AWS stores it, yet its own analyzer calls it an error. Name the accounts, users or roles \
that may assume the role.",
    elsewhere: "Access Analyzer ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*",
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for TrustBareWildcard {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements().filter(|statement| statement.effect.value == Effect::Allow) {
            let Some(part) = &statement.principal else { continue };
            if let PrincipalValue::Text(text) = &part.value
                && text.value == "*"
                && !part.negated
            {
                found.push(
                    META.at(text.span, "the role trusts everyone").label("every caller of every account"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_017_points_at_the_star() {
        insta::assert_snapshot!(show(&TrustBareWildcard), @r#"
        E148 the role trusts everyone
          "Effect": "Allow", "Principal": "*",
                                          ^^^ every caller of every account
        "#);
    }
}
