//! M436: an MFA test in a permission policy of a role.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::guards;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaInRolePolicy;

static META: Meta = Meta {
    code: "M436",
    name: "mfa-in-role-policy",
    severity: Severity::Warning,
    security: Some(3.0),
    types: &[PolicyType::Identity],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a permission policy of a role asks about MFA",
    explanation: "\
As documented, sessions of roles carry `aws:MultiFactorAuthPresent` as `false` and no age, whether \
or not the caller used MFA to assume the role: an `Allow` that requires MFA never grants, and a \
`Deny` for want of MFA always fires. The test belongs into the role's trust policy. Some observers \
report `true` for sessions assumed with MFA, so try it before you rely on either.",
    elsewhere: "",
    bad: Example::role(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::role(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for MfaInRolePolicy {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if !subject.is_of_a_role() {
            return;
        }
        for guard in guards(subject) {
            let Some(test) = guard.tests().next() else { continue };
            let effect = guard.statement.effect.value.as_str();
            let message = if guard.vector.without {
                format!(
                    "this `{effect}` applies to every session of the role: as documented, none carries MFA"
                )
            } else {
                format!("this `{effect}` never applies: as documented, no session of a role carries MFA")
            };
            let finding =
                META.at(test.test.key.span, message).label("`false` in sessions of roles").about(&test);
            let help = "put the test into the role's trust policy";
            found.push(finding.help(help).truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaInRolePolicy), @r#"
        M436 this `Allow` never applies: as documented, no session of a role carries MFA
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `false` in sessions of roles
        help: put the test into the role's trust policy
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
