//! W214: a number that is no number.

use crate::engine::is_readable;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct NumericValue;

static META: Meta = Meta {
    code: "W214",
    name: "numeric-value",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of a numeric operator is no number",
    explanation: "\
A number is digits, perhaps with a sign and a decimal point; no exponent, no spaces, no unit. \
Anything else never compares: an `Allow` grants nothing by it, a `Deny` does not fire, and a negated \
test is always true.",
    elsewhere: "Access Analyzer TYPE_MISMATCH_NUMBER",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThanEquals": {"s3:max-keys": "ten"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThanEquals": {"s3:max-keys": "10"}}}}"#,
    ),
};

impl Rule for NumericValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| matches!(test.comparison(), Comparison::Numeric(_))) {
            // E140 says more about variables.
            let readable = |text: &str| is_readable(test.comparison(), text) || has_variable(text);
            for value in test.values().iter().filter(|value| !readable(&value.text)) {
                let message = format!("`{}` is no number", value.text);
                found.push(META.at(value.span, message).label("never compares").about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn co_031_points_at_the_value() {
        insta::assert_snapshot!(show(&NumericValue), @r#"
        W214 `ten` is no number
          "Condition": {"NumericLessThanEquals": {"s3:max-keys": "ten"}}}}
                                                                 ^^^^^ never compares
        "#);
    }
    #[test]
    fn pa_015_an_exponent_is_no_number_even_for_json() {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"NumericLessThan": {"s3:max-keys": [10, 1e3]}}}}"#;
        assert!(show_on(&NumericValue, &Example::identity(text)).starts_with("W214 `1e3` is no number"));
    }
}
