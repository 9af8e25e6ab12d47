//! I508: a statement that another one covers.

use crate::lint::beginnings::{Ascending, Beginnings};
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::may_include;
use crate::lint::{Finding, Rule, Subject, cover, edit};
use crate::policy::{NamesPart, Statement};
use crate::source::{Severity, Span, Spanned};

pub(super) struct RedundantStatement;

static META: Meta = Meta {
    code: "I508",
    name: "redundant-statement",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a statement is covered wholly by another one of the policy",
    explanation: "\
The statement changes no decision. Often it is the rest of a change: somebody narrowed it and \
forgot the wide one beside it. The fix drops it; look whether the wide one is what you want.",
    elsewhere: "Access Analyzer REDUNDANT_STATEMENT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
    ),
};

impl Rule for RedundantStatement {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let statements = &subject.policy.statements;
        let spans: Vec<Span> = statements.iter().map(|statement| statement.span.0).collect();
        let all: Vec<usize> = (0..statements.len()).collect();
        // An index pays when there are many.
        let index = (statements.len() > FEW).then(|| Index::of(statements));
        for (at, narrow) in statements.iter().enumerate() {
            let may_cover = index.as_ref().and_then(|index| index.may_cover(narrow));
            let wide = may_cover.unwrap_or_else(|| Ascending::of(&all)).find_map(|other| {
                let wide = statements.get(other).filter(|_| other != at)?;
                // Of two that cover each other the first stays.
                (covers(wide, narrow) && (other < at || !covers(narrow, wide))).then_some((other, wide))
            });
            if let Some((number, wide)) = wide {
                let message = format!("statement {} says all of this and more", number + 1);
                let mut finding = META.at(narrow.action.name_span.0, message);
                finding.fix = edit::take_out("drop the statement", &spans, at, true);
                found.push(finding.other(wide.action.name_span.0, "covers it"));
            }
        }
    }
}

/// Up to so many statements, each is compared with each.
const FEW: usize = 16;

/// Finds the few statements that can cover another.
struct Index<'p> {
    actions: Lists<'p>,
    resources: Lists<'p>,
}

/// Statements by the entries of one of their lists.
struct Lists<'p> {
    beginnings: Beginnings<'p>,
    /// Those with exceptions, or without the list.
    others: Vec<usize>,
}

impl<'p> Index<'p> {
    fn of(statements: &'p [Statement]) -> Self {
        Self {
            actions: Lists::new(statements.iter().map(|statement| Some(&statement.action))),
            resources: Lists::new(statements.iter().map(|statement| statement.resource.as_ref())),
        }
    }

    /// None if all may.
    fn may_cover(&self, narrow: &Statement) -> Option<Ascending<'_>> {
        let by_action = self.actions.of(Some(&narrow.action));
        let by_resource = self.resources.of(narrow.resource.as_ref());
        by_action.into_iter().chain(by_resource).min_by_key(Ascending::most)
    }
}

impl<'p> Lists<'p> {
    fn new(parts: impl Iterator<Item = Option<&'p NamesPart>> + Clone) -> Self {
        let lists = parts.map(|part| part.filter(|part| !part.negated)).enumerate();
        let entries = |(at, part): (usize, Option<&'p NamesPart>)| {
            part.into_iter()
                .flat_map(move |part| part.entries.iter().map(move |entry| (at, entry.value.as_str())))
        };
        Self {
            beginnings: Beginnings::new(lists.clone().flat_map(entries)),
            others: lists.filter(|(_, part)| part.is_none()).map(|(at, _)| at).collect(),
        }
    }

    /// The statements whose list may cover the first entry of this one; none if all may.
    fn of(&self, narrow: Option<&NamesPart>) -> Option<Ascending<'_>> {
        let entry = narrow.filter(|part| !part.negated)?.entries.first()?;
        Some(self.beginnings.of(&entry.value).and(&self.others))
    }
}

/// Does one statement apply wherever the other does?
fn covers(wide: &Statement, narrow: &Statement) -> bool {
    let bare = |statement: &Statement| statement.condition.iter().all(|block| block.tests.is_empty());
    wide.effect == narrow.effect
        && may_cover(&wide.action, &narrow.action)
        && (bare(wide) || wide.condition == narrow.condition)
        && may_cover_resources(wide.resource.as_ref(), narrow.resource.as_ref())
        && cover::principals(wide.principal.as_ref(), narrow.principal.as_ref())
        && cover::actions(&wide.action, &narrow.action)
        && cover::resources(wide.resource.as_ref(), narrow.resource.as_ref())
}

fn may_cover_resources(wide: Option<&NamesPart>, narrow: Option<&NamesPart>) -> bool {
    match (wide, narrow) {
        (Some(wide), Some(narrow)) => may_cover(wide, narrow),
        _ => true,
    }
}

/// A quick look that rules out nearly all pairs.
fn may_cover(wide: &NamesPart, narrow: &NamesPart) -> bool {
    let starts_alike =
        |narrow: &Spanned<String>| wide.entries.iter().any(|wide| may_include(&wide.value, &narrow.value));
    wide.negated || narrow.negated || narrow.entries.iter().all(starts_alike)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_narrow_one() {
        insta::assert_snapshot!(show(&RedundantStatement), @r#"
        I508 statement 1 says all of this and more
          {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}
                              ^^^^^^^^
        "#);
    }
}
