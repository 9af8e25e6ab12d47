//! An open document: its text, and places in it as editors count them.

use std::path::PathBuf;

use serde_json::{Value, json};

/// How an editor counts within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Units {
    /// UTF-16 code units: what the protocol takes if nothing is agreed upon.
    Utf16,
    /// Bytes.
    Utf8,
}

/// A document that an editor holds open.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) version: Value,
    units: Units,
}

impl Text {
    pub(super) fn new(text: String, version: Value, units: Units) -> Self {
        Self { text, version, units }
    }

    /// The byte at a position; positions beyond a line or the text are its end.
    pub(super) fn offset(&self, position: &Value) -> usize {
        let number = |name: &str| {
            position
                .get(name)
                .and_then(Value::as_u64)
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(0)
        };
        let mut start = 0;
        for _ in 0..number("line") {
            match self.text.get(start..).and_then(|rest| rest.find('\n')) {
                Some(end) => start += end + 1,
                None => return self.text.len(),
            }
        }
        let line = self.text.get(start..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let mut left = number("character");
        for (at, character) in line.char_indices() {
            let units = match self.units {
                Units::Utf16 => character.len_utf16(),
                Units::Utf8 => character.len_utf8(),
            };
            if left < units {
                return start + at;
            }
            left -= units;
        }
        start + line.trim_end_matches('\r').len()
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize) -> Value {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = self.text.get(..offset).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_text = before.get(start..).unwrap_or_default();
        let character = match self.units {
            Units::Utf16 => line_text.encode_utf16().count(),
            Units::Utf8 => line_text.len(),
        };
        json!({ "line": line, "character": character })
    }

    /// The range of a stretch of bytes.
    pub(super) fn range(&self, start: usize, end: usize) -> Value {
        json!({ "start": self.position(start), "end": self.position(end.max(start)) })
    }

    /// Takes over one change of the editor's: of a range, or of everything.
    pub(super) fn change(&mut self, change: &Value) {
        let new = change.get("text").and_then(Value::as_str).unwrap_or_default();
        match change.get("range") {
            Some(range) => {
                let place = |name: &str| self.offset(range.get(name).unwrap_or(&Value::Null));
                let (start, end) = (place("start"), place("end"));
                self.text.replace_range(start..end.max(start), new);
            }
            None => new.clone_into(&mut self.text),
        }
    }
}

/// The file of a `file:` address; other addresses are names of their own.
pub(super) fn path_of(uri: &str) -> PathBuf {
    let Some(path) = uri.strip_prefix("file://") else { return PathBuf::from(uri) };
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = |at: usize| more.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = more.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_as_was_agreed_upon() {
        for (units, column) in [(Units::Utf16, 4), (Units::Utf8, 7)] {
            let text = Text::new("a\nü𝄞x b\r\n".to_owned(), Value::Null, units);
            let offset = text.text.find('x').unwrap() + 1;
            assert_eq!(text.position(offset), json!({"line": 1, "character": column}));
            assert_eq!(text.offset(&json!({"line": 1, "character": column})), offset);
        }
    }

    #[test]
    fn positions_beyond_the_text_are_its_end() {
        let text = Text::new("ab\r\ncd".to_owned(), Value::Null, Units::Utf16);
        assert_eq!(text.offset(&json!({"line": 0, "character": 99})), 2);
        assert_eq!(text.offset(&json!({"line": 9, "character": 0})), 6);
        assert_eq!(text.offset(&Value::Null), 0);
        assert_eq!(text.offset(&json!({"line": -1, "character": 1.5})), 0);
    }

    #[test]
    fn changes_of_ranges_and_of_everything() {
        let mut text = Text::new("𝄞ab".to_owned(), Value::Null, Units::Utf16);
        let range = json!({"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 3}});
        text.change(&json!({"range": range, "text": "x"}));
        assert_eq!(text.text, "𝄞xb");
        text.change(&json!({"text": "new"}));
        assert_eq!(text.text, "new");
    }

    #[test]
    fn addresses_are_decoded() {
        assert_eq!(path_of("file:///a%20b/%C3%BC.json"), PathBuf::from("/a b/ü.json"));
        assert_eq!(path_of("untitled:Untitled-1"), PathBuf::from("untitled:Untitled-1"));
        assert_eq!(path_of("file:///a%2"), PathBuf::from("/a%2"));
    }
}
