//! M434: enrollment that is exempt from the gate and that nobody allows.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, SESSION_TOKEN, STANDARD, action, all_statements, exemptions};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType};
use crate::source::Severity;

pub(super) struct MfaExemptNotAllowed;

static META: Meta = Meta {
    code: "M434",
    name: "mfa-exempt-not-allowed",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Identity],
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "actions are exempt from the gate, but nothing allows them",
    explanation: "\
An exemption only keeps the `Deny` away; somebody must still allow the action. None of the \
identity's policies that are known allows these, so users cannot enroll. Right when another policy \
does.",
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
};

impl Rule for MfaExemptNotAllowed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let allowed = |name: &str| {
            let pattern = action(name);
            all_statements(subject).any(|(_, statement)| {
                statement.effect.value == Effect::Allow && Names::actions(statement).meets(&pattern)
            })
        };
        for exemption in exemptions(subject) {
            // Nobody needs to allow the call for a session: AWS always does.
            let of_enrollment = STANDARD.iter().copied().filter(|name| *name != SESSION_TOKEN);
            let missing: Vec<_> = of_enrollment
                .filter(|name| exemption.frees(subject, name).is_some() && !allowed(name))
                .collect();
            if !missing.is_empty() {
                let message = format!(
                    "users cannot enroll: nothing here allows {}",
                    crate::lint::text::listed(&missing)
                );
                let span = exemption.gate.statement.action.span.0;
                let finding = META.at(span, message).label("spared by the gate, but not allowed");
                found.push(finding.help("allow them, if no other policy does").truth(exemption.gate.truth()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaExemptNotAllowed), @r#"
        M434 users cannot enroll: nothing here allows `iam:CreateVirtualMFADevice`, `iam:EnableMFADevice`, `iam:GetUser`, `iam:ListMFADevices`, `iam:ListVirtualMFADevices` and `iam:ResyncMFADevice`
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ spared by the gate, but not allowed
        help: allow them, if no other policy does
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
