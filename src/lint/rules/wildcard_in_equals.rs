//! W218: a wildcard for an operator that has none.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_wildcard, quoted};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Comparison, Segment, Statement, Template};
use crate::source::Severity;

pub(super) struct WildcardInEquals;

static META: Meta = Meta {
    code: "W218",
    name: "wildcard-in-equals",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`*` or `?` in a value that is compared letter by letter",
    explanation: "\
Only the `Like` operators have wildcards. `StringEquals` takes a `*` for a star: the value matches \
only a text that has one in this place.",
    elsewhere: "Access Analyzer WILDCARD_WITHOUT_LIKE_OPERATOR",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"StringEquals": {"s3:prefix": "home/*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"StringLike": {"s3:prefix": "home/*"}}}}"#,
    ),
};

impl Rule for WildcardInEquals {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let like = match test.comparison() {
                Comparison::StringEquals => Some(test.block.written.replace("Equals", "Like")),
                Comparison::StringEqualsIgnoreCase => None,
                _ => continue,
            };
            let wild = |text: &str| {
                let Template(segments) = Template::parse(text);
                segments.iter().any(|segment| matches!(segment, Segment::Text(text) if has_wildcard(text)))
            };
            for value in test.values().iter().filter(|value| wild(&value.text)) {
                let message = format!("`{}` takes `*` and `?` as they are written", test.block.written);
                let finding = META.at(value.span, message).label("no wildcard here").about(&test);
                found.push(match &like {
                    Some(like) if is_free(test.statement, like) => {
                        let operator = test.block.operator.span;
                        let fix = Fix::replace(format!("write `{like}`"), operator, quoted(like), false);
                        finding.help(format!("use `{like}`")).fix(fix)
                    }
                    Some(like) => finding.help(format!("use `{like}`")),
                    None => finding,
                });
            }
        }
    }
}

/// A condition cannot have two blocks of one name.
fn is_free(statement: &Statement, operator: &str) -> bool {
    !statement.condition.iter().any(|block| block.written.eq_ignore_ascii_case(operator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn co_020_suggests_the_operator_with_wildcards() {
        insta::assert_snapshot!(show(&WildcardInEquals), @r#"
        W218 `StringEquals` takes `*` and `?` as they are written
          "Condition": {"StringEquals": {"s3:prefix": "home/*"}}}}
                                                      ^^^^^^^^ no wildcard here
        help: use `StringLike`
        "#);
    }
    #[test]
    fn va_007_a_star_in_braces_is_meant_as_one() {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"StringEquals": {"s3:prefix": "${*}"}}}}"#;
        assert_eq!(show_on(&WildcardInEquals, &Example::identity(text)), "");
    }
}
