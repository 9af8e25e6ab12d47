//! I521: two statements that could be one.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Edit, Finding, Fix, Rule, Subject, edit};
use crate::policy::{NamesPart, Statement};
use crate::source::{Severity, Span};

pub(super) struct MergeableStatements;

static META: Meta = Meta {
    code: "I521",
    name: "mergeable-statements",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: true,
    since: "0.1.0",
    summary: "two statements differ in nothing but the list of actions, or of resources",
    explanation: "\
One statement with both lists joined says the same in fewer words, and there is one place less \
to forget. The fix joins them under the name of the first.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
  {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for MergeableStatements {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let statements = &subject.policy.statements;
        let spans: Vec<Span> = statements.iter().map(|statement| statement.span.0).collect();
        for (at, second) in statements.iter().enumerate() {
            let mut before = statements.iter().take(at).enumerate();
            let first = before.find_map(|(number, first)| Some((number, lists(first, second)?)));
            let Some((number, (one, other))) = first else { continue };
            let message =
                format!("this says the same as statement {} of other {}", number + 1, what(other, second));
            let finding = META.at(other.name_span.0, message).other(one.name_span.0, "could be joined");
            found.push(match joined(one, other, edit::without(&spans, at)) {
                Some(fix) => finding.fix(fix),
                None => finding,
            });
        }
    }
}

/// The lists in which two statements differ, if that is all.
fn lists<'s>(one: &'s Statement, other: &'s Statement) -> Option<(&'s NamesPart, &'s NamesPart)> {
    let same =
        one.effect == other.effect && one.principal == other.principal && one.condition == other.condition;
    let plain = |part: &NamesPart| !part.negated && !part.entries.is_empty();
    if !same {
        return None;
    }
    match (one.action == other.action, one.resource == other.resource) {
        (false, true) => Some((&one.action, &other.action)),
        (true, false) => Some((one.resource.as_ref()?, other.resource.as_ref()?)),
        _ => None,
    }
    .filter(|(one, other)| plain(one) && plain(other))
}

fn what(part: &NamesPart, statement: &Statement) -> &'static str {
    if part.span.0 == statement.action.span.0 { "actions" } else { "resources" }
}

fn joined(one: &NamesPart, other: &NamesPart, gone: Option<Span>) -> Option<Fix> {
    let more = other.entries.iter().filter(|entry| !one.entries.contains(entry));
    let all: Vec<String> = one.entries.iter().chain(more).map(|entry| quoted(&entry.value)).collect();
    let edits = vec![
        Edit { span: one.span.0, text: format!("[{}]", all.join(", ")) },
        Edit { span: gone?, text: String::new() },
    ];
    Some(Fix { title: "join the statements".to_owned(), safe: true, edits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_second_list() {
        insta::assert_snapshot!(show(&MergeableStatements), @r#"
        I521 this says the same as statement 1 of other actions
          {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}
                              ^^^^^^^^
        "#);
    }
}
