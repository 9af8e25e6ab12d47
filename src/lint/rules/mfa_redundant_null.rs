//! M484: a test for the MFA key that another test contains.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{guards, mend};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::fold;
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct MfaRedundantNull;

static META: Meta = Meta {
    code: "M484",
    name: "mfa-redundant-null",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "`Null` `false` stands beside `Bool` on the same MFA key",
    explanation: "\
`Bool` is only true when the key is there, so `Null` with `false` says nothing more.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaRedundantNull {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject) {
            let tests: Vec<_> = guard.tests().collect();
            let says_there = |test: &Test<'_>| {
                test.comparison() == Comparison::Null
                    && test.values().iter().all(|value| fold(value.text.trim()) == "false")
                    && !test.values().is_empty()
            };
            let needs_it = |test: &Test<'_>| {
                test.comparison() == Comparison::Bool
                    && !test.operator().if_exists
                    && test.operator().set.is_none()
            };
            for null in tests.iter().filter(|test| says_there(test)) {
                let Some(bool) = tests.iter().find(|test| needs_it(test) && test.is_on(null.key())) else {
                    continue;
                };
                let message = "`Bool` already needs the key to be there";
                let mut finding =
                    META.at(null.block.operator.span, message).label("says nothing more").about(null);
                finding.fix = mend::fix("take `Null` out", true, vec![mend::remove_test(null)]);
                let finding = finding.other(bool.block.operator.span, "needs the key");
                found.push(finding.help("take `Null` out").truth(guard.truth()));
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
        insta::assert_snapshot!(show(&MfaRedundantNull), @r#"
        M484 `Bool` already needs the key to be there
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:MultiFactorAuthPresent": "false"}}}}
                                                                        ^^^^^^ says nothing more
        help: take `Null` out
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
