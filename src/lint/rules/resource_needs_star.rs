//! W208: an action without resources, and resources.

use crate::lint::known::{are_on_more, as_of};
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::named::Named;
use crate::lint::text::quoted;
use crate::lint::{Edit, Finding, Fix, Rule, Subject};
use crate::policy::Statement;
use crate::source::{Severity, Span, Spanned};

pub(super) struct ResourceNeedsStar;

static META: Meta = Meta {
    code: "W208",
    name: "resource-needs-star",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the action has no resource-level permissions, and the statement has no `*`",
    explanation: "\
Some actions act on nothing in particular: `s3:ListAllMyBuckets`, most `Describe` actions. A request \
for one states `*`, which only the entry `*` matches, so beside ARNs such an action is neither granted \
nor denied. Give it a statement of its own. The message says of which day the data is.",
    elsewhere: "parliament RESOURCE_MISMATCH",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}"#,
    ),
};

impl Rule for ResourceNeedsStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (statement, named) in subject.named() {
            let Some(part) = statement.resource.as_ref().filter(|part| !part.negated) else { continue };
            let everything = part.entries.iter().any(|entry| entry.value == "*");
            if everything || part.entries.is_empty() || statement.action.negated {
                continue;
            }
            let needs_star: Vec<_> =
                named.iter().filter(|named| takes_none(named)).map(|named| named.entry).collect();
            let Some((first, others)) = needs_star.split_first() else { continue };
            let names = match others.len() {
                0 => format!("`{}` has", first.value),
                1 => format!("`{}` and one more action have", first.value),
                more => format!("`{}` and {more} more actions have", first.value),
            };
            let finding = META.at(first.span, format!("{names} no resource-level permissions {}", as_of()));
            let finding = finding.label("reached by `*` only").other(part.span.0, "the resources");
            let finding = finding.help("give it a statement with `\"Resource\": \"*\"`");
            found.push(match mended(subject, statement, &needs_star) {
                Some(fix) => finding.fix(fix),
                None => finding,
            });
        }
    }
}

fn takes_none(named: &Named<'_>) -> bool {
    named
        .reached()
        .is_some_and(|actions| !actions.iter().any(|action| action.takes_resource()) && !are_on_more(actions))
}

/// Moves all such actions of a statement to one of their own, where that can be written down without its
/// other parts; widens the resource where nothing else is left.
fn mended(subject: &Subject<'_>, statement: &Statement, needs_star: &[&Spanned<String>]) -> Option<Fix> {
    let entries = &statement.action.entries;
    if needs_star.len() == entries.len() {
        let place = statement.resource.as_ref()?.span.0;
        return Some(Fix::replace("write `*`", place, quoted("*"), false));
    }
    let is_in_list = subject.policy.statements_span.0 != statement.span.0;
    if !is_in_list || statement.principal.is_some() || statement.condition_span.is_some() {
        return None;
    }
    let list =
        |names: Vec<&str>| format!("[{}]", names.into_iter().map(quoted).collect::<Vec<_>>().join(", "));
    let named = subject.named_by(statement).iter();
    let kept = named.filter(|named| !takes_none(named)).map(|named| named.entry.value.as_str()).collect();
    let moved = needs_star.iter().map(|entry| entry.value.as_str()).collect();
    let effect = quoted(statement.effect.value.as_str());
    let own = format!(r#", {{"Effect": {effect}, "Action": {}, "Resource": "*"}}"#, list(moved));
    let end = statement.span.0.end;
    Some(Fix {
        title: "give these actions a statement with `*`".to_owned(),
        safe: false,
        edits: vec![
            Edit { span: statement.action.span.0, text: list(kept) },
            Edit { span: Span { start: end, end }, text: own },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::{Options, lint};
    use crate::policy::{Policy, PolicyType};

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&ResourceNeedsStar), @r#"
        W208 `s3:ListAllMyBuckets` has no resource-level permissions as of 2026-10-27
          "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}}
                                       ^^^^^^^^^^^^^^^^^^^^^ reached by `*` only
        help: give it a statement with `"Resource": "*"`
        "#);
    }

    #[test]
    fn actions_of_a_longer_list_move_to_a_statement_of_their_own() {
        let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action":
  ["s3:GetBucketLocation", "s3:ListAllMyBuckets"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}]}"#;
        let of = |text: &str| {
            let mut options = Options::new(PolicyType::Identity);
            options.select = vec!["W208".to_owned()];
            lint(&Policy::parse(text).unwrap(), &options)
        };
        let fixes: Vec<_> = of(text).into_iter().filter_map(|finding| finding.fix).collect();
        let (mended, _) = Fix::apply(text, &fixes);
        insta::assert_snapshot!(mended, @r#"
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action":
          ["s3:GetBucketLocation"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}, {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": "*"}]}
        "#);
        assert!(of(&mended).is_empty());
    }
}
