//! An open document: its text, and places in it as editors count them.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};
use twokeys::report::lint::LintFinding;

/// How an editor counts within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Units {
    /// UTF-16 code units: what the protocol takes if nothing is agreed upon.
    #[default]
    Utf16,
    /// Bytes.
    Utf8,
}

/// A document that an editor holds open.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) version: Value,
    /// What was found in it last.
    pub(super) findings: Vec<LintFinding>,
    units: Units,
    /// Made when the first place is asked for, for one version of the text.
    lines: OnceLock<Lines>,
}

impl Text {
    pub(super) fn new(text: String, version: Value, units: Units) -> Self {
        Self { text, version, findings: Vec::new(), units, lines: OnceLock::new() }
    }

    /// The byte at a position, if it is one; positions beyond a line or the text are its end.
    pub(super) fn offset(&self, position: &Value) -> Option<usize> {
        let number = |name: &str| {
            let number = position.get(name)?.as_u64()?;
            Some(usize::try_from(number).unwrap_or(usize::MAX))
        };
        let (line, mut left) = (number("line")?, number("character")?);
        let mut start = 0;
        for _ in 0..line {
            match next_line(self.text.as_bytes(), start) {
                Some(next) => start = next,
                None => return Some(self.text.len()),
            }
        }
        let line = self.text.get(start..).unwrap_or_default();
        let line = line.split(['\n', '\r']).next().unwrap_or_default();
        for (at, character) in line.char_indices() {
            let units = match self.units {
                Units::Utf16 => character.len_utf16(),
                Units::Utf8 => character.len_utf8(),
            };
            if left < units {
                return Some(start + at);
            }
            left -= units;
        }
        Some(start + line.len())
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize) -> Value {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let bytes = self.text.as_bytes();
        let lines = self.lines.get_or_init(|| Lines::of(bytes));
        let line = lines.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = lines.starts.get(line).copied().unwrap_or_default();
        let character = match self.units {
            Units::Utf16 if offset - start <= Lines::BLOCK => bytes.get(start..offset).map_or(0, units),
            Units::Utf16 => lines.units(bytes, offset).saturating_sub(lines.units(bytes, start)),
            Units::Utf8 => offset.saturating_sub(start),
        };
        json!({ "line": line, "character": character })
    }

    /// The range of a stretch of bytes.
    pub(super) fn range(&self, start: usize, end: usize) -> Value {
        json!({ "start": self.position(start), "end": self.position(end.max(start)) })
    }

    /// The bytes of a range.
    pub(super) fn stretch(&self, range: &Value) -> Option<(usize, usize)> {
        let (start, end) = (self.offset(range.get("start")?)?, self.offset(range.get("end")?)?);
        Some((start, end.max(start)))
    }

    /// Takes over one change of the editor's: of a range, or of everything. What is no change is none.
    pub(super) fn change(&mut self, change: &Value) {
        let Some(new) = change.get("text").and_then(Value::as_str) else { return };
        match change.get("range").filter(|range| !range.is_null()) {
            Some(range) => {
                let Some((start, end)) = self.stretch(range) else { return };
                self.text.replace_range(start..end, new);
            }
            None => new.clone_into(&mut self.text),
        }
        self.lines = OnceLock::new();
    }
}

/// Where lines begin, so that no place is counted from the start of the text, or of a line of megabytes.
#[derive(Debug)]
struct Lines {
    starts: Vec<usize>,
    /// UTF-16 units before each block of bytes.
    blocks: Vec<usize>,
}

impl Lines {
    const BLOCK: usize = 1024;

    fn of(text: &[u8]) -> Self {
        let starts = std::iter::successors(Some(0), |start| next_line(text, *start)).collect();
        let mut before = 0;
        let blocks = text.chunks(Self::BLOCK).map(|block| {
            let sum = before;
            before += units(block);
            sum
        });
        Self { blocks: blocks.collect(), starts }
    }

