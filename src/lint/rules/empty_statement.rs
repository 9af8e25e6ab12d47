//! E105: a policy without statements.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct EmptyStatement;

static META: Meta = Meta {
    code: "E105",
    name: "empty-statement",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`Statement` is an empty list",
    explanation: "\
A policy without statements decides nothing. It allows nothing; and if somebody relied on it to deny \
something, nothing is denied.",
    elsewhere: "Access Analyzer MISSING_STATEMENT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17",
 "Statement": []}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for EmptyStatement {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if subject.policy.statements.is_empty() {
            let place = subject.policy.statements_span.0;
            found.push(META.at(place, "the policy has no statement").label("it allows and denies nothing"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_008_points_at_the_empty_list() {
        insta::assert_snapshot!(show(&EmptyStatement), @r#"
        E105 the policy has no statement
         "Statement": []}
                      ^^ it allows and denies nothing
        "#);
    }
}
