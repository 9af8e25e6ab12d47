//! M438: a gate that stops the change of a first password.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, denied_to_own_user, gates};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyFirstPassword;

static META: Meta = Meta {
    code: "M438",
    name: "mfa-deny-first-password",
    severity: Severity::Info,
    security: None,
    types: OF_USERS,
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "`iam:ChangePassword` is denied without MFA",
    explanation: "\
A user who must set a new password at the first sign-in has no MFA device yet and is stuck. To spare \
the action weakens the gate: better is to enroll after the first sign-in, with a password that need \
not be changed at once.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:ChangePassword", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice",
    "iam:GetAccountPasswordPolicy", "iam:GetUser", "iam:ListMFADevices",
    "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaDenyFirstPassword {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            if denied_to_own_user(gate.statement, &["iam:ChangePassword"]).is_empty() {
                continue;
            }
            let message = "users who must change their password at the first sign-in are stuck without MFA";
            let finding = META.at(gate.statement.action.span.0, message).label("covers `iam:ChangePassword`");
            let help = "do not demand a new password at the first sign-in, or let users enroll first";
            found.push(finding.help(help).truth(gate.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyFirstPassword), @r#"
        M438 users who must change their password at the first sign-in are stuck without MFA
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ covers `iam:ChangePassword`
        help: do not demand a new password at the first sign-in, or let users enroll first
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
