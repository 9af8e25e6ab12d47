//! E133: more than one value where there are only two.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct BoolList;

static META: Meta = Meta {
    code: "E133",
    name: "bool-list",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`Bool` or `Null` has more than one value",
    explanation: "\
Values of one key are alternatives. `true` and `false` together match every request that has the \
key, so the test says nothing; AWS refuses lists here.",
    elsewhere: "Access Analyzer INVALID_CONDITION_MULTIPLE_BOOLEAN",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}"#,
    ),
};

impl Rule for BoolList {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            if matches!(test.comparison(), Comparison::Bool | Comparison::Null) && test.values().len() > 1 {
                let message = format!(
                    "`{}` takes one value, but `{}` has {}",
                    test.block.written,
                    test.key(),
                    test.values().len()
                );
                found.push(META.at(test.test.span.0, message).label("any of them will do").about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_050_points_at_the_list() {
        insta::assert_snapshot!(show(&BoolList), @r#"
        E133 `Bool` takes one value, but `aws:SecureTransport` has 2
          "Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}}}
                                                        ^^^^^^^^^^^^^^^^^ any of them will do
        "#);
    }
}
