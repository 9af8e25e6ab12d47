//! M441: an exemption that lets a device be taken away.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, exemptions, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaExemptDeactivate;

static META: Meta = Meta {
    code: "M441",
    name: "mfa-exempt-deactivate",
    severity: Severity::Error,
    security: Some(9.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`iam:DeactivateMFADevice` is exempt from a gate",
    explanation: "\
Without MFA the own device can be taken away. Whoever holds a stolen access key or password removes \
the device, enrolls another one, and has MFA. The action must need MFA.",
    elsewhere: "Duo disclosure",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:DeactivateMFADevice", "iam:EnableMFADevice",
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

impl Rule for MfaExemptDeactivate {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        const DEACTIVATE: &str = "iam:DeactivateMFADevice";
        for exemption in exemptions(subject) {
            let Some(entry) = exemption.frees(subject, DEACTIVATE) else { continue };
            let message = "a stolen key can take the user's MFA device away and enroll its own";
            let mut finding = META.at(entry.span, message).label(format!("frees `{DEACTIVATE}`"));
            finding.fix = mend::unsafe_fix("take it out of the list", vec![exemption.without(entry)]);
            found.push(finding.help("leave it out of the list").truth(exemption.gate.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaExemptDeactivate), @r#"
        M441 a stolen key can take the user's MFA device away and enroll its own
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:DeactivateMFADevice", "iam:EnableMFADevice",
                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^ frees `iam:DeactivateMFADevice`
        help: leave it out of the list
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
