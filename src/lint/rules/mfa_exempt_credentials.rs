//! M442: an exemption that gives other credentials or rights.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, exemptions, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaExemptCredentials;

static META: Meta = Meta {
    code: "M442",
    name: "mfa-exempt-credentials",
    severity: Severity::Error,
    security: Some(8.5),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an action that gives other credentials or rights is exempt from a gate",
    explanation: "\
With these actions a caller without MFA gets credentials or rights to which the gate does not apply: \
another role, a new access key, a password, a policy. A stolen access key takes that way around the \
gate.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:AssumeRole",
    "sts:GetSessionToken"], "Resource": "*",
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

impl Rule for MfaExemptCredentials {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for exemption in exemptions(subject) {
            for entry in exemption.entries() {
                let through = |action: &&str| {
                    exemption.frees(subject, action).is_some_and(|freeing| freeing.span == entry.span)
                };
                let freed: Vec<_> = CREDENTIALS.iter().copied().filter(through).collect();
                if freed.is_empty() {
                    continue;
                }
                let message = format!(
                    "without MFA a stolen key gets other credentials or rights by {}",
                    crate::lint::text::listed(&freed)
                );
                let mut finding = META.at(entry.span, message).label("around the gate");
                finding.fix = mend::unsafe_fix("take it out of the list", vec![exemption.without(entry)]);
                found.push(finding.help("leave it out of the list").truth(exemption.gate.truth()));
            }
        }
    }
}

/// Ways to credentials or rights that the gate does not see.
const CREDENTIALS: [&str; 11] = [
    "sts:AssumeRole",
    "sts:GetFederationToken",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:AttachUserPolicy",
    "iam:PutUserPolicy",
    "iam:AddUserToGroup",
    "iam:PassRole",
    "iam:UpdateAccessKey",
    "iam:CreateServiceSpecificCredential",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaExemptCredentials), @r#"
        M442 without MFA a stolen key gets other credentials or rights by `sts:AssumeRole`
            "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:AssumeRole",
                                                                                      ^^^^^^^^^^^^^^^^ around the gate
        help: leave it out of the list
        truth: missing → denied   false → denied   true → not denied
        "#);
    }

    #[test]
    fn the_actions_of_the_list_exist() {
        for action in CREDENTIALS {
            assert_eq!(
                crate::catalog::action(action).map(|known| known.to_string()).as_deref(),
                Some(action)
            );
        }
    }
}
