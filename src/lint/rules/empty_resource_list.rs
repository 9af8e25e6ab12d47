//! I502: an empty list of resources.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct EmptyResourceList;

static META: Meta = Meta {
    code: "I502",
    name: "empty-resource-list",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`Resource` or `NotResource` is an empty list",
    explanation: "\
An empty `Resource` matches no request, so the statement does nothing. An empty `NotResource` \
excepts nothing and matches every resource.",
    elsewhere: "Access Analyzer EMPTY_ARRAY_RESOURCE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": []}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for EmptyResourceList {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let parts = subject.statements().filter_map(|statement| statement.resource.as_ref());
        for part in parts.filter(|part| part.entries.is_empty()) {
            let (message, label) = if part.negated {
                ("no resource is excepted", "matches every resource")
            } else {
                ("no resource is listed", "the statement never matches")
            };
            found.push(META.at(part.span.0, message).label(label));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_016_says_that_nothing_matches() {
        insta::assert_snapshot!(show(&EmptyResourceList), @r#"
        I502 no resource is listed
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": []}}
                                                                   ^^ the statement never matches
        "#);
    }
}
