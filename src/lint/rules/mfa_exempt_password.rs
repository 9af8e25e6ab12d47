//! M443: an exemption that lets the password be changed.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, exemptions, mend};
use crate::lint::text::has_wildcard;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaExemptPassword;

static META: Meta = Meta {
    code: "M443",
    name: "mfa-exempt-password",
    severity: Severity::Warning,
    security: Some(5.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`iam:ChangePassword` is exempt from a gate",
    explanation: "\
Without MFA the own password can be changed by whoever knows the old one. AWS advises against it. A \
wildcard that frees the action too is M440.",
    elsewhere: "User Guide advises against it",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:ChangePassword", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice",
    "iam:GetUser", "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
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

impl Rule for MfaExemptPassword {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for exemption in exemptions(subject) {
            let entry = exemption.frees(subject, "iam:ChangePassword");
            for entry in entry.into_iter().filter(|entry| !has_wildcard(&entry.value)) {
                let message = "whoever knows a user's password can change it without MFA";
                let mut finding = META.at(entry.span, message).label("exempt");
                finding.fix = mend::unsafe_fix("take it out of the list", vec![exemption.without(entry)]);
                found.push(finding.help("leave it out of the list").truth(exemption.gate.truth()));
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
        insta::assert_snapshot!(show(&MfaExemptPassword), @r#"
        M443 whoever knows a user's password can change it without MFA
          "NotAction": ["iam:ChangePassword", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice",
                        ^^^^^^^^^^^^^^^^^^^^ exempt
        help: leave it out of the list
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
