//! E139: a variable where none works.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct VariableElement;

static META: Meta = Meta {
    code: "E139",
    name: "variable-element",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a variable stands outside `Resource` and the values of conditions",
    explanation: "\
Variables work in resources and in the values of conditions. In an action, a principal, a \
statement's name or a condition key, `${…}` is plain text and matches nothing that exists.",
    elsewhere: "Access Analyzer VARIABLE_UNSUPPORTED_IN_ELEMENT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:${aws:username}", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for VariableElement {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let actions = subject.actions().map(|action| ("an action", action.text, action.span));
        let principals =
            subject.principals().map(|principal| ("a principal", principal.text, principal.span));
        let sids = subject.statements().filter_map(|statement| statement.sid.as_ref());
        let sids = sids.map(|sid| ("a `Sid`", sid.value.as_str(), sid.span));
        let keys = subject.tests().map(|test| ("a condition key", test.key(), test.test.key.span));
        for (place, text, span) in actions.chain(principals).chain(sids).chain(keys) {
            if has_variable(text) {
                let message = format!("variables do not work in {place}");
                found.push(META.at(span, message).label("taken as plain text"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn va_003_points_at_the_entry() {
        insta::assert_snapshot!(show(&VariableElement), @r#"
        E139 variables do not work in an action
          "Effect": "Allow", "Action": "s3:${aws:username}", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^^^^^^^^^^ taken as plain text
        "#);
    }
}
