//! `${…}` in resources and condition values (section C.10).

use twokeys::request::{Context, KeyState};

use crate::wildcards::{Token, literally, with_wildcards};

/// A policy value after its variables were looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// All of them have a value.
    Value(Vec<Piece>),
    /// One of them has none: the value hits nothing (VA-005).
    Nothing,
    /// One of them names an unknown key: an undecided hit (EV-009).
    Unknown,
}

/// A stretch of a resolved value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// As it stands in the policy; wildcards are alive where the field has any.
    Written(String),
    /// What a variable stood for; nothing in it is special (VA-007, VA-008).
    Substituted(String),
}

/// Looks up the variables of `text`, if they are active there (VA-002, VA-003: the caller knows).
pub(crate) fn resolve(text: &str, active: bool, context: &Context) -> Resolved {
    if !active {
        return Resolved::Value(vec![Piece::Written(text.to_owned())]);
    }
    let mut pieces = Vec::new();
    let mut has_nothing = false;
    let mut has_unknown = false;
    let mut rest = text;
    // VA-001: from `${` to the first `}`. VA-010: without a `}` the text is literal.
    while let Some((before, inner, after)) = next_variable(rest) {
        pieces.push(Piece::Written(before.to_owned()));
        match variable(inner, context) {
            Variable::Value(value) => pieces.push(Piece::Substituted(value)),
            Variable::Nothing => has_nothing = true,
            Variable::Unknown => has_unknown = true,
        }
        rest = after;
    }
    pieces.push(Piece::Written(rest.to_owned()));
    if has_unknown {
        Resolved::Unknown
    } else if has_nothing {
        Resolved::Nothing
    } else {
        Resolved::Value(pieces)
    }
}

/// The keys that the variables of `text` name.
pub(crate) fn keys_named(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((_, inner, after)) = next_variable(rest) {
        if let Some((name, _)) = name_and_default(inner) {
            keys.push(name.to_owned());
        }
        rest = after;
    }
    keys
}

/// The value as text without wildcards.
pub(crate) fn plain(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Written(text) | Piece::Substituted(text) => text.clone(),
    };
    pieces.iter().map(text).collect()
}

/// The value as a pattern.
pub(crate) fn pattern(pieces: &[Piece]) -> Vec<Token> {
    let tokens = |piece: &Piece| match piece {
        Piece::Written(text) => with_wildcards(text),
        Piece::Substituted(text) => literally(text),
    };
    pieces.iter().flat_map(tokens).collect()
}

/// What stands before the first variable, in it, and after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inner, after) = rest.split_once('}')?;
    Some((before, inner, after))
}

enum Variable {
    Value(String),
    Nothing,
    Unknown,
}

/// VA-004 to VA-007, VA-009: what one variable stands for.
fn variable(inner: &str, context: &Context) -> Variable {
    if ["*", "?", "$"].contains(&inner) {
        return Variable::Value(inner.to_owned());
    }
    let Some((name, default)) = name_and_default(inner) else { return Variable::Nothing };
    let or_default = match default {
        Some(text) => Variable::Value(text.to_owned()),
        None => Variable::Nothing,
    };
    match context.get(name) {
        KeyState::Unknown => Variable::Unknown,
        KeyState::Absent => or_default,
        KeyState::Known([value]) if value.is_empty() => or_default,
        KeyState::Known([value]) => Variable::Value(value.clone()),
        KeyState::Known(_) => Variable::Nothing,
    }
}

/// VA-001, VA-006, VA-010: `name` or `name, 'default'`; anything else is malformed.
fn name_and_default(inner: &str) -> Option<(&str, Option<&str>)> {
    let (name, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((name, written)) => {
            let text = written.strip_prefix(" '")?.strip_suffix('\'')?;
            if text.contains('\'') {
                return None;
            }
            (name, Some(text))
        }
    };
    // A name with a space never resolves; no key has no name.
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    is_name.then_some((name, default))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let context = Context::builder()
            .set("aws:username", ["alice"])
            .set("aws:empty", [""])
            .set("aws:many", ["a", "b"])
            .build()
            .unwrap();
        match resolve(text, true, &context) {
            Resolved::Value(pieces) => Some(plain(&pieces)),
            Resolved::Nothing | Resolved::Unknown => None,
        }
    }

    #[test]
    fn va_001_to_010_the_forms_of_a_variable() {
        for (text, expected) in [
            ("a/${aws:username}/b", Some("a/alice/b")),
            ("${AWS:UserName}", Some("alice")),
            ("${aws:none}", None),
            ("${aws:none, 'x y'}", Some("x y")),
            ("${aws:none, ''}", Some("")),
            ("${aws:empty}", None),
            ("${aws:empty, 'x'}", Some("x")),
            ("${aws:many, 'x'}", None),
            ("${aws:none,'x'}", None),
            ("${aws:none,  'x'}", None),
            ("${aws:none, x}", None),
            ("${ aws:username}", None),
            ("${}", None),
            ("${*}${?}${$}", Some("*?$")),
            ("${aws:username", Some("${aws:username")),
            ("${aws:none, '${aws:username}'}", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn va_008_substituted_text_is_not_a_pattern() {
        let context = Context::builder().set("a:b", ["*"]).build().unwrap();
        let Resolved::Value(pieces) = resolve("*${a:b}", true, &context) else { panic!("it resolves") };
        assert_eq!(pattern(&pieces), [Token::Any, Token::Exactly('*')]);
    }
}
