//! M440: an exemption that frees more than enrollment.

use crate::catalog;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, exemptions, is_harmless, mend};
use crate::lint::text::has_wildcard;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaExemptTooBroad;

static META: Meta = Meta {
    code: "M440",
    name: "mfa-exempt-too-broad",
    severity: Severity::Error,
    security: Some(9.0),
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a wildcard in the exemption of a gate frees more than enrollment",
    explanation: "\
What `NotAction` names is free without MFA. A wildcard such as `iam:*` or `sts:*` frees actions that \
give other credentials, more rights or a new device: whoever holds a stolen access key takes that \
way around the gate. Name the seven actions that enrollment needs.",
    elsewhere: "AWS NotAction sample has it",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "NotAction": ["iam:*", "sts:GetSessionToken"], "Resource": "*",
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

impl Rule for MfaExemptTooBroad {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for exemption in exemptions(subject) {
            for entry in exemption.entries().iter().filter(|entry| has_wildcard(&entry.value)) {
                let freed = catalog::expand(&entry.value);
                let outside = |action: &catalog::Action| {
                    let name = action.to_string();
                    !is_harmless(&name) && !exemption.takes_back(subject, &name)
                };
                let Some(worst) = freed.into_iter().filter(outside).max_by_key(|action| action.level())
                else {
                    continue;
                };
                let message = format!("without MFA this frees more than enrollment, such as `{worst}`");
                let mut finding = META.at(entry.span, message).label("too broad");
                let edit = mend::standard_exemption(&exemption.gate.statement.action);
                finding.fix = mend::unsafe_fix("spare the seven actions of enrollment", vec![Some(edit)]);
                let help = format!(
                    "name what enrollment needs: {}",
                    crate::lint::text::listed(&crate::lint::mfa::STANDARD)
                );
                found.push(finding.help(help).truth(exemption.gate.truth()));
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
        insta::assert_snapshot!(show(&MfaExemptTooBroad), @r#"
        M440 without MFA this frees more than enrollment, such as `iam:UpdateAssumeRolePolicy`
          "Effect": "Deny", "NotAction": ["iam:*", "sts:GetSessionToken"], "Resource": "*",
                                          ^^^^^^^ too broad
        help: name what enrollment needs: `iam:CreateVirtualMFADevice`, `iam:EnableMFADevice`, `iam:GetUser`, `iam:ListMFADevices`, `iam:ListVirtualMFADevices`, `iam:ResyncMFADevice` and `sts:GetSessionToken`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
