//! I501: an empty list of actions.

use crate::lint::edit::take_out;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct EmptyActionList;

static META: Meta = Meta {
    code: "I501",
    name: "empty-action-list",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Depends,
    opt_in: false,
    since: "0.1.0",
    summary: "`Action` or `NotAction` is an empty list",
    explanation: "\
An empty `Action` matches no request, so the statement does nothing, which for a `Deny` is easily \
overlooked. An empty `NotAction` excepts nothing and matches every action.",
    elsewhere: "Access Analyzer EMPTY_ARRAY_ACTION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": [], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for EmptyActionList {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let spans: Vec<_> = subject.statements().map(|statement| statement.span.0).collect();
        let parts = subject.statements().map(|statement| &statement.action).enumerate();
        for (at, part) in parts.filter(|(_, part)| part.entries.is_empty()) {
            let (message, label) = if part.negated {
                ("no action is excepted", "matches every action")
            } else {
                ("no action is listed", "the statement never matches")
            };
            let mut finding = META.at(part.span.0, message).label(label);
            // Without exceptions it says a lot.
            finding.fix = take_out("drop the statement", &spans, at, true).filter(|_| !part.negated);
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_016_says_that_nothing_matches() {
        insta::assert_snapshot!(show(&EmptyActionList), @r#"
        I501 no action is listed
          "Effect": "Allow", "Action": [], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^ the statement never matches
        "#);
    }
}
