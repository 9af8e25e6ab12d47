//! W212: an ARN compared as plain text.

use crate::catalog::{self, Key, KeyType};
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, has_wildcard, quoted, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::lint::{Fix, Test};
use crate::policy::{Comparison, ConditionBlock, ConditionTest};
use crate::request::{GlobalKey, ValueType};
use crate::source::Severity;

pub(super) struct StringOperatorOnArn;

static META: Meta = Meta {
    code: "W212",
    name: "string-operator-on-arn",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a key that holds ARNs is compared by a `String` operator",
    explanation: "\
For `StringLike` a `*` is any text, also one with colons in it: `arn:aws:s3:::b*` then also takes an \
ARN whose later fields nobody thought of. `ArnLike` and `ArnEquals` compare field by field, and both \
know wildcards.",
    elsewhere: "Access Analyzer STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS; parliament MISMATCHED_TYPE_BUT_USABLE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders",
  "Condition": {"StringLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders",
  "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-*"}}}}"#,
    ),
};

impl Rule for StringOperatorOnArn {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| holds_arns(test.key(), test.global_key())) {
            let (word, arn) = match test.comparison() {
                Comparison::StringLike => ("String", Some("Arn")),
                Comparison::StringEquals if !values_with_stars(&test) => ("String", Some("Arn")),
                Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => ("String", None),
                _ => continue,
            };
            // One key compared with another is compared as a whole.
            if !test.values().is_empty()
                && test
                    .values()
                    .iter()
                    .all(|value| has_variable(&value.text) && !value.text.starts_with("arn:"))
            {
                continue;
            }
            let written = &test.block.written;
            let message = format!("`{}` holds ARNs, and `{written}` compares plain text", test.key());
            let finding = META.at(test.block.operator.span, message).about(&test);
            let Some(arn) = arn else {
                found.push(finding.help("use an `Arn` operator"));
                continue;
            };
            let instead = written.replacen(word, arn, 1);
            let finding = finding.help(format!("use `{instead}`"));
            let operator = test.block.operator.span;
            found.push(if can_be_renamed(&test) {
                finding.fix(Fix::replace(format!("write `{instead}`"), operator, quoted(&instead), false))
            } else {
                finding
            });
        }
    }
}

fn holds_arns(name: &str, global: Option<&GlobalKey>) -> bool {
    match global {
        Some(key) => key.types == [ValueType::Arn],
        None => catalog::key(name).and_then(Key::kind) == Some(KeyType::Arn),
    }
}

fn values_with_stars(test: &Test<'_>) -> bool {
    test.values().iter().any(|value| has_wildcard(&value.text))
}

/// Do all keys under the operator hold ARNs and all values look like some, and would the new name not
/// meet a block that is there already?
fn can_be_renamed(test: &Test<'_>) -> bool {
    let of_arns = |other: &ConditionTest| {
        holds_arns(&other.key.value, GlobalKey::find(&other.key.value))
            && other.values.iter().all(|value| whole_arn(&value.text).is_some())
    };
    let is_other = |block: &&ConditionBlock| block.operator.span != test.block.operator.span;
    let is_arn = |block: &ConditionBlock| matches!(block.operator.value.base.comparison, Comparison::Arn(_));
    test.block.tests.iter().all(of_arns) && !test.statement.condition.iter().filter(is_other).any(is_arn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_operator() {
        insta::assert_snapshot!(show(&StringOperatorOnArn), @r#"
        W212 `aws:SourceArn` holds ARNs, and `StringLike` compares plain text
          "Condition": {"StringLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-*"}}}}
                        ^^^^^^^^^^^^
        help: use `ArnLike`
        "#);
    }
}
