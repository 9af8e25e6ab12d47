//! M433: a gate whose exemption lacks the reads of the console.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{ENROLLMENT, OF_USERS, denied_to_own_user, gates, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyConsoleReads;

static META: Meta = Meta {
    code: "M433",
    name: "mfa-deny-console-reads",
    severity: Severity::Info,
    security: None,
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the exemption of a gate lacks what the console reads before enrollment",
    explanation: "\
Enrollment itself is free, but the page of the console first asks for the user and the devices, and \
a device out of step needs `iam:ResyncMFADevice`. Without them users see errors and can enroll by \
the API only.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ResyncMFADevice", "sts:GetSessionToken"], "Resource": "*",
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

impl Rule for MfaDenyConsoleReads {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject).filter(|gate| gate.statement.action.negated) {
            let part = &gate.statement.action;
            let missing = denied_to_own_user(gate.statement, &BESIDE);
            if missing.is_empty() || !denied_to_own_user(gate.statement, &ENROLLMENT).is_empty() {
                continue;
            }
            let names = crate::lint::text::listed(&missing);
            let message = format!("users enroll with errors on the console: this `Deny` covers {names}");
            let mut finding = META.at(part.span.0, message).label(format!("lacks {names}"));
            finding.fix = mend::unsafe_fix(format!("add {names}"), vec![mend::add_names(part, &missing)]);
            found.push(finding.help(format!("add {names}")).truth(gate.truth()));
        }
    }
}

/// What belongs to enrollment beside the two steps themselves.
const BESIDE: [&str; 4] =
    ["iam:GetUser", "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyConsoleReads), @r#"
        M433 users enroll with errors on the console: this `Deny` covers `iam:ListMFADevices` and `iam:ListVirtualMFADevices`
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ lacks `iam:ListMFADevices` and `iam:ListVirtualMFADevices`
        help: add `iam:ListMFADevices` and `iam:ListVirtualMFADevices`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }

    #[test]
    fn the_actions_of_the_list_exist() {
        assert!(BESIDE.iter().all(|action| crate::catalog::action(action).is_some()));
    }
}
