//! E134: a key with several values compared as if it had one.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct MissingSetOperator;

static META: Meta = Meta {
    code: "E134",
    name: "missing-set-operator",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a key that can have several values stands without `ForAllValues:` or `ForAnyValue:`",
    explanation: "\
Some keys carry a list, such as the tag keys of a request. Without a set operator the test is false \
as soon as a request gives two values: whether all of them or any of them must match has to be said.",
    elsewhere: "Access Analyzer MISSING_QUALIFIER",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"StringEquals": {"aws:TagKeys": ["team"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}, "Null": {"aws:TagKeys": "false"}}}}"#,
    ),
};

impl Rule for MissingSetOperator {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let several = test.global_key().is_some_and(|key| key.multivalued);
            if several && test.operator().set.is_none() && test.comparison() != Comparison::Null {
                let message = format!("`{}` can have several values and needs a set operator", test.key());
                let (written, place) = (&test.block.written, test.block.operator.span);
                let help = format!("write `ForAllValues:{written}` or `ForAnyValue:{written}`");
                found.push(
                    META.at(place, message).label("false for two values or more").help(help).about(&test),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_008_points_at_the_operator() {
        insta::assert_snapshot!(show(&MissingSetOperator), @r#"
        E134 `aws:TagKeys` can have several values and needs a set operator
          "Condition": {"StringEquals": {"aws:TagKeys": ["team"]}}}}
                        ^^^^^^^^^^^^^^ false for two values or more
        help: write `ForAllValues:StringEquals` or `ForAnyValue:StringEquals`
        "#);
    }
}
