//! Edits that mend a statement about MFA. What MFA means is never mended without asking: all of these
//! take access away from somebody, or give it.

use super::exemption::STANDARD;
use super::is_on_mfa_key;
use crate::lint::subject::tests_of;
use crate::lint::{Edit, Fix, Subject, Test};
use crate::name::fold;
use crate::policy::{Base, Comparison, ConditionBlock, NamesPart, Operator, Statement};
use crate::source::Span;

/// Keys that every request has: `IfExists` says nothing about them.
const ALWAYS: &[&str] = &["aws:viaawsservice", "aws:principalisawsservice", "aws:securetransport"];

/// `Bool`
pub(in crate::lint) const BOOL: Operator = plain(Comparison::Bool);
/// `BoolIfExists`
pub(in crate::lint) const BOOL_IF_EXISTS: Operator = Operator { if_exists: true, ..BOOL };

/// An operator without prefix and suffix.
pub(in crate::lint) const fn plain(comparison: Comparison) -> Operator {
    Operator { set: None, base: Base { comparison, negated: false }, if_exists: false }
}

/// A fix that may change decisions, made of edits that are all possible.
pub(in crate::lint) fn unsafe_fix(title: impl Into<String>, edits: Vec<Option<Edit>>) -> Option<Fix> {
    fix(title, false, edits)
}

/// A fix made of edits that are all possible, in the order of the text.
pub(in crate::lint) fn fix(title: impl Into<String>, safe: bool, edits: Vec<Option<Edit>>) -> Option<Fix> {
    let mut edits = edits.into_iter().collect::<Option<Vec<_>>>()?;
    edits.sort_by_key(|edit| edit.span.start);
    (!edits.is_empty()).then(|| Fix { title: title.into(), safe, edits })
}

/// Writes another operator over a test's, unless that changes a test on another key or gives the
/// statement the same operator twice.
pub(in crate::lint) fn operator(test: &Test<'_>, operator: Operator) -> Option<Edit> {
    let same_key = |key: &str| key.eq_ignore_ascii_case(test.key());
    let alone = test.block.tests.iter().all(|beside| {
        let key = beside.key.value.as_str();
        same_key(key) || ALWAYS.contains(&fold(key).as_str()) && test.operator().base == operator.base
    });
    let twice = test.statement.condition.iter().any(|block| block.operator.value == operator);
    let span = test.block.operator.span;
    (alone && !twice).then(|| Edit { span, text: format!("\"{operator}\"") })
}

/// Writes another value over all of a test's.
pub(in crate::lint) fn value(test: &Test<'_>, value: &str) -> Edit {
    Edit { span: test.test.span.0, text: format!("\"{value}\"") }
}

/// Puts a text at a place.
pub(in crate::lint) fn insert(at: u32, text: impl Into<String>) -> Edit {
    Edit { span: Span { start: at, end: at }, text: text.into() }
}

