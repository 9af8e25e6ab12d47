//! M431: a gate whose exemption lacks the call that starts a session with MFA.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{ENROLLMENT, Names, OF_USERS, SESSION_TOKEN, denied_to_own_user, gates, mend};
use crate::lint::text::names_it;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyNoSessionToken;

static META: Meta = Meta {
    code: "M431",
    name: "mfa-deny-no-session-token",
    severity: Severity::Warning,
    security: Some(2.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the exemption of a gate lacks `sts:GetSessionToken`",
    explanation: "\
With `sts:GetSessionToken` an access key and a device code become a session with MFA. AWS documents \
that policies do not control this call, and yet lists it in its own gates: it says what is meant, \
and in engines that do block the call, users of access keys could never start a session with MFA.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice"], "Resource": "*",
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

impl Rule for MfaDenyNoSessionToken {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            let part = &gate.statement.action;
            let covers =
                |actions: &[&'static str]| denied_to_own_user(gate.statement, actions).len() == actions.len();
            let by_name =
                !part.negated && part.entries.iter().any(|entry| names_it(&entry.value, SESSION_TOKEN));
            let on_all = Names::resources(gate.statement).is_everything();
            if !on_all || !covers(&[SESSION_TOKEN]) || covers(&ENROLLMENT) || by_name {
                continue;
            }
            let mut missing = denied_to_own_user(gate.statement, &ENROLLMENT);
            missing.push(SESSION_TOKEN);
            let message =
                "this `Deny` covers `sts:GetSessionToken`, by which users of access keys begin to use MFA";
            let mut finding = META.at(part.span.0, message).label("covers it");
            if part.negated {
                finding.fix = mend::unsafe_fix("add what is missing", vec![mend::add_names(part, &missing)]);
                finding = finding
                    .label(format!("lacks {}", crate::lint::text::listed(&missing)))
                    .help(format!("add {}", crate::lint::text::listed(&missing)));
            }
            found.push(finding.truth(gate.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyNoSessionToken), @r#"
        M431 this `Deny` covers `sts:GetSessionToken`, by which users of access keys begin to use MFA
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ lacks `sts:GetSessionToken`
        help: add `sts:GetSessionToken`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
