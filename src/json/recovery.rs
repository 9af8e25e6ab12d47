//! How the reader goes on after a mistake, and where it gives up.
//!
//! Nothing is repaired: a text with one mistake is refused. Going on only makes sure that the next mistake is
//! found in the same run; giving up, that one mistake is told once.

use super::error::ErrorKind;
use super::reader::Reader;
use super::{Value, token};
use crate::source::Span;

impl<'t> Reader<'t> {
    /// What stands between two neighbors. Gives the comma's place if there is one.
    pub(super) fn separator(&mut self, last: &Value<'_>, expected: &'static str) -> Option<Span> {
        let end = self.at;
        if *last == Value::Broken && !self.finished {
            self.skip(0);
            self.skipped |= self.at > end;
        }
        self.white_space();
        match self.peek() {
            Some(b',') => {
                let comma = self.here();
                self.at += 1;
                return Some(comma);
            }
            _ if *last == Value::Broken || self.finished => {}
            Some(b']' | b'}') | None => {}
            Some(b'"' | b'\'' | b'{' | b'[' | b'-' | b'0'..=b'9') => {
                self.fail(Span::new(end, end), ErrorKind::MissingComma);
            }
            Some(sign) => {
                let here = self.here();
                self.fail(here, ErrorKind::Unexpected { expected, found: self.found() });
                match sign {
                    // Meant as a comma.
                    b';' => {
                        self.at += 1;
                        return Some(here);
                    }
                    // A name and a value in a list: most likely its `]` was forgotten.
                    b':' => self.finished = true,
                    _ => return self.separator(&Value::Broken, expected),
                }
            }
        }
        None
    }

    pub(super) fn wrong_bracket(&mut self, open: char, start: usize) {
        let found = if open == '[' { '}' } else { ']' };
        let opened = Span::new(start, start + 1);
        self.fail(self.here(), ErrorKind::WrongBracket { open, found, opened });
        self.finished = true;
    }

    pub(super) fn unclosed(&mut self, open: char, start: usize) {
        self.fail(Span::new(start, start + 1), ErrorKind::Unclosed { open });
        self.finished = true;
    }

    pub(super) fn end_of_text(&mut self, expected: &'static str) -> Value<'t> {
        self.fail(self.here(), ErrorKind::Unexpected { expected, found: self.found() });
        self.finished = true;
        Value::Broken
    }

    pub(super) fn too_deep(&mut self, start: usize) -> Value<'t> {
        self.fail(Span::new(start, start + 1), ErrorKind::TooDeep { limit: self.limits.depth() });
        self.skip(1);
        Value::Broken
    }

    /// Goes on to the next comma or closing bracket that belongs to the current list or object, or
    /// to a string on a new line. `nested` brackets are open in what is skipped.
    fn skip(&mut self, mut nested: usize) {
        let from = nested;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'[' | b'{' => nested += 1,
                b',' | b']' | b'}' if nested == 0 => return,
                b']' | b'}' => {
                    nested -= 1;
                    if nested == 0 && from > 0 {
                        self.at += 1;
                        return;
                    }
                }
                b'\n' if nested == 0 => {
                    self.take(token::white_space);
                    if self.peek() == Some(b'"') {
                        return;
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        // What is missing at the end may be in what was skipped.
        self.finished = true;
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => return,
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.at = self.text.len().min(self.at + 2),
                _ => self.at += 1,
            }
        }
    }
}
