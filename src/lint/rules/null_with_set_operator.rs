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
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a set prefix stands before `Null`",
    explanation: "\
`Null` asks whether the key is there. There is nothing to ask of each value, so the prefix only \
makes readers wonder. The fix drops it.",
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
                let finding = META.at(test.block.operator.span, "the prefix says nothing before `Null`");
                let mut finding = finding.help("write `Null`").about(&test);
                // Of no values all or none are as wished, so an empty list keeps its prefix.
                let values = !test.values().is_empty();
                finding.fix =
                    rename_operator(&test, Operator { set: None, ..operator }, true).filter(|_| values);
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
        I510 the prefix says nothing before `Null`
          "Condition": {"ForAllValues:Null": {"aws:TagKeys": "false"}}}}
                        ^^^^^^^^^^^^^^^^^^^
        help: write `Null`
        "#);
    }
}
