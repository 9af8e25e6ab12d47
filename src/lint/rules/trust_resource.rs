//! E146: a resource in a trust policy.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct TrustResource;

static META: Meta = Meta {
    code: "E146",
    name: "trust-resource",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a role's trust policy has `Resource` or `NotResource`",
    explanation: "\
The resource of a trust policy is the role it belongs to. IAM refuses to store one that states a \
resource.",
    elsewhere: "Access Analyzer ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole", "Resource": "*"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for TrustResource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.statements().filter_map(|statement| statement.resource.as_ref()) {
            let name = if part.negated { "NotResource" } else { "Resource" };
            let message = format!("a trust policy has no `{name}`");
            found.push(META.at(part.name_span.0, message).label("the resource is the role itself"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_012_points_at_the_element() {
        insta::assert_snapshot!(show(&TrustResource), @r#"
        E146 a trust policy has no `Resource`
          "Action": "sts:AssumeRole", "Resource": "*"}}
                                      ^^^^^^^^^^ the resource is the role itself
        "#);
    }
}
