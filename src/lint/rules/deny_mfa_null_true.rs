//! M403: a `Deny` that sessions without MFA slip past, because they carry the key.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct DenyMfaNullTrue;

static META: Meta = Meta {
    code: "M403",
    name: "deny-mfa-null-true",
    severity: Severity::Error,
    security: Some(7.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` asks only whether the MFA key is missing, so sessions without MFA pass",
    explanation: "\
Temporary credentials carry `aws:MultiFactorAuthPresent` also when they were got without MFA: then \
it is `false`. `Null` asks whether the key is there, not what it says, so a session without MFA is \
not denied. `BoolIfExists` with `false` hits both.",
    elsewhere: "User Guide advises against it; iam-policy-validator wrongly accepts it",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for DenyMfaNullTrue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::denies).filter(|guard| guard.vector.is(true, false, false))
        {
            if guard.joined(subject).without {
                continue;
            }
            let Some(test) = guard.blame(|test| test.comparison() == Comparison::Null) else { continue };
            let message = "this `Deny` does not stop sessions without MFA, which carry the key as `false`";
            let mut finding = META
                .at(test.block.operator.span, message)
                .label("true only where the key is missing")
                .about(&test);
            if test.comparison() == Comparison::Null {
                let edits =
                    vec![mend::operator(&test, mend::BOOL_IF_EXISTS), Some(mend::value(&test, "false"))];
                finding.fix = mend::unsafe_fix("write `BoolIfExists` with `false`", edits);
            }
            let help = "write `BoolIfExists` with `false`; sessions without MFA lose access";
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
        insta::assert_snapshot!(show(&DenyMfaNullTrue), @r#"
        M403 this `Deny` does not stop sessions without MFA, which carry the key as `false`
          "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}}}
                        ^^^^^^ true only where the key is missing
        help: write `BoolIfExists` with `false`; sessions without MFA lose access
        truth: missing → denied   false → not denied   true → not denied
        "#);
    }
}
