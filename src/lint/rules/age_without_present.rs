//! M425: MFA proved by its age alone.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::request::{MFA_AGE, MFA_PRESENT};
use crate::source::Severity;

pub(super) struct AgeWithoutPresent;

static META: Meta = Meta {
    code: "M425",
    name: "age-without-present",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` proves MFA by its age alone",
    explanation: "\
The age exists only after MFA, so the test is right. But readers, and tools that look for MFA, look \
for `aws:MultiFactorAuthPresent`. Naming both changes no decision.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for AgeWithoutPresent {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if !matches!(subject.kind(), PolicyType::Identity | PolicyType::Resource) {
            return;
        }
        for guard in guards(subject).filter(|guard| guard.allows() && guard.vector.admits_mfa_only()) {
            let Some(test) = guard.tests().find(|test| test.is_on(MFA_AGE)) else { continue };
            if guard.tests().any(|test| test.is_on(MFA_PRESENT)) {
                continue;
            }
            let message = "only the age says here that MFA is required";
            let mut finding =
                META.at(test.test.key.span, message).label("exists only after MFA").about(&test);
            finding.fix = mend::fix("name both keys", true, vec![mend::require_mfa(guard.statement)]);
            let help = r#"add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`; no decision changes"#;
            found.push(finding.help(help).truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AgeWithoutPresent), @r#"
        M425 only the age says here that MFA is required
          "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}
                                            ^^^^^^^^^^^^^^^^^^^^^^^^ exists only after MFA
        help: add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`; no decision changes
        truth: missing → not allowed   false → not allowed   true → allowed, later not allowed
        "#);
    }
}
