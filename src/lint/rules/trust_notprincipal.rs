//! E147: `NotPrincipal` in a trust policy.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct TrustNotprincipal;

static META: Meta = Meta {
    code: "E147",
    name: "trust-notprincipal",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a role's trust policy has `NotPrincipal`",
    explanation: "\
Who may assume a role is said by naming them. IAM refuses to store a trust policy with \
`NotPrincipal`.",
    elsewhere: "Access Analyzer ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for TrustNotprincipal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let parts = subject.statements().filter_map(|statement| statement.principal.as_ref());
        for part in parts.filter(|part| part.negated) {
            let help = "name those who may in `Principal`";
            found.push(META.at(part.name_span.0, "a trust policy has no `NotPrincipal`").help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_017_points_at_the_element() {
        insta::assert_snapshot!(show(&TrustNotprincipal), @r#"
        E147 a trust policy has no `NotPrincipal`
          "Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
                            ^^^^^^^^^^^^^^
        help: name those who may in `Principal`
        "#);
    }
}
