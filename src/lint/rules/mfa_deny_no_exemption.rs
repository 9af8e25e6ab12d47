//! M430: a gate that locks enrollment out with everything else.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{ENROLLMENT, OF_USERS, SESSION_TOKEN, STANDARD, denied_to_own_user, gates, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyNoExemption;

static META: Meta = Meta {
    code: "M430",
    name: "mfa-deny-no-exemption",
    severity: Severity::Error,
    security: Some(2.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` for want of MFA leaves nobody a way to get a first device",
    explanation: "\
Without MFA a user can neither create nor enable a device, nor start a session with one: who has no \
device can never get one, and an administrator must enroll each user. A gate usually spares the \
seven actions that enrollment needs, by `NotAction`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
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

impl Rule for MfaDenyNoExemption {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            let part = &gate.statement.action;
            let denied = denied_to_own_user(gate.statement, &ENROLLMENT);
            if denied.len() < 2 || denied_to_own_user(gate.statement, &[SESSION_TOKEN]).is_empty() {
                continue;
            }
            let message =
                "users without an MFA device can never enroll one: this `Deny` stops enrollment too";
            let mut finding = META.at(part.span.0, message).label("covers enrollment");
            let edit = if part.negated {
                mend::add_names(part, &denied_to_own_user(gate.statement, &STANDARD))
            } else if part.entries.iter().any(|entry| entry.value == "*") {
                Some(mend::standard_exemption(part))
            } else {
                None
            };
            finding.fix = mend::unsafe_fix("spare the seven actions of enrollment", vec![edit]);
            let help = format!("write `NotAction` and spare {}", crate::lint::text::listed(&STANDARD));
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
        insta::assert_snapshot!(show(&MfaDenyNoExemption), @r#"
        M430 users without an MFA device can never enroll one: this `Deny` stops enrollment too
          "Effect": "Deny", "Action": "*", "Resource": "*",
                                      ^^^ covers enrollment
        help: write `NotAction` and spare `iam:CreateVirtualMFADevice`, `iam:EnableMFADevice`, `iam:GetUser`, `iam:ListMFADevices`, `iam:ListVirtualMFADevices`, `iam:ResyncMFADevice` and `sts:GetSessionToken`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