    /// UTF-16 units before a byte.
    fn units(&self, text: &[u8], offset: usize) -> usize {
        let block = (offset / Self::BLOCK).min(self.blocks.len().saturating_sub(1));
        let sum = self.blocks.get(block).copied().unwrap_or_default();
        sum + text.get(block * Self::BLOCK..offset).map_or(0, units)
    }
}

/// Where the next line begins. A line ends with `\n`, `\r\n` or `\r`.
fn next_line(text: &[u8], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let end = memchr::memchr2(b'\n', b'\r', rest)?;
    let both = rest.get(end..)?.starts_with(b"\r\n");
    Some(start + end + 1 + usize::from(both))
}

/// UTF-16 units that begin in these bytes; a character of four bytes takes two.
fn units(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(*byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0)).sum()
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

    fn at(line: usize, character: usize) -> Value {
        json!({ "line": line, "character": character })
    }

    #[test]
    fn positions_count_as_was_agreed_upon() {
        for (units, column) in [(Units::Utf16, 4), (Units::Utf8, 7)] {
            let text = Text::new("a\nü𝄞x b\r\n".to_owned(), Value::Null, units);
            let offset = text.text.find('x').unwrap() + 1;
            assert_eq!(text.position(offset), at(1, column));
            assert_eq!(text.offset(&at(1, column)), Some(offset));
            // Within a character is before it.
            assert_eq!(text.offset(&at(1, 2)), Some(4));
        }
    }

    #[test]
    fn every_place_leads_back_to_itself() {
        let long = "é𝄞x".repeat(1_000);
        for text in ["", "a", "a\n", "a\r\nb\rc\n\nd", &format!("{long}\r\n{long}")] {
            for units in [Units::Utf16, Units::Utf8] {
                let text = Text::new(text.to_owned(), Value::Null, units);
                for (offset, _) in text.text.char_indices().chain([(text.text.len(), ' ')]) {
                    let in_break = text.text.get(..offset).unwrap().ends_with('\r')
                        && text.text.get(offset..).unwrap().starts_with('\n');
                    if !in_break {
                        assert_eq!(text.offset(&text.position(offset)), Some(offset), "{offset}");
                    }
                }
            }
        }
    }

    #[test]
    fn positions_beyond_the_text_are_its_end() {
        let text = Text::new("ab\r\ncd".to_owned(), Value::Null, Units::Utf16);
        assert_eq!(text.offset(&at(0, 99)), Some(2));
        assert_eq!(text.offset(&at(9, 0)), Some(6));
        assert_eq!(text.offset(&at(usize::MAX, usize::MAX)), Some(6));
        assert_eq!(text.position(99), at(1, 2));
        for wrong in [Value::Null, json!({"line": -1, "character": 0}), json!({"line": 0, "character": 1.5})]
        {
            assert_eq!(text.offset(&wrong), None);
        }
    }

    #[test]
    fn changes_of_ranges_and_of_everything() {
        let mut text = Text::new("𝄞ab".to_owned(), Value::Null, Units::Utf16);
        let range = json!({"start": at(0, 2), "end": at(0, 3)});
        text.change(&json!({"range": range, "text": "x"}));
        assert_eq!(text.text, "𝄞xb");
        let backwards = json!({"start": at(9, 9), "end": at(0, 0)});
        text.change(&json!({"range": backwards, "text": "\n"}));
        assert_eq!((text.text.as_str(), text.position(7)), ("𝄞xb\n", at(1, 0)));
        text.change(&json!({"range": null, "text": "new"}));
        assert_eq!(text.text, "new");
        text.change(&json!({"range": {"start": at(0, 0)}, "text": "x"}));
        text.change(&json!({}));
        assert_eq!(text.text, "new");
    }

    #[test]
    fn addresses_are_decoded() {
        assert_eq!(path_of("file:///a%20b/%C3%BC.json"), PathBuf::from("/a b/ü.json"));
        assert_eq!(path_of("untitled:Untitled-1"), PathBuf::from("untitled:Untitled-1"));
        assert_eq!(path_of("file:///a%2"), PathBuf::from("/a%2"));
    }
}
