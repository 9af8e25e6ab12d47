//! M444: an exemption that lets unassigned devices be deleted.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, exemptions, mend};
use crate::lint::text::has_wildcard;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaExemptDeleteDevice;

static META: Meta = Meta {
    code: "M444",
    name: "mfa-exempt-delete-device",
    severity: Severity::Info,
    security: Some(2.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`iam:DeleteVirtualMFADevice` is exempt from a gate",
    explanation: "\
Older samples of AWS spared it, as the console deleted half-made devices. Only devices that belong \
to nobody can be deleted, so little is lost; still nothing of enrollment needs it. A wildcard that \
frees the action too is M440.",
    elsewhere: "older AWS sample",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice", "iam:EnableMFADevice",
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

impl Rule for MfaExemptDeleteDevice {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for exemption in exemptions(subject) {
            let entry = exemption.frees(subject, "iam:DeleteVirtualMFADevice");
            for entry in entry.into_iter().filter(|entry| !has_wildcard(&entry.value)) {
                let message = "callers without MFA can delete devices that are assigned to nobody";
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
        insta::assert_snapshot!(show(&MfaExemptDeleteDevice), @r#"
        M444 callers without MFA can delete devices that are assigned to nobody
          "NotAction": ["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice", "iam:EnableMFADevice",
                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ exempt
        help: leave it out of the list
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
