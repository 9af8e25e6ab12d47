//! M483: MFA tests that cannot hold together.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::guards;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaContradiction;

static META: Meta = Meta {
    code: "M483",
    name: "mfa-contradiction",
    severity: Severity::Error,
    security: Some(6.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the MFA tests of a statement can never hold",
    explanation: "\
All entries of a condition must hold, and these exclude each other: MFA and no MFA key, or two ages \
at once. The statement never applies. An `Allow` grants nothing; a `Deny` protects nothing.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaContradiction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(|guard| guard.vector.is_never()) {
            let mut tests = guard.tests();
            let (Some(first), last) = (tests.next(), tests.last()) else { continue };
            let consequence = if guard.allows() { "nobody gets in" } else { "nobody is stopped" };
            let (message, label) = match last {
                Some(_) => (
                    format!("these MFA tests never hold together: {consequence}"),
                    "excluded by another test",
                ),
                None => (format!("this MFA test never holds: {consequence}"), "never holds"),
            };
            let test = last.unwrap_or(first);
            let mut finding = META.at(test.block.operator.span, message).label(label).about(&test);
            if last.is_some() && first.block.operator.span != test.block.operator.span {
                finding = finding.other(first.block.operator.span, "must hold as well");
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
        insta::assert_snapshot!(show(&MfaContradiction), @r#"
        M483 these MFA tests never hold together: nobody gets in
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:MultiFactorAuthPresent": "true"}}}}
                                                                        ^^^^^^ excluded by another test
        truth: missing → not allowed   false → not allowed   true → not allowed
        "#);
    }
}
