//! M404: an `Allow` that takes any temporary credentials for MFA.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct AllowMfaNullFalse;

static META: Meta = Meta {
    code: "M404",
    name: "allow-mfa-null-false",
    severity: Severity::Error,
    security: Some(8.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` asks only whether the MFA key is there, so sessions without MFA pass",
    explanation: "\
Temporary credentials carry `aws:MultiFactorAuthPresent` also when they were got without MFA: then \
it is `false`. That the key is there proves a session, not MFA. `Bool` with `true` proves MFA; so \
does `Null` with `false` on `aws:MultiFactorAuthAge`, which exists only after MFA.",
    elsewhere: "parliament intends it but compares a method (never reports); iam-policy-validator mfa_antipattern_null_false",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Null": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Null": {"aws:MultiFactorAuthAge": "false"}}}}"#,
    ),
};

impl Rule for AllowMfaNullFalse {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::allows).filter(|guard| guard.vector.is(false, true, true))
        {
            let Some(test) = guard.blame(|test| test.comparison() == Comparison::Null) else { continue };
            let message = "this `Allow` lets in sessions without MFA, which carry the key as `false`";
            let mut finding =
                META.at(test.block.operator.span, message).label("true for every session").about(&test);
            if test.comparison() == Comparison::Null {
                let edits = vec![mend::operator(&test, mend::BOOL), Some(mend::value(&test, "true"))];
                finding.fix = mend::unsafe_fix("write `Bool` with `true`", edits);
            }
            let help = "write `Bool` with `true`; sessions without MFA lose access";
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
        insta::assert_snapshot!(show(&AllowMfaNullFalse), @r#"
        M404 this `Allow` lets in sessions without MFA, which carry the key as `false`
          "Condition": {"Null": {"aws:MultiFactorAuthPresent": "false"}}}}
                        ^^^^^^ true for every session
        help: write `Bool` with `true`; sessions without MFA lose access
        truth: missing → not allowed   false → allowed   true → allowed
        "#);
    }
}
