//! S322: an `Allow` that `ForAllValues:` leaves open.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::{Comparison, ConditionValue, PolicyType, SetPrefix};
use crate::source::Severity;

pub(super) struct ForallvaluesWithoutNull;

static META: Meta = Meta {
    code: "S322",
    name: "forallvalues-without-null",
    severity: Severity::Warning,
    security: Some(5.0),
    types: &[PolicyType::Identity, PolicyType::Session, PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` uses `ForAllValues:` and does not ask whether the key is there",
    explanation: "\
`ForAllValues` is true when the key is missing. An `Allow` that restricts, say, the tags of a \
request by it also allows the request that passes no tags at all. `Null` with `false` on the same \
key closes the hole.",
    elsewhere: "iam-policy-validator forallvalues_allow_without_null_check",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
    "Null": {"aws:TagKeys": "false"}}}}"#,
    ),
};

impl Rule for ForallvaluesWithoutNull {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(Test::grants) {
            let several = test.global_key().is_some_and(|key| key.multivalued);
            let for_all =
                test.operator().set == Some(SetPrefix::ForAllValues) && test.comparison() != Comparison::Null;
            if several && for_all && !must_be_there(&test) {
                let message = format!("without `{}` in the request this test is true", test.key());
                let finding =
                    META.at(test.block.operator.span, message).label("true when the key is missing");
                let help = format!("add `\"Null\": {{\"{}\": \"false\"}}`", test.key());
                found.push(finding.help(help).about(&test));
            }
        }
    }
}

/// Does a `Null` test of the same condition demand the key?
pub(super) fn must_be_there(test: &Test<'_>) -> bool {
    let blocks = test.statement.condition.iter().filter(|block| {
        block.operator.value.base.comparison == Comparison::Null && block.operator.value.set.is_none()
    });
    blocks.flat_map(|block| &block.tests).any(|null| {
        let wanted = |value: &ConditionValue| value.text.eq_ignore_ascii_case("false");
        test.is_on(&null.key.value) && !null.values.is_empty() && null.values.iter().all(wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_009_points_at_the_operator() {
        insta::assert_snapshot!(show(&ForallvaluesWithoutNull), @r#"
        S322 without `aws:TagKeys` in the request this test is true
          "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}}
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ true when the key is missing
        help: add `"Null": {"aws:TagKeys": "false"}`
        "#);
    }
}
