//! I517: a statement without a name.

use std::collections::BTreeSet;

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Edit, Finding, Fix, Rule, Subject};
use crate::source::{Severity, Span};

pub(super) struct MissingSid;

static META: Meta = Meta {
    code: "I517",
    name: "missing-sid",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: true,
    since: "0.1.0",
    summary: "a statement has no `Sid`",
    explanation: "\
Findings, audits and reviews can only call it by its number, which changes with every statement \
before it. The fix gives it a made-up name; a telling one is better.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Sid": "ReadObjects", "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for MissingSid {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let taken: BTreeSet<_> =
            subject.statements().filter_map(|it| Some(it.sid.as_ref()?.value.as_str())).collect();
        for (number, statement) in (1..).zip(subject.statements()) {
            if statement.sid.is_some() {
                continue;
            }
            let start = statement.span.0.start;
            let brace = Span { start, end: start.saturating_add(1) };
            let mut finding = META.at(brace, format!("statement {number} has no `Sid`"));
            let name = format!("Statement{number}");
            if !taken.contains(name.as_str()) {
                let at = Span { start: brace.end, end: brace.end };
                let edits = vec![Edit { span: at, text: format!("\"Sid\": \"{name}\", ") }];
                finding.fix = Some(Fix { title: format!("name it `{name}`"), safe: false, edits });
            }
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_statement() {
        insta::assert_snapshot!(show(&MissingSid), @r#"
        I517 statement 1 has no `Sid`
        {"Version": "2012-10-17", "Statement": {
                                               ^
        "#);
    }
}
