//! E140: a variable for an operator that takes none.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct VariableOperator;

static META: Meta = Meta {
    code: "E140",
    name: "variable-operator",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a value has a variable, but its operator takes none",
    explanation: "\
Variables are for text and ARNs. Numeric, date, binary, address and `Null` tests read `${…}` as \
written, which is no number, date or address: the value never matches. For `Bool` AWS's pages \
disagree; here it is resolved.",
    elsewhere: "Access Analyzer INVALID_VARIABLE_FOR_OPERATOR",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"s3:max-keys": "${aws:username}"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"s3:max-keys": "10"}}}}"#,
    ),
};

impl Rule for VariableOperator {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let resolved = test.takes_variables();
            if resolved && test.comparison() != Comparison::Bool {
                continue;
            }
            for value in test.values().iter().filter(|value| has_variable(&value.text)) {
                let message = format!("`{}` takes no variables", test.block.written);
                let label = if resolved { "resolved here, but perhaps not by AWS" } else { "never matches" };
                found.push(META.at(value.span, message).label(label).about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn va_003_points_at_the_value() {
        insta::assert_snapshot!(show(&VariableOperator), @r#"
        E140 `NumericLessThan` takes no variables
          "Condition": {"NumericLessThan": {"s3:max-keys": "${aws:username}"}}}}
                                                           ^^^^^^^^^^^^^^^^^ never matches
        "#);
    }
}
