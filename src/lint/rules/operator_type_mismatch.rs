//! W211: an operator that does not fit the type of its key.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::request::ValueType;
use crate::source::Severity;

pub(super) struct OperatorTypeMismatch;

static META: Meta = Meta {
    code: "W211",
    name: "operator-type-mismatch",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the operator compares another type than the key holds",
    explanation: "\
The operator decides how both sides are read. A number where an organization's id stands, or a date \
where an address stands, cannot be read: the test is never true, or always if it is negated. Text \
operators on addresses, dates and numbers compare letter by letter.",
    elsewhere: "Access Analyzer TYPE_MISMATCH, TYPE_MISMATCH_STRING; parliament MISMATCHED_TYPE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericEquals": {"aws:PrincipalOrgID": "5"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for OperatorTypeMismatch {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let Some(key) = test.global_key() else { continue };
            let Some(compared) = compared(test.comparison()) else { continue };
            // Only text operators can compare one key with another.
            let with_keys =
                test.takes_variables() && test.values().iter().all(|value| has_variable(&value.text));
            // The value of a tag can be an ARN.
            let is_tag = test.key().contains('/') && compared == ValueType::Arn;
            let of_arns = is_tag && test.values().iter().all(|value| whole_arn(&value.text).is_some());
            if !with_keys && !of_arns && !key.types.iter().any(|held| fits(*held, compared)) {
                let held = key.types.first().map_or("", |held| word(*held));
                let message = format!(
                    "`{}` compares {}, but `{}` holds {held}",
                    test.block.written,
                    word(compared),
                    test.key()
                );
                found.push(META.at(test.block.operator.span, message).about(&test));
            }
        }
    }
}

/// What an operator reads both sides as; `Null` reads neither, and no global key is binary.
fn compared(comparison: Comparison) -> Option<ValueType> {
    match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike => {
            Some(ValueType::String)
        }
        Comparison::Numeric(_) => Some(ValueType::Number),
        Comparison::Date(_) => Some(ValueType::Date),
        Comparison::Bool => Some(ValueType::Bool),
        Comparison::Ip => Some(ValueType::Ip),
        Comparison::Arn(_) => Some(ValueType::Arn),
        Comparison::Binary | Comparison::Null => None,
    }
}

/// An ARN may be compared as text, if not well (W212); nothing else may.
fn fits(held: ValueType, compared: ValueType) -> bool {
    held == compared || (held, compared) == (ValueType::Arn, ValueType::String)
}

fn word(value: ValueType) -> &'static str {
    match value {
        ValueType::String => "text",
        ValueType::Bool => "true or false",
        ValueType::Number => "numbers",
        ValueType::Date => "dates",
        ValueType::Ip => "addresses",
        ValueType::Arn => "ARNs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn says_what_either_side_is() {
        insta::assert_snapshot!(show(&OperatorTypeMismatch), @r#"
        W211 `NumericEquals` compares numbers, but `aws:PrincipalOrgID` holds text
          "Condition": {"NumericEquals": {"aws:PrincipalOrgID": "5"}}}}
                        ^^^^^^^^^^^^^^^
        "#);
    }

    #[test]
    fn an_address_may_be_compared_with_another_key_as_text() {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
          "Condition": {"StringNotEquals": {"aws:Ec2InstanceSourcePrivateIPv4": "${aws:VpcSourceIp}"}}}}"#;
        assert_eq!(show_on(&OperatorTypeMismatch, &Example::identity(text)), "");
    }
}