/// Requires MFA for a statement, beside what it requires already.
pub(in crate::lint) fn require_mfa(statement: &Statement) -> Option<Edit> {
    const TEST: &str = r#""aws:MultiFactorAuthPresent": "true""#;
    let bool_block = statement.condition.iter().find(|block| block.operator.value == BOOL);
    if let Some(first) = bool_block.and_then(|block| block.tests.first()) {
        let named =
            bool_block.is_some_and(|block| block.tests.iter().any(|test| super::is_mfa_key(&test.key.value)));
        return (!named).then(|| insert(first.key.span.start, format!("{TEST}, ")));
    }
    if let Some(block) = statement.condition.first() {
        let start = block.operator.span.start;
        return bool_block.is_none().then(|| insert(start, format!(r#""Bool": {{{TEST}}}, "#)));
    }
    if statement.condition_span.is_some() {
        return None;
    }
    Some(insert(last_end(statement, u32::MAX)?, format!(r#", "Condition": {{"Bool": {{{TEST}}}}}"#)))
}

/// Where the last element before a place ends, the condition apart.
fn last_end(statement: &Statement, before: u32) -> Option<u32> {
    let parts = [Some(&statement.action), statement.resource.as_ref()];
    let ends = parts.into_iter().flatten().map(|part| part.span.0.end);
    let more = [
        statement.sid.as_ref().map(|sid| sid.span.end),
        Some(statement.effect.span.end),
        statement.principal.as_ref().map(|principal| principal.span.0.end),
    ];
    ends.chain(more.into_iter().flatten()).filter(|end| *end <= before).max()
}

/// Takes away the MFA tests of a statement; the whole condition, if it has no others.
pub(in crate::lint) fn without_mfa(statement: &Statement) -> Option<Vec<Edit>> {
    if tests_of(statement).all(|test| is_on_mfa_key(&test)) {
        let condition = statement.condition_span?.0;
        let start = last_end(statement, condition.start)?;
        return Some(vec![Edit { span: Span { start, end: condition.end }, text: String::new() }]);
    }
    let mut edits = Vec::new();
    for test in tests_of(statement).filter(is_on_mfa_key) {
        edits.push(remove_test(&test)?);
    }
    let apart = edits.windows(2).all(|pair| matches!(pair, [one, next] if one.span.end <= next.span.start));
    apart.then_some(edits)
}

/// Takes away one test, with its operator if it has no other key.
pub(in crate::lint) fn remove_test(test: &Test<'_>) -> Option<Edit> {
    let tests = &test.block.tests;
    let at = tests.iter().position(|beside| std::ptr::eq(beside, test.test))?;
    let span = if let Some(next) = tests.get(at + 1) {
        Span { start: test.test.key.span.start, end: next.key.span.start }
    } else if let Some(before) = at.checked_sub(1).and_then(|before| tests.get(before)) {
        Span { start: before.span.0.end, end: test.test.span.0.end }
    } else {
        return remove_block(test.statement, test.block);
    };
    Some(Edit { span, text: String::new() })
}

/// Takes away one operator of several.
fn remove_block(statement: &Statement, block: &ConditionBlock) -> Option<Edit> {
    let blocks = &statement.condition;
    let at = blocks.iter().position(|beside| std::ptr::eq(beside, block))?;
    if let Some(next) = blocks.get(at + 1) {
        let span = Span { start: block.operator.span.start, end: next.operator.span.start };
        return Some(Edit { span, text: String::new() });
    }
    // Where a block ends is not known, but the last one ends with the condition.
    let before = blocks.get(at.checked_sub(1)?)?.tests.last()?.span.0.end;
    let span = Span { start: before, end: statement.condition_span?.0.end };
    Some(Edit { span, text: "}}".to_owned() })
}

/// Adds names to a list, or makes one of a single name.
pub(in crate::lint) fn add_names(part: &NamesPart, names: &[&str]) -> Option<Edit> {
    let last = part.entries.last()?;
    let added: String = names.iter().map(|name| format!(", \"{name}\"")).collect();
    Some(if last.span == part.span.0 {
        Edit { span: last.span, text: format!("[\"{}\"{added}]", last.value.escape_default()) }
    } else {
        insert(last.span.end, added)
    })
}

/// Takes a name out of a list of several.
pub(in crate::lint) fn remove_name(part: &NamesPart, span: Span) -> Option<Edit> {
    let at = part.entries.iter().position(|entry| entry.span == span)?;
    let span = if let Some(next) = part.entries.get(at + 1) {
        Span { start: span.start, end: next.span.start }
    } else {
        Span { start: part.entries.get(at.checked_sub(1)?)?.span.end, end: span.end }
    };
    Some(Edit { span, text: String::new() })
}

/// Takes a statement out of a list of several.
pub(in crate::lint) fn remove_statement(subject: &Subject<'_>, statement: &Statement) -> Option<Edit> {
    let all = &subject.policy.statements;
    let at = all.iter().position(|beside| std::ptr::eq(beside, statement))?;
    let own = statement.span.0;
    let span = if let Some(next) = all.get(at + 1) {
        Span { start: own.start, end: next.span.0.start }
    } else {
        Span { start: all.get(at.checked_sub(1)?)?.span.0.end, end: own.end }
    };
    Some(Edit { span, text: String::new() })
}

/// Leaves free what enrollment needs, and nothing else.
pub(in crate::lint) fn standard_exemption(part: &NamesPart) -> Edit {
    let span = Span { start: part.name_span.0.start, end: part.span.0.end };
    Edit { span, text: format!("\"NotAction\": [\"{}\"]", STANDARD.join("\", \"")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::mfa::first_test;
    use crate::policy::Policy;

    /// The statement with edits made, or with none if they cannot be.
    fn mended(statement: &str, edits: impl Fn(&Statement) -> Option<Vec<Edit>>) -> Option<String> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {{{statement}}}}}"#);
        let policy = Policy::parse(&text).unwrap();
        let fix = Fix { title: String::new(), safe: false, edits: edits(&policy.statements[0])? };
        let (after, made) = Fix::apply(&text, [&fix]);
        assert_eq!(made, 1);
        Policy::parse(&after).unwrap_or_else(|errors| panic!("{after}: {errors}"));
        after.get(40..after.len() - 2).map(str::to_owned)
    }

    const START: &str = r#""Effect": "Allow", "Action": "*", "Resource": "*""#;

    #[test]
    fn mfa_is_required_beside_what_is_required_already() {
        for (condition, expected) in [
            ("", r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#),
            (
                r#", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#,
                r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true", "aws:SecureTransport": "true"}}"#,
            ),
            (
                r#", "Condition": {"Null": {"aws:SourceVpc": "true"}}"#,
                r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:SourceVpc": "true"}}"#,
            ),
        ] {
            let after =
                mended(&format!("{START}{condition}"), |statement| Some(vec![require_mfa(statement)?]));
            assert_eq!(after.unwrap(), format!("{START}{expected}"));
        }
        let again = format!(r#"{START}, "Condition": {{"Bool": {{"aws:MultiFactorAuthPresent": "true"}}}}"#);
        assert_eq!(mended(&again, |statement| Some(vec![require_mfa(statement)?])), None);
    }

    #[test]
    fn tests_are_taken_away_with_their_commas() {
        for (condition, expected) in [
            (r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, ""),
            (
                r#", "Condition": {"Bool": {"aws:SecureTransport": "true", "aws:MultiFactorAuthPresent": "true"}}"#,
                r#", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#,
            ),
            (
                r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:SourceVpc": "true"}}"#,
                r#", "Condition": {"Null": {"aws:SourceVpc": "true"}}"#,
            ),
            (
                r#", "Condition": {"Null": {"aws:SourceVpc": "true"}, "Bool": {"aws:MultiFactorAuthPresent": "true"} }"#,
                r#", "Condition": {"Null": {"aws:SourceVpc": "true"}}"#,
            ),
        ] {
            assert_eq!(
                mended(&format!("{START}{condition}"), without_mfa).unwrap(),
                format!("{START}{expected}")
            );
        }
    }

    #[test]
    fn an_operator_is_not_written_over_that_of_another_key() {
        let swap = |statement: &Statement| Some(vec![operator(&first_test(statement)?, BOOL_IF_EXISTS)?]);
        let with = |more: &str| {
            format!(r#"{START}, "Condition": {{"Bool": {{"aws:MultiFactorAuthPresent": "false"{more}}}"#)
        };
        assert!(mended(&format!("{}}}", with("")), swap).unwrap().contains("BoolIfExists"));
        assert!(mended(&format!("{}}}", with(r#", "aws:ViaAWSService": "false""#)), swap).is_some());
        assert!(mended(&format!("{}}}", with(r#", "s3:x": "false""#)), swap).is_none());
        let twice = format!(r#"{}, "BoolIfExists": {{"s3:x": "false"}}}}"#, with(""));
        assert!(mended(&twice, swap).is_none());
    }

    #[test]
    fn names_are_added_and_taken_out() {
        let add = |statement: &Statement| Some(vec![add_names(&statement.action, &["a:B"])?]);
        let first = |statement: &Statement| {
            Some(vec![remove_name(&statement.action, statement.action.entries[0].span)?])
        };
        let with = |actions: &str| format!(r#""Effect": "Deny", "NotAction": {actions}, "Resource": "*""#);
        assert_eq!(mended(&with(r#""x:Y""#), add).unwrap(), with(r#"["x:Y", "a:B"]"#));
        assert_eq!(mended(&with(r#"["x:Y"]"#), add).unwrap(), with(r#"["x:Y", "a:B"]"#));
        assert_eq!(mended(&with(r#"["x:Y", "x:Z"]"#), first).unwrap(), with(r#"["x:Z"]"#));
        assert_eq!(mended(&with(r#"["x:Y"]"#), first), None);
    }
}
