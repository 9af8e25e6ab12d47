//! I510: a set prefix before `Null`.

use crate::lint::edit::rename_operator;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Comparison, Operator};
use crate::source::Severity;

pub(super) struct NullWithSetOperator;

static META: Meta = Meta {
    code: "I510",
    name: "null-with-set-operator",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a set prefix stands before `Null`",
    explanation: "\
`Null` asks whether the key is there, and there is nothing to ask of each value: `ForAllValues:Null` is \
always true and `ForAnyValue:Null` always false, whether the key is there or not. The fix drops the prefix, \
so that the test decides something.",
    elsewhere: "Access Analyzer NULL_WITH_QUALIFIER",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"ForAllValues:Null": {"aws:TagKeys": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"Null": {"aws:TagKeys": "false"}}}}"#,
    ),
};

impl Rule for NullWithSetOperator {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let operator = test.operator();
            if test.comparison() == Comparison::Null && operator.set.is_some() {
                let finding =
                    META.at(test.block.operator.span, "with a prefix `Null` does not ask for the key");
                let mut finding = finding.help("write `Null`").about(&test);
                // CO-081: a test that was always met, or never, becomes one that asks.
                finding.fix = rename_operator(&test, Operator { set: None, ..operator }, false);
                found.push(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_operator() {
        insta::assert_snapshot!(show(&NullWithSetOperator), @r#"
        I510 with a prefix `Null` does not ask for the key
          "Condition": {"ForAllValues:Null": {"aws:TagKeys": "false"}}}}
                        ^^^^^^^^^^^^^^^^^^^
        help: write `Null`
        "#);
    }
}
