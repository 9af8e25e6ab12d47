//! The structure of a JSON text: values, lists and objects.

use std::borrow::Cow;
use std::collections::BTreeMap;

use nom::IResult;

use super::error::{END_OF_TEXT, Error, ErrorKind};
use super::limits::Limits;
use super::{Member, Node, Value, token};
use crate::source::{Span, shown};

/// No more mistakes than this are told; a person reads fewer.
pub(super) const MOST_ERRORS: usize = 50;

/// A place in a text that is being read, and what was found so far.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) limits: Limits,
    pub(super) errors: Vec<Error>,
    /// Where `\u0000` stands in strings: JSON allows it, policies do not.
    pub(super) nuls: Vec<Span>,
    /// Did the last [`Reader::separator`] leave out something that may have been a member?
    pub(super) skipped: bool,
    /// How many values were begun.
    values: usize,
    /// White space outside strings, in characters.
    pub(super) white_space: usize,
    /// The rest of the text cannot be made sense of, or is not there; this has been told.
    pub(super) finished: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, limits: Limits) -> Self {
        Self {
            text,
            at: 0,
            limits,
            errors: Vec::new(),
            nuls: Vec::new(),
            skipped: false,
            values: 0,
            white_space: 0,
            finished: false,
        }
    }

    /// The whole document.
    pub(super) fn document(&mut self) -> Option<Node<'t>> {
        self.white_space();
        if self.at == self.text.len() {
            if self.errors.is_empty() {
                self.fail(Span::new(0, 0), ErrorKind::Empty);
            }
            return None;
        }
        if self.peek().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'<') && !self.is_literal() {
            let expected = "`{`";
            self.fail(self.here(), ErrorKind::Unexpected { expected, found: self.found() });
            return None;
        }
        let root = self.value(0);
        self.white_space();
        if !self.finished && root.value != Value::Broken && self.at < self.text.len() {
            let kind = match self.peek() {
                Some(b'{' | b'[' | b'"') => ErrorKind::SecondDocument,
                _ => ErrorKind::TrailingText { found: self.found() },
            };
            self.fail(self.here(), kind);
        }
        Some(root)
    }

    fn is_literal(&self) -> bool {
        token::word(self.rest()).is_ok_and(|(_, word)| matches!(word, "true" | "false" | "null"))
    }

    fn value(&mut self, depth: usize) -> Node<'t> {
        let start = self.at;
        self.values += 1;
        if self.values > self.limits.values() {
            self.fail(self.here(), ErrorKind::TooManyValues { limit: self.limits.values() });
            self.finished = true;
            return Node { value: Value::Broken, span: self.here() };
        }
        let value = match self.peek() {
            Some(b'"') => self.string(),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.object(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b',' | b']' | b'}') => {
                self.fail(self.here(), ErrorKind::MissingValue);
                Value::Broken
            }
            Some(_) => self.word(),
            None => self.end_of_text("a value"),
        };
        Node { value, span: Span::new(start, self.at) }
    }

    // Apart, so that it writes where the value belongs; the same for objects and strings.
    #[inline(never)]
    fn list(&mut self, depth: usize) -> Value<'t> {
        let start = self.at;
        self.at += 1;
        if depth >= self.limits.depth() {
            return self.too_deep(start);
        }
        let mut items: Vec<Node<'t>> = Vec::new();
        let mut comma = None;
        loop {
            self.white_space();
            match self.peek() {
                _ if self.finished => break,
                Some(b']') => {
                    self.close(comma);
                    break;
                }
                Some(b',') => self.extra_comma(&mut comma),
                Some(b'}') => self.wrong_bracket('[', start),
                None => self.unclosed('[', start),
                Some(_) => {
                    let item = self.value(depth + 1);
                    comma = self.separator(&item.value, "`,` or `]`");
                    items.push(item);
                }
            }
        }
        Value::Array(items)
    }

    #[inline(never)]
    fn object(&mut self, depth: usize) -> Value<'t> {
        let start = self.at;
        self.at += 1;
        if depth >= self.limits.depth() {
            return self.too_deep(start);
        }
        let mut members: Vec<Member<'t>> = Vec::new();
        let mut comma = None;
        loop {
            self.white_space();
            match self.peek() {
                _ if self.finished => {
                    members.push(unreadable(self.here()));
                    break;
                }
                Some(b'}') => {
                    self.close(comma);
                    break;
                }
                Some(b',') => self.extra_comma(&mut comma),
                Some(b']') => self.wrong_bracket('{', start),
                None => self.unclosed('{', start),
                Some(_) => {
                    let member = self.member(depth);
                    self.skipped = false;
                    comma = self.separator(&member.value.value, "`,` or `}`");
                    members.push(member);
                    if self.skipped {
                        members.push(unreadable(self.here()));
                    }
                }
            }
        }
        self.without_duplicates(&mut members);
        Value::Object(members)
    }

    fn member(&mut self, depth: usize) -> Member<'t> {
        let start = self.at;
        let key = self.key();
        let key_span = Span::new(start, self.at);
        let Some(key) = key else { return unreadable(key_span) };
        self.white_space();
        if self.peek() == Some(b':') {
            self.at += 1;
        } else if !self.without_colon(&key, key_span) {
            return unreadable(key_span);
        }
        self.white_space();
        Member { key, key_span, value: self.value(depth + 1) }
    }

    /// Tells that no colon follows a name. Does a value follow all the same?
    fn without_colon(&mut self, key: &str, key_span: Span) -> bool {
        if self.at == self.text.len() {
            self.end_of_text("`:`");
            return false;
        }
        if key.trim_end().ends_with(':') {
            // `"Effect: "Allow"`: the name's closing mark was forgotten.
            self.fail(key_span, ErrorKind::UnclosedString);
            return false;
        }
        let end = key_span.range().end;
        self.fail(Span::new(end, end), ErrorKind::MissingColon { key: key.to_owned() });
        if self.peek() == Some(b'=') {
            self.at += 1;
            return true;
        }
        matches!(self.peek(), Some(b'"' | b'[' | b'{'))
    }

    /// The name of a member; `None` if it was unreadable, which has been told.
    fn key(&mut self) -> Option<Cow<'t, str>> {
        if self.peek() == Some(b'"') {
            return self.key_string();
        }
        if let Some(inner) = self.foreign_string() {
            return Some(Cow::Borrowed(inner));
        }
        let start = self.at;
        let Some(word) = self.take(token::word) else {
            let expected = "a name in double quotation marks";
            self.fail(self.here(), ErrorKind::Unexpected { expected, found: self.found() });
            return None;
        };
        self.fail(Span::new(start, self.at), ErrorKind::NotQuoted { word: word.to_owned() });
        if self.peek() == Some(b'"') {
            self.at += 1;
        }
        Some(Cow::Borrowed(word))
    }

    fn close(&mut self, comma: Option<Span>) {
        if let Some(comma) = comma {
            self.fail(comma, ErrorKind::TrailingComma);
        }
        self.at += 1;
    }

    fn extra_comma(&mut self, last: &mut Option<Span>) {
        let comma = self.here();
        self.fail(comma, ErrorKind::ExtraComma);
        self.at += 1;
        // The one mistake is told; a closing bracket behind it is not a second one.
        *last = None;
    }

    /// White space, and comments where they would be allowed if JSON had any.
    pub(super) fn white_space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => {
                    self.white_space += 1;
                    self.at += 1;
                }
                Some(b'/' | b'#') if self.comment() => {}
                _ => return,
            }
        }
    }

    /// Is this a comment? Tells so and goes over it.
    #[cold]
    fn comment(&mut self) -> bool {
        let start = self.at;
        if self.take(token::comment).is_none() {
            return false;
        }
        self.fail(Span::new(start, self.at), ErrorKind::Comment);
        let comment = self.text.get(start..self.at).unwrap_or_default();
        // What an open comment swallows is not there to be missed.
        self.finished |= comment.starts_with("/*") && !comment.ends_with("*/");
        true
    }

    /// Tells of members with equal names and keeps the first of them.
    fn without_duplicates(&mut self, members: &mut Vec<Member<'t>>) {
        let again = repeated(members);
        for &(first, second) in &again {
            let (Some(first), Some(second)) = (members.get(first), members.get(second)) else { continue };
            let kind =
                ErrorKind::DuplicateKey { key: second.key.clone().into_owned(), first: first.key_span };
            self.fail(second.key_span, kind);
        }
        if !again.is_empty() {
            let mut at = 0;
            members.retain(|_| {
                at += 1;
                again.binary_search_by_key(&(at - 1), |(_, second)| *second).is_err()
            });
        }
    }

    /// Runs a token's parser and gives what it went over; nothing moves if it does not match.
    pub(super) fn take<O>(&mut self, parser: impl Fn(&'t str) -> IResult<&'t str, O>) -> Option<&'t str> {
        let (rest, _) = parser(self.rest()).ok()?;
        let start = std::mem::replace(&mut self.at, self.text.len() - rest.len());
        self.text.get(start..self.at)
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The character at the current place.
    pub(super) fn here(&self) -> Span {
        Span::new(self.at, self.at + self.rest().chars().next().map_or(0, char::len_utf8))
    }

    /// What stands at the current place, for a message.
    pub(super) fn found(&self) -> String {
        match token::word(self.rest()) {
            Ok((_, word)) => format!("`{}`", shown(word)),
            Err(_) => match self.rest().chars().next() {
                Some('"') => "a string".to_owned(),
                Some(sign) => format!("`{}`", shown(sign.encode_utf8(&mut [0; 4]))),
                None => END_OF_TEXT.to_owned(),
            },
        }
    }

    pub(super) fn fail(&mut self, span: Span, kind: ErrorKind) {
        match self.errors.len() {
            count if count < MOST_ERRORS => self.errors.push(Error::new(span, kind)),
            MOST_ERRORS => {
                self.errors.push(Error::new(span, ErrorKind::TooMany { limit: MOST_ERRORS }));
                self.finished = true;
            }
            _ => {}
        }
    }
}

/// Pairs of members with the same name, the first and a later one, in the order of the later ones.
fn repeated(members: &[Member<'_>]) -> Vec<(usize, usize)> {
    let readable = members.iter().enumerate().filter(|(_, member)| !member.is_unreadable());
    let mut again = Vec::new();
    if members.len() <= 16 {
        for (second, member) in readable {
            let earlier = members.iter().take(second);
            if let Some(first) = earlier.into_iter().position(|other| other.key == member.key) {
                again.push((first, second));
            }
        }
    } else {
        // A tree keeps the cost low whatever the names are; a hash can be made to collide.
        let mut seen = BTreeMap::new();
        for (at, member) in readable {
            let first = *seen.entry(member.key.as_ref()).or_insert(at);
            if first != at {
                again.push((first, at));
            }
        }
    }
    again
}

/// Stands for a member whose name could not be read, so that nobody misses what it may have been.
fn unreadable(span: Span) -> Member<'static> {
    Member { key: Cow::Borrowed(""), key_span: span, value: Node { value: Value::Broken, span } }
}
