//! Members of an object taken by name, each mistake noted with its place.

use std::str::FromStr;

use twokeys::json::{Member, Node, Value};
use twokeys::name::nearest;
use twokeys::source::{Diagnostic, Span, Spanned, shown};

use super::mistake;

/// Collects mistakes while a tree is read; what cannot be read is `None`.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) wrong: Vec<Diagnostic>,
}

impl Notes {
    /// Notes a mistake.
    pub(crate) fn note(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.wrong.push(mistake(code, span, message, help));
    }

    /// A member that does not exist.
    pub(crate) fn unknown(&mut self, member: &Member<'_>, of: &str, known: &[&str]) {
        let help = match nearest(&member.key, known.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        let message = format!("{of} has no member `{}`", shown(&member.key));
        self.note("unknown-member", member.key_span, message, help);
    }

    /// A value of the wrong type. One that is broken has been told already.
    pub(crate) fn wrong_type(&mut self, what: &str, expected: &str, node: &Node<'_>) {
        if node.value != Value::Broken {
            let message = format!("{what} is {expected}, but here stands {}", node.value.kind());
            self.note("wrong-type", node.span, message, format!("write {expected}"));
        }
    }

    pub(crate) fn object<'n, 't>(&mut self, what: &str, node: &'n Node<'t>) -> Option<&'n [Member<'t>]> {
        match &node.value {
            Value::Object(members) => Some(members),
            _ => {
                self.wrong_type(what, "an object", node);
                None
            }
        }
    }

    pub(crate) fn list<'n, 't>(
        &mut self,
        what: &str,
        of: &str,
        node: &'n Node<'t>,
    ) -> Option<&'n [Node<'t>]> {
        match &node.value {
            Value::Array(entries) => Some(entries),
            _ => {
                self.wrong_type(what, &format!("a list of {of}"), node);
                None
            }
        }
    }

    pub(crate) fn text(&mut self, what: &str, node: &Node<'_>) -> Option<Spanned<String>> {
        match &node.value {
            Value::String(text) => Some(Spanned::new(text.clone().into_owned(), node.span)),
            _ => {
                self.wrong_type(what, "a string", node);
                None
            }
        }
    }

    /// One text or a list of texts.
    pub(crate) fn texts(&mut self, what: &str, node: &Node<'_>) -> Vec<Spanned<String>> {
        match &node.value {
            Value::Array(entries) => {
                entries.iter().filter_map(|entry| self.text(&format!("an entry of {what}"), entry)).collect()
            }
            Value::String(text) => vec![Spanned::new(text.clone().into_owned(), node.span)],
            _ => {
                self.wrong_type(what, "a string or a list of strings", node);
                Vec::new()
            }
        }
    }

    /// A text that has to be understood.
    pub(crate) fn parsed<T: FromStr<Err: std::fmt::Display>>(
        &mut self,
        code: &'static str,
        text: &Spanned<String>,
        help: &str,
    ) -> Option<Spanned<T>> {
        match text.value.parse() {
            Ok(value) => Some(Spanned::new(value, text.span)),
            Err(error) => {
                self.note(code, text.span, error.to_string(), help);
                None
            }
        }
    }

    /// A whole number of seconds.
    pub(crate) fn seconds(&mut self, what: &str, node: &Node<'_>) -> Option<Spanned<u64>> {
        let Value::Number(digits) = &node.value else {
            self.wrong_type(what, "a number of seconds", node);
            return None;
        };
        let seconds = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok());
        if seconds.flatten().is_none() {
            let message = format!("an age is a whole number of seconds, zero or more, but `{digits}` is not");
            self.note("bad-age", node.span, message, "write the seconds since MFA, such as 300");
        }
        seconds.flatten().map(|seconds| Spanned::new(seconds, node.span))
    }
}
