//! W213: a truth value that is neither true nor false.

use crate::engine::is_readable;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct BoolValue;

static META: Meta = Meta {
    code: "W213",
    name: "bool-value",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of `Bool` or `Null` is neither `true` nor `false`",
    explanation: "\
`Bool` and `Null` know two values. Any other text, such as `yes` or `1`, never matches: an `Allow` \
grants nothing by it, and a `Deny` does not fire.",
    elsewhere: "Access Analyzer TYPE_MISMATCH_BOOLEAN; parliament MISMATCHED_TYPE_OPERATION_TO_NULL",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": "yes"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}"#,
    ),
};

impl Rule for BoolValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            if !matches!(test.comparison(), Comparison::Bool | Comparison::Null) {
                continue;
            }
            for value in test.values().iter().filter(|value| !is_readable(test.comparison(), &value.text)) {
                // E140 says more about variables.
                if !has_variable(&value.text) {
                    let message = format!("`{}` is neither `true` nor `false`", value.text);
                    found.push(META.at(value.span, message).label("never matches").about(&test));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_050_points_at_the_value() {
        insta::assert_snapshot!(show(&BoolValue), @r#"
        W213 `yes` is neither `true` nor `false`
          "Condition": {"Bool": {"aws:SecureTransport": "yes"}}}}
                                                        ^^^^^ never matches
        "#);
    }
}
