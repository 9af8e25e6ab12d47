//! M402: a `Deny` that long-term access keys slip past, because they carry no MFA key.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Comparison, Operator};
use crate::source::Severity;

pub(super) struct DenyMfaBoolFalse;

static META: Meta = Meta {
    code: "M402",
    name: "deny-mfa-bool-false",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` of callers without MFA does not hit long-term access keys",
    explanation: "\
A request signed with a long-term access key has no MFA key at all, and a comparison with a missing \
key is false: the `Deny` does not fire, and a stolen access key works without MFA. `BoolIfExists` is \
true for a missing key and closes the hole. It may also stand in a second `Deny` on the same \
actions.",
    elsewhere: "parliament BAD_PATTERN_FOR_MFA; iam-policy-validator mfa_antipattern_bool_false",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
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

impl Rule for DenyMfaBoolFalse {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::denies).filter(|guard| guard.vector.is(false, true, false))
        {
            if guard.joined(subject).missing {
                continue;
            }
            let Some(test) = guard.blame(|test| !test.operator().if_exists) else { continue };
            let message = "this `Deny` does not stop long-term access keys";
            let label = "not true for access keys, where the key is missing";
            let mut finding = META.at(test.block.operator.span, message).label(label).about(&test);
            if !test.operator().if_exists && test.comparison() != Comparison::Null {
                let lenient = Operator { if_exists: true, ..test.operator() };
                let title = format!("write `{lenient}`");
                finding.fix = mend::unsafe_fix(title, vec![mend::operator(&test, lenient)]);
                finding = finding.help(format!("write `{lenient}`; callers with access keys lose access"));
            }
            found.push(finding.truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&DenyMfaBoolFalse), @r#"
        M402 this `Deny` does not stop long-term access keys
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}
                        ^^^^^^ not true for access keys, where the key is missing
        help: write `BoolIfExists`; callers with access keys lose access
        truth: missing → not denied   false → denied   true → not denied
        "#);
    }

    #[test]
    fn a_gate_in_a_policy_of_its_own_counts() {
        use crate::lint::Options;
        use crate::policy::{Policy, PolicyType};

        let half = Policy::parse(META.bad.text).unwrap();
        let mut found = Vec::new();
        let mut options = Options::new(PolicyType::Identity);
        options.beside = vec![Policy::parse(META.good.text).unwrap()];
        DenyMfaBoolFalse.check(&Subject::new(&half, &options), &mut found);
        assert!(found.is_empty());
    }
}
