//! S316: a role for everybody.

use crate::lint::callers::{Narrowing, everybody, narrowing};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct TrustAnyone;

static META: Meta = Meta {
    code: "S316",
    name: "trust-anyone",
    severity: Severity::Error,
    security: Some(9.5),
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "any AWS principal can assume the role",
    explanation: "\
With `*` in a trust policy every identity of every AWS account may take the role, if its own \
account lets it; and that account is the attacker's. MFA or an external id does not make \
strangers friends. Name the accounts or the roles that may, or add a condition on \
`aws:PrincipalOrgID`.",
    elsewhere: "checkov CKV_AWS_60/61; prowler",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "*"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for TrustAnyone {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| narrowing(statement) != Narrowing::Strong) {
            if let Some(span) = everybody(statement) {
                let finding = META.at(span, "every AWS account can let its identities assume this role");
                found.push(finding.help("name who may, or add a condition on `aws:PrincipalOrgID`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_principal() {
        insta::assert_snapshot!(show(&TrustAnyone), @r#"
        S316 every AWS account can let its identities assume this role
          "Effect": "Allow", "Principal": {"AWS": "*"},
                                                  ^^^
        help: name who may, or add a condition on `aws:PrincipalOrgID`
        "#);
    }
}
