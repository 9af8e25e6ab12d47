//! W215: a date that is no date.

use crate::engine::is_readable;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct DateValue;

static META: Meta = Meta {
    code: "W215",
    name: "date-value",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of a date operator is no date",
    explanation: "\
Dates are written as `2027-12-31T00:00:00Z`, as a day or a month of that form, or as seconds since \
1970. Other forms, and days that no calendar has, never compare: the `Allow` is dead, or the `Deny` \
does not fire.",
    elsewhere: "Access Analyzer INVALID_DATE_VALUE, TYPE_MISMATCH_DATE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"DateLessThan": {"aws:CurrentTime": "31/12/2027"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"DateLessThan": {"aws:CurrentTime": "2027-12-31T00:00:00Z"}}}}"#,
    ),
};

impl Rule for DateValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| matches!(test.comparison(), Comparison::Date(_))) {
            // E140 says more about variables.
            let readable = |text: &str| is_readable(test.comparison(), text) || has_variable(text);
            for value in test.values().iter().filter(|value| !readable(&value.text)) {
                let message = format!("`{}` is no date", value.text);
                let finding = META.at(value.span, message).label("never compares").about(&test);
                found.push(finding.help("write it like `2027-12-31T00:00:00Z`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_041_shows_the_form() {
        insta::assert_snapshot!(show(&DateValue), @r#"
        W215 `31/12/2027` is no date
          "Condition": {"DateLessThan": {"aws:CurrentTime": "31/12/2027"}}}}
                                                            ^^^^^^^^^^^^ never compares
        help: write it like `2027-12-31T00:00:00Z`
        "#);
    }
}
