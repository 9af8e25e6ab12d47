//! Strings, numbers and words of a JSON text.

use std::borrow::Cow;

use super::error::ErrorKind;
use super::reader::{MOST_ERRORS, Reader};
use super::{Value, scan, token};
use crate::source::Span;

/// Words of other languages and what JSON has instead.
const FOREIGN_WORDS: &[(&str, Option<&str>)] = &[
    ("true", Some("true")),
    ("yes", Some("true")),
    ("false", Some("false")),
    ("no", Some("false")),
    ("null", Some("null")),
    ("none", Some("null")),
    ("nil", Some("null")),
    ("undefined", Some("null")),
    ("nan", None),
    ("inf", None),
    ("infinity", None),
];

impl<'t> Reader<'t> {
    /// A string value.
    #[inline(never)]
    pub(super) fn string(&mut self) -> Value<'t> {
        let start = self.at;
        let Some(string) = self.quoted() else { return Value::Broken };
        if self.at - start - 2 > self.limits.string() {
            let limit = self.limits.string();
            self.fail(Span::new(start, self.at), ErrorKind::StringTooLong { limit });
            return Value::Broken;
        }
        Value::String(string)
    }

    /// The name of a member; `None` if it was unreadable, which has been told.
    pub(super) fn key_string(&mut self) -> Option<Cow<'t, str>> {
        let start = self.at;
        let string = self.quoted()?;
        if self.at - start - 2 > self.limits.key() {
            let limit = self.limits.key();
            self.fail(Span::new(start, self.at), ErrorKind::KeyTooLong { limit });
            return None;
        }
        Some(string)
    }

    /// A text in `"`. Without escapes it is borrowed, which is nearly always.
    fn quoted(&mut self) -> Option<Cow<'t, str>> {
        let inside = self.text.get(self.at + 1..).unwrap_or_default();
        let end = scan::run(inside.as_bytes());
        if inside.as_bytes().get(end) != Some(&b'"') {
            return self.resolved();
        }
        self.at += end + 2;
        inside.get(..end).map(Cow::Borrowed)
    }

    /// The same, with escapes to be resolved, or with something wrong.
    #[cold]
    fn resolved(&mut self) -> Option<Cow<'t, str>> {
        let start = self.at;
        self.at += 1;
        let mut owned: Option<String> = None;
        loop {
            let rest = self.rest();
            let end = scan::run(rest.as_bytes());
            let run = rest.get(..end).unwrap_or_default();
            self.at += end;
            match self.peek() {
                Some(..0x20) => {
                    owned.get_or_insert_default().push_str(run);
                    self.control_character(start)?;
                }
                Some(b'"') => {
                    self.at += 1;
                    return Some(match owned {
                        None => Cow::Borrowed(run),
                        Some(text) => Cow::Owned(text + run),
                    });
                }
                Some(_) => {
                    let text = owned.get_or_insert_default();
                    text.push_str(run);
                    if let Some(character) = self.escape() {
                        text.push(character);
                    }
                    if self.finished {
                        return None;
                    }
                }
                None => {
                    self.fail(Span::new(start, start + 1), ErrorKind::UnclosedString);
                    self.finished = true;
                    return None;
                }
            }
        }
    }

    /// A raw control character. A line break ends the string: most likely a `"` was forgotten.
    fn control_character(&mut self, start: usize) -> Option<()> {
        let code = self.peek().map_or(0, u32::from);
        if matches!(code, 0x0A | 0x0D) {
            self.fail(Span::new(start, self.at), ErrorKind::UnclosedString);
            return None;
        }
        self.fail(self.here(), ErrorKind::ControlCharacter { code });
        self.at += 1;
        (!self.finished).then_some(())
    }

    /// The character an escape stands for; the place is at the backslash.
    fn escape(&mut self) -> Option<char> {
        let start = self.at;
        let letter = self.text.get(start + 1..).and_then(|rest| rest.chars().next());
        self.at = start + 1 + letter.map_or(0, char::len_utf8);
        match letter {
            Some(plain @ ('"' | '\\' | '/')) => Some(plain),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.unicode_escape(start),
            _ => {
                let escape = self.written(start);
                self.fail(Span::new(start, self.at), ErrorKind::BadEscape { escape });
                None
            }
        }
    }

    fn unicode_escape(&mut self, start: usize) -> Option<char> {
        let Ok((_, unit)) = token::hex4(self.rest()) else {
            let digits = self.rest().chars().take(4).take_while(|&c| c != '"' && c != '\\' && c >= ' ');
            let digits: usize = digits.map(char::len_utf8).sum();
            self.at += digits;
            let escape = self.written(start);
            self.fail(Span::new(start, self.at), ErrorKind::BadEscape { escape });
            return None;
        };
        self.at += 4;
        if unit == 0 && self.nuls.len() < MOST_ERRORS {
            self.nuls.push(Span::new(start, self.at));
        }
        let low = match unit {
            0xD800..0xDC00 => token::low_surrogate(self.rest()).ok().map(|(_, low)| low),
            _ => None,
        };
        if low.is_some() {
            self.at += 6;
        }
        let character = char::decode_utf16([unit].into_iter().chain(low)).next().and_then(Result::ok);
        if character.is_none() {
            let escape = self.written(start);
            self.fail(Span::new(start, self.at), ErrorKind::LoneSurrogate { escape });
        }
        character
    }

    /// A text in single or typographic marks: told, and then used as if it had the right ones.
    pub(super) fn foreign_string(&mut self) -> Option<&'t str> {
        let start = self.at;
        let mark = self.rest().chars().next()?;
        let marked = self.take(token::foreign_string)?;
        let mut inner = marked.chars();
        inner.next();
        inner.next_back();
        let inner = inner.as_str();
        self.fail(Span::new(start, self.at), ErrorKind::WrongQuotes { mark, inner: inner.to_owned() });
        Some(inner)
    }

    pub(super) fn number(&mut self) -> Value<'t> {
        let start = self.at;
        let number = self.take(token::number);
        let more = self.take(token::word).is_some();
        let span = Span::new(start, self.at);
        let kind = match number {
            Some(text) if !more => match self.too_big(text) {
                None => return Value::Number(text),
                Some(kind) => kind,
            },
            _ => {
                let text = self.written(start);
                foreign_word(&text).unwrap_or(ErrorKind::BadNumber { text })
            }
        };
        self.fail(span, kind);
        Value::Broken
    }

    fn too_big(&self, text: &str) -> Option<ErrorKind> {
        let limit = self.limits.number();
        // Zeros in front say nothing; a text of zeros without end is too long all the same.
        let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
        if digits > limit || text.len() > 2 * limit {
            return Some(ErrorKind::NumberTooLong { limit });
        }
        let with_exponent = text.bytes().any(|byte| matches!(byte, b'e' | b'E'));
        if !with_exponent {
            return None;
        }
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let zero = mantissa.bytes().all(|byte| !matches!(byte, b'1'..=b'9'));
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && (value != 0.0 || zero) => None,
            _ => Some(ErrorKind::NumberOutOfRange { text: text.to_owned() }),
        }
    }

    /// `true`, `false`, `null`, or something that is no value.
    pub(super) fn word(&mut self) -> Value<'t> {
        let start = self.at;
        if let Some(inner) = self.foreign_string() {
            return Value::String(Cow::Borrowed(inner));
        }
        let here = self.here();
        let Some(word) = self.take(token::word) else {
            let expected = "a value";
            let found = self.written_sign();
            self.at = here.range().end;
            self.fail(here, ErrorKind::Unexpected { expected, found });
            return Value::Broken;
        };
        let kind = match word {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Null,
            _ => foreign_word(word).unwrap_or_else(|| {
                let like_a_number = word.starts_with(|c: char| matches!(c, '+' | '.') || c.is_ascii_digit());
                let word = word.to_owned();
                if like_a_number {
                    ErrorKind::BadNumber { text: word }
                } else {
                    ErrorKind::NotQuoted { word }
                }
            }),
        };
        self.fail(Span::new(start, self.at), kind);
        if self.peek() == Some(b'"') {
            // The closing mark of a string without an opening one.
            self.at += 1;
        }
        Value::Broken
    }

    fn written(&self, start: usize) -> String {
        self.text.get(start..self.at).unwrap_or_default().to_owned()
    }

    fn written_sign(&self) -> String {
        let sign: String = self.rest().chars().take(1).collect();
        format!("`{}`", crate::source::shown(&sign))
    }
}

/// Is this a word that other languages have, perhaps with a sign before it?
fn foreign_word(written: &str) -> Option<ErrorKind> {
    let word = written.trim_start_matches(['+', '-']);
    let (_, instead) = FOREIGN_WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word))?;
    Some(ErrorKind::ForeignWord { word: written.to_owned(), instead: *instead })
}
