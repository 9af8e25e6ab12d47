//! A test file as a tree with places, whether it was written in TOML or in JSON.
//!
//! Both become the nodes of the library's JSON reader, so that everything behind this file knows one
//! form only.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use twokeys::json::{self, Limits, Member, Node, Value};
use twokeys::source::{Diagnostic, Severity, Span};

/// How a test file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Toml,
    /// TOML of a configuration, where a date is one.
    Settings,
}

impl Syntax {
    /// By the name of the file.
    pub(crate) fn of(name: &str) -> Self {
        if name.to_ascii_lowercase().ends_with(".toml") { Self::Toml } else { Self::Json }
    }
}

/// Reads a text as far as it can be understood, and all that is wrong with it.
pub(crate) fn read(bytes: &[u8], syntax: Syntax) -> (Option<Node<'_>>, Vec<Diagnostic>) {
    match syntax {
        Syntax::Json => {
            let reading = json::read(bytes, &Limits::default());
            (reading.root, reading.errors.iter().map(json::Error::to_diagnostic).collect())
        }
        Syntax::Toml | Syntax::Settings => match std::str::from_utf8(bytes) {
            Ok(text) => toml(text, syntax),
            Err(error) => {
                let at = error.valid_up_to();
                let wrong = mistake(at..at + 1, "the text is not UTF-8", "save the file as UTF-8");
                (None, vec![wrong])
            }
        },
    }
}

fn toml(text: &str, syntax: Syntax) -> (Option<Node<'_>>, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut wrong: Vec<Diagnostic> = errors
        .iter()
        .map(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            mistake(error.span().unwrap_or_default(), message, "see https://toml.io for how TOML is written")
        })
        .collect();
    let root = table_node(text, table.into_inner(), Span::new(0, text.len()), syntax, &mut wrong);
    wrong.sort_by_key(|diagnostic| diagnostic.span);
    (Some(root), wrong)
}

fn table_node<'t>(
    text: &'t str,
    table: DeTable<'t>,
    span: Span,
    syntax: Syntax,
    wrong: &mut Vec<Diagnostic>,
) -> Node<'t> {
    let members = table.into_iter().map(|(key, value)| Member {
        key_span: place(key.span()),
        key: key.into_inner(),
        value: node(text, value, syntax, wrong),
    });
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|member| member.key_span);
    Node { value: Value::Object(members), span }
}

fn node<'t>(
    text: &'t str,
    value: Spanned<DeValue<'t>>,
    syntax: Syntax,
    wrong: &mut Vec<Diagnostic>,
) -> Node<'t> {
    let range = value.span();
    let span = place(range.clone());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::String(text),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Integer(_) | DeValue::Float(_) => number(text, range, wrong),
        DeValue::Datetime(_) if syntax == Syntax::Settings => {
            Value::String(Cow::Borrowed(text.get(range).unwrap_or_default()))
        }
        DeValue::Datetime(_) => {
            let help = "put it into quotation marks: context values are compared as text";
            wrong.push(mistake(range, "a TOML date is no value here", help));
            Value::Broken
        }
        DeValue::Array(entries) => {
            Value::Array(entries.into_iter().map(|entry| node(text, entry, syntax, wrong)).collect())
        }
        DeValue::Table(table) => return table_node(text, table, span, syntax, wrong),
    };
    Node { value, span }
}

/// A number with the digits as written, as JSON writes them: TOML has other forms, too.
fn number<'t>(text: &'t str, range: Range<usize>, wrong: &mut Vec<Diagnostic>) -> Value<'t> {
    let written = text.get(range.clone()).unwrap_or_default();
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && digits.len() <= Limits::NUMBER {
        return Value::Number(written);
    }
    let help = "write plain decimal digits, or put the text into quotation marks";
    wrong.push(mistake(
        range,
        "numbers keep the digits they are written with, and this one has others",
        help,
    ));
    Value::Broken
}

fn place(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

fn mistake(range: Range<usize>, message: impl Into<Cow<'static, str>>, help: &str) -> Diagnostic {
    Diagnostic {
        code: "toml-syntax",
        severity: Severity::Error,
        message: message.into().into_owned(),
        span: place(range),
        label: String::new(),
        other: None,
        help: Some(help.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree without places.
    fn shown(node: &Node<'_>) -> String {
        match &node.value {
            Value::Object(members) => {
                let members: Vec<_> =
                    members.iter().map(|member| format!("{}={}", member.key, shown(&member.value))).collect();
                format!("{{{}}}", members.join(" "))
            }
            Value::Array(entries) => {
                format!("[{}]", entries.iter().map(shown).collect::<Vec<_>>().join(" "))
            }
            Value::String(text) => format!("{text:?}"),
            Value::Number(digits) => (*digits).to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn toml_and_json_become_the_same_tree() {
        let toml = "world = { policies = [\"a.json\"] }\n[[case]]\nname = \"one\"\nmfa_age = 1.50\nmfa = { false = \"allow\" }\n";
        let json = r#"{"world": {"policies": ["a.json"]}, "case": [{"name": "one", "mfa_age": 1.50, "mfa": {"false": "allow"}}]}"#;
        let (from_toml, wrong) = read(toml.as_bytes(), Syntax::Toml);
        assert!(wrong.is_empty(), "{wrong:?}");
        let (from_json, wrong) = read(json.as_bytes(), Syntax::Json);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(shown(&from_toml.unwrap()), shown(&from_json.unwrap()));
    }

    #[test]
    fn what_toml_has_and_policies_do_not_is_an_error_with_a_place() {
        for (text, start) in [
            ("a = 1_000", 4),
            ("a = 0x10", 4),
            ("a = 1e3", 4),
            ("a = nan", 4),
            ("a = 2026-01-05", 4),
            ("a = 1\na = 2", 6),
            ("[a]\n[a]", 5),
            ("a = ", 4),
        ] {
            let (_, wrong) = read(text.as_bytes(), Syntax::Toml);
            assert_eq!(wrong.first().map(|one| one.span.start), Some(start), "{text}: {wrong:?}");
        }
        let (root, wrong) = read(b"a = \"\xff\"", Syntax::Toml);
        assert!(root.is_none() && wrong.first().is_some_and(|one| one.span == Span::new(5, 6)));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let text = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(!read(text.as_bytes(), Syntax::Toml).1.is_empty());
    }
}
