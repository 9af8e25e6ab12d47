//! I520: the same text twice.

use std::cell::OnceCell;

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, edit, redundant};
use crate::policy::PrincipalValue;
use crate::source::{Severity, Span, Spanned};

pub(super) struct DuplicateEntry;

static META: Meta = Meta {
    code: "I520",
    name: "duplicate-entry",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "the same text stands twice in one list",
    explanation: "\
The second one adds nothing. The fix drops it.",
    elsewhere: "Access Analyzer REDUNDANT_ACTION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for DuplicateEntry {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            repeated(&statement.action.entries, found);
            if let Some(part) = &statement.resource {
                repeated(&part.entries, found);
            }
            if let Some(PrincipalValue::Map(groups)) = statement.principal.as_ref().map(|part| &part.value) {
                groups.iter().for_each(|group| repeated(&group.values, found));
            }
        }
    }
}

fn repeated(entries: &[Spanned<String>], found: &mut Vec<Finding>) {
    if entries.len() < 2 {
        return;
    }
    let spans: OnceCell<Vec<Span>> = OnceCell::new();
    for ((at, entry), first) in entries.iter().enumerate().zip(redundant::firsts(entries, str::cmp)) {
        let Some(before) = entries.get(first).filter(|_| first < at) else { continue };
        let message = format!("`{}` stands in this list already", entry.value);
        let mut finding = META.at(entry.span, message).other(before.span, "the first one");
        finding.fix = edit::take_out("drop it", spans.get_or_init(|| redundant::spans_of(entries)), at, true);
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_second_one() {
        insta::assert_snapshot!(show(&DuplicateEntry), @r#"
        I520 `s3:GetObject` stands in this list already
          "Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                                        ^^^^^^^^^^^^^^
        "#);
    }
}
