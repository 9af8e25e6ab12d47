//! M448: a second device that a stolen key can add.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, Vector, action, all_statements, exemptions};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType};
use crate::source::Severity;

pub(super) struct MfaSecondDevice;

static META: Meta = Meta {
    code: "M448",
    name: "mfa-second-device",
    severity: Severity::Info,
    security: Some(3.0),
    types: &[PolicyType::Identity],
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "enrollment without MFA is open also to users who have a device",
    explanation: "\
A user may hold up to eight devices, and no condition key tells whether one exists. So a stolen \
password or access key can enroll a further device where enrollment is free, and then has MFA. Watch \
`EnableMFADevice` in CloudTrail, or let administrators enroll.",
    elsewhere: "MWR note",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["iam:ListVirtualMFADevices"], "Resource": "*"},
  {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
  {"Effect": "Allow",
   "Action": ["iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "iam:ResyncMFADevice"],
   "Resource": "arn:aws:iam::*:user/${aws:username}"},
  {"Effect": "Deny",
   "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
     "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
     "sts:GetSessionToken"], "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["iam:ListVirtualMFADevices"], "Resource": "*"},
  {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
  {"Effect": "Allow",
   "Action": ["iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "iam:ResyncMFADevice"],
   "Resource": "arn:aws:iam::*:user/${aws:username}"},
  {"Effect": "Deny",
   "NotAction": ["iam:CreateVirtualMFADevice", "iam:GetUser", "iam:ListMFADevices",
     "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"], "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#,
    ),
};

impl Rule for MfaSecondDevice {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        const ENABLE: &str = "iam:EnableMFADevice";
        let allowed = all_statements(subject).any(|(policy, statement)| {
            statement.effect.value == Effect::Allow
                && Vector::of(policy, statement).is_none_or(|vector| vector.without_mfa())
                && Names::actions(statement).meets(&action(ENABLE))
        });
        for exemption in exemptions(subject).filter(|_| allowed) {
            let Some(entry) = exemption.frees(subject, ENABLE) else { continue };
            let message =
                "a stolen password or key can enroll a second device for the user, and then has MFA";
            let finding = META.at(entry.span, message).label("free without MFA");
            let help = "watch `EnableMFADevice` in CloudTrail, or let administrators enroll";
            found.push(finding.help(help).truth(exemption.gate.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaSecondDevice), @r#"
        M448 a stolen password or key can enroll a second device for the user, and then has MFA
           "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                                                       ^^^^^^^^^^^^^^^^^^^^^ free without MFA
        help: watch `EnableMFADevice` in CloudTrail, or let administrators enroll
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
