//! M468: MFA proved by its age alone, in a trust policy.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::request::{MFA_AGE, MFA_PRESENT};
use crate::source::Severity;

pub(super) struct MfaTrustAgeOnly;

static META: Meta = Meta {
    code: "M468",
    name: "mfa-trust-age-only",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a trust policy tests the age of MFA and not that there is MFA",
    explanation: "\
With a device code passed to AssumeRole the age is 0, with a session it is the age of the session. \
The age exists only after MFA, so the test is right; but readers look for \
`aws:MultiFactorAuthPresent`. State both.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for MfaTrustAgeOnly {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::allows) {
            let Some(test) = guard.tests().find(|test| test.is_on(MFA_AGE)) else { continue };
            if guard.tests().any(|test| test.is_on(MFA_PRESENT)) {
                continue;
            }
            let message = "only the age says here that MFA is required";
            let finding = META.at(test.test.key.span, message).label("exists only after MFA").about(&test);
            let help = r#"add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`"#;
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
        insta::assert_snapshot!(show(&MfaTrustAgeOnly), @r#"
        M468 only the age says here that MFA is required
          "Action": "sts:AssumeRole", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}
                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^ exists only after MFA
        help: add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`
        truth: missing → not allowed   false → not allowed   true → allowed, later not allowed
        "#);
    }
}
