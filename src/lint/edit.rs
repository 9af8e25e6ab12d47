//! The edits that rules offer, made from places alone: nobody here has the text.
//!
//! What stands between two entries of a list is theirs. So an entry is taken out together with what
//! separates it from the one before, or from the one behind if it is the first.

use super::text::quoted;
use super::{Edit, Fix, Test};
use crate::policy::{Operator, Statement};
use crate::source::Span;

/// The stretch to take out so that the entry at `at` is gone and the list is still one.
///
/// None if it is the only one: an empty list means something else.
pub(super) fn without(entries: &[Span], at: usize) -> Option<Span> {
    let entry = entries.get(at)?;
    match (at.checked_sub(1).and_then(|before| entries.get(before)), entries.get(at + 1)) {
        (Some(before), _) => Some(Span { start: before.end, end: entry.end }),
        (None, Some(next)) => Some(Span { start: entry.start, end: next.start }),
        (None, None) => None,
    }
}

/// A fix that takes an entry out of its list.
pub(super) fn take_out(title: impl Into<String>, entries: &[Span], at: usize, safe: bool) -> Option<Fix> {
    Some(Fix::replace(title, without(entries, at)?, "", safe))
}

/// A fix that takes the element with this value out of a statement.
pub(super) fn take_out_member(title: &str, statement: &Statement, value: Span) -> Option<Fix> {
    let members = members(statement);
    let at = members.iter().position(|(_, span)| *span == value)?;
    if let Some((_, before)) = at.checked_sub(1).and_then(|before| members.get(before)) {
        return Some(Fix::replace(title, Span { start: before.end, end: value.end }, "", true));
    }
    // Where the name of the next element stands is not known for all; so it is written anew.
    let (name, next) = members.get(at + 1)?;
    let opened = statement.span.0.start.checked_add(1)?;
    Some(Fix::replace(title, Span { start: opened, end: next.start }, format!("\"{name}\": "), true))
}

/// The elements of a statement with the places of their values, in the order of the text.
pub(super) fn members(statement: &Statement) -> Vec<(&'static str, Span)> {
    let name = |negated: bool, plain, not| if negated { not } else { plain };
    let mut members = vec![
        ("Effect", statement.effect.span),
        (name(statement.action.negated, "Action", "NotAction"), statement.action.span.0),
    ];
    members.extend(statement.sid.as_ref().map(|sid| ("Sid", sid.span)));
    members.extend(
        statement
            .principal
            .as_ref()
            .map(|part| (name(part.negated, "Principal", "NotPrincipal"), part.span.0)),
    );
    members.extend(
        statement.resource.as_ref().map(|part| (name(part.negated, "Resource", "NotResource"), part.span.0)),
    );
    members.extend(statement.condition_span.map(|place| ("Condition", place.0)));
    members.sort_by_key(|(_, span)| span.start);
    members
}

/// A fix that gives a test another operator.
///
/// None if the operator has other keys too, or if the condition has the other operator already: a name
/// must not stand twice.
pub(super) fn rename_operator(test: &Test<'_>, operator: Operator, safe: bool) -> Option<Fix> {
    let alone = test.block.tests.len() == 1;
    let taken = test.statement.condition.iter().any(|block| block.operator.value == operator);
    let fix = || {
        Fix::replace(format!("write `{operator}`"), test.block.operator.span, format!("\"{operator}\""), safe)
    };
    (alone && !taken).then(fix)
}

/// A fix that adds `Null` with `false` on the key of a test.
pub(super) fn demand_key(test: &Test<'_>) -> Option<Fix> {
    let title = format!("demand `{}` with `Null`", test.key());
    let key = quoted(test.key());
    let null = test.statement.condition.iter().find(|block| block.written.eq_ignore_ascii_case("Null"));
    let (at, text) = match null {
        Some(block) => {
            let last = block.tests.last()?;
            if block.tests.iter().any(|other| test.is_on(&other.key.value)) {
                return None;
            }
            (last.span.0.end, format!(", {key}: \"false\""))
        }
        None => {
            let opened = test.statement.condition_span?.0.start.checked_add(1)?;
            (opened, format!("\"Null\": {{{key}: \"false\"}}, "))
        }
    };
    let span = Span { start: at, end: at };
    Some(Fix { title, safe: false, edits: vec![Edit { span, text }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn an_entry_goes_with_its_comma_and_the_only_one_stays() {
        let text = r#"["a", "b" ,"c"]"#;
        let entries = [Span::new(1, 4), Span::new(6, 9), Span::new(11, 14)];
        for (at, expected) in [(0, r#"["b" ,"c"]"#), (1, r#"["a" ,"c"]"#), (2, r#"["a", "b"]"#)] {
            let fix = take_out("", &entries, at, true).unwrap();
            assert_eq!(Fix::apply(text, [&fix]).0, expected);
        }
        assert_eq!(without(&entries[..1], 0), None);
    }

    #[test]
    fn an_element_goes_from_wherever_it_stands() {
        for (text, expected) in [
            (
                r#"{"Statement": { "Sid": "", "Effect": "Deny", "Action": "*", "Resource": "*"}}"#,
                r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#,
            ),
            (
                r#"{"Statement": {"NotAction": "*", "Sid": "", "Effect": "Deny", "Resource": "*"}}"#,
                r#"{"Statement": {"NotAction": "*", "Effect": "Deny", "Resource": "*"}}"#,
            ),
        ] {
            let policy = Policy::parse(text).unwrap();
            let statement = &policy.statements[0];
            let sid = statement.sid.as_ref().unwrap().span;
            let fix = take_out_member("", statement, sid).unwrap();
            assert_eq!(Fix::apply(text, [&fix]).0, expected);
        }
    }
}
