//! I504: a condition that asks nothing, or compares with nothing.

use crate::lint::edit::take_out_member;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Comparison, Operator, SetPrefix};
use crate::source::Severity;

pub(super) struct EmptyCondition;

static META: Meta = Meta {
    code: "I504",
    name: "empty-condition",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Depends,
    opt_in: false,
    since: "0.1.0",
    summary: "`Condition`, an operator or a list of values is empty",
    explanation: "\
An empty condition, and an operator without keys, demand nothing: the statement always applies. An \
empty list of values is another thing: nothing equals one of no values, so the test is false, or \
true if it is negated or made for missing keys.",
    elsewhere: "Access Analyzer EMPTY_ARRAY_CONDITION (4 checks), EMPTY_OBJECT_CONDITION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": []}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for EmptyCondition {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            if let Some(place) = statement.condition_span.filter(|_| statement.condition.is_empty()) {
                let finding = META.at(place.0, "the condition is empty");
                let mut finding = finding.label("the statement always applies");
                finding.fix = take_out_member("leave the condition out", statement, place.0);
                found.push(finding);
            }
            for block in statement.condition.iter().filter(|block| block.tests.is_empty()) {
                let message = format!("`{}` asks for no key", block.written);
                found.push(META.at(block.operator.span, message).label("demands nothing"));
            }
        }
        for test in subject.tests().filter(|test| test.values().is_empty()) {
            let message = format!("`{}` is compared with nothing", test.key());
            found.push(META.at(test.test.span.0, message).label(outcome(test.operator())).about(&test));
        }
    }
}

/// What an operator makes of an empty list of values (CO-012).
fn outcome(operator: Operator) -> &'static str {
    let for_all = operator.set == Some(SetPrefix::ForAllValues);
    let (there, missing) = match (operator.base.comparison, operator.set) {
        (Comparison::Null, _) => (for_all, for_all),
        (_, None) => (operator.base.negated, operator.base.negated || operator.if_exists),
        (_, Some(_)) => (operator.base.negated, for_all || operator.if_exists),
    };
    match (there, missing) {
        (false, false) => "never true",
        (false, true) => "true only when the key is missing",
        (true, false) => "true only when the key is there",
        (true, true) => "always true",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_012_says_what_becomes_of_the_test() {
        insta::assert_snapshot!(show(&EmptyCondition), @r#"
        I504 `aws:PrincipalOrgID` is compared with nothing
          "Condition": {"StringEquals": {"aws:PrincipalOrgID": []}}}}
                                                               ^^ never true
        "#);
    }
    #[test]
    fn co_012_every_form_of_operator() {
        for (operator, expected) in [
            ("StringEquals", "never true"),
            ("StringNotEquals", "always true"),
            ("StringEqualsIfExists", "true only when the key is missing"),
            ("ForAllValues:StringEquals", "true only when the key is missing"),
            ("ForAllValues:StringNotEquals", "always true"),
            ("ForAnyValue:StringEquals", "never true"),
            ("ForAnyValue:StringNotEquals", "true only when the key is there"),
            ("Null", "never true"),
            ("ForAllValues:Null", "always true"),
        ] {
            assert_eq!(outcome(Operator::parse(operator).unwrap()), expected, "{operator}");
        }
    }
}
