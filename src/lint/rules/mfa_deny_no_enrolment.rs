//! M432: a gate whose exemption lacks a step of enrollment.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{ENROLLMENT, OF_USERS, SESSION_TOKEN, denied_to_own_user, gates, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyNoEnrolment;

static META: Meta = Meta {
    code: "M432",
    name: "mfa-deny-no-enrolment",
    severity: Severity::Warning,
    security: Some(2.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the exemption of a gate lacks a step of enrollment",
    explanation: "\
A user needs both `iam:CreateVirtualMFADevice` and `iam:EnableMFADevice` to register a first device. \
One that is denied without MFA leaves enrollment to administrators. Where that is meant, suppress \
this finding.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:GetUser", "iam:ListMFADevices",
    "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"], "Resource": "*",
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

impl Rule for MfaDenyNoEnrolment {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            let part = &gate.statement.action;
            let missing = denied_to_own_user(gate.statement, &ENROLLMENT);
            if missing.is_empty() || !denied_to_own_user(gate.statement, &[SESSION_TOKEN]).is_empty() {
                continue;
            }
            let names = crate::lint::text::listed(&missing);
            let message =
                format!("users without an MFA device cannot enroll one: this `Deny` covers {names}");
            let mut finding = META.at(part.span.0, message).label("covers a step of enrollment");
            if part.negated {
                finding.fix = mend::unsafe_fix(format!("add {names}"), vec![mend::add_names(part, &missing)]);
                finding = finding.label(format!("lacks {names}"));
            }
            let help = if part.negated { format!("add {names}") } else { format!("leave {names} out") };
            let help = format!("{help}, unless administrators enroll the devices");
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
        insta::assert_snapshot!(show(&MfaDenyNoEnrolment), @r#"
        M432 users without an MFA device cannot enroll one: this `Deny` covers `iam:EnableMFADevice`
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:GetUser", "iam:ListMFADevices",
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ lacks `iam:EnableMFADevice`
        help: add `iam:EnableMFADevice`, unless administrators enroll the devices
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
