//! E132: values of several JSON types under one key.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::ValueForm;
use crate::source::Severity;

pub(super) struct ConditionValueTypes;

static META: Meta = Meta {
    code: "E132",
    name: "condition-value-types",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the values of a condition key have several JSON types",
    explanation: "\
AWS wants all values of a key written the same way, as strings or as numbers or as booleans. Here \
each value counts as its text, whatever its type. Under the same code a value that has no text at all, \
as `null`, is refused.",
    elsewhere: "Access Analyzer INVALID_CONDITION_DATA_TYPE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", 5]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "5"]}}}}"#,
    ),
};

impl Rule for ConditionValueTypes {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let Some((first, rest)) = test.values().split_first() else { continue };
            if let Some(other) = rest.iter().find(|value| value.form != first.form) {
                let message =
                    format!("{} among values of which the first is {}", word(other.form), word(first.form));
                let finding = META.at(other.span, message).other(first.span, word(first.form));
                found.push(finding.help("write all values as strings").about(&test));
            }
        }
    }
}

fn word(form: ValueForm) -> &'static str {
    match form {
        ValueForm::String => "a string",
        ValueForm::Number => "a number",
        ValueForm::Boolean => "a boolean",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_015_points_at_the_odd_one() {
        insta::assert_snapshot!(show(&ConditionValueTypes), @r#"
        E132 a number among values of which the first is a string
          "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", 5]}}}}
                                                                                ^
        help: write all values as strings
        "#);
    }
}
