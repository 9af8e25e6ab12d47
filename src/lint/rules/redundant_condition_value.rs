//! I509: bounds of which one counts, and values said twice.

use std::cmp::Ordering;

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, Test, edit};
use crate::policy::{Comparison, ConditionValue, Order};
use crate::source::{Severity, Span};

pub(super) struct RedundantConditionValue;

static META: Meta = Meta {
    code: "I509",
    name: "redundant-condition-value",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "several bounds of which only one counts, or a value that stands twice",
    explanation: "\
Values of one key are alternatives. Of several upper bounds the highest is the one that \
counts, of several lower bounds the lowest, and the rest only look as if they did. The fix drops \
them.",
    elsewhere: "Access Analyzer REDUNDANT_CONDITION_VALUE_NUM",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"NumericLessThan": {"s3:max-keys": ["10", "20"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"NumericLessThan": {"s3:max-keys": "20"}}}}"#,
    ),
};

impl Rule for RedundantConditionValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let values = test.values();
            let spans: Vec<Span> = values.iter().map(|value| value.span).collect();
            for (at, value) in values.iter().enumerate() {
                let better = values
                    .iter()
                    .enumerate()
                    .find(|(other, _)| *other != at && makes_idle(&test, *other, at));
                if let Some((_, better)) = better {
                    let message = format!("`{}` changes nothing beside `{}`", value.text, better.text);
                    let mut finding = META.at(value.span, message).other(better.span, "counts").about(&test);
                    finding.fix = edit::take_out("drop the value", &spans, at, true);
                    found.push(finding);
                }
            }
        }
    }
}

/// Does one value of a test leave nothing to do for another?
fn makes_idle(test: &Test<'_>, counts: usize, idle: usize) -> bool {
    let (Some(one), Some(other)) = (test.values().get(counts), test.values().get(idle)) else { return false };
    if one.text == other.text {
        return counts < idle;
    }
    // Negated bounds do not exist; dates come in two spellings that are not compared here.
    let Comparison::Numeric(order) = test.comparison() else { return false };
    let bound = |value: &ConditionValue| value.text.parse::<i64>().ok();
    let (Some(one), Some(other)) = (bound(one), bound(other)) else { return false };
    match (order, one.cmp(&other)) {
        (_, Ordering::Equal) => counts < idle,
        (Order::LessThan | Order::LessThanEquals, order) => order == Ordering::Greater,
        (Order::GreaterThan | Order::GreaterThanEquals, order) => order == Ordering::Less,
        (Order::Equals, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_idle_one() {
        insta::assert_snapshot!(show(&RedundantConditionValue), @r#"
        I509 `10` changes nothing beside `20`
          "Condition": {"NumericLessThan": {"s3:max-keys": ["10", "20"]}}}}
                                                            ^^^^
        "#);
    }
}
