//! Where something stands in a text, and what a person is told about it.
//!
//! Readers work with byte offsets ([`Span`]); people want a line and a column ([`Position`]).
//! Everything that can be wrong at a place ends as a [`Diagnostic`], so that one renderer serves
//! the reader, the request reader and the linter alike.

use std::ops::Range;

/// A range of bytes in a text: `start` is inside, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset of the byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span of the given byte offsets.
    ///
    /// Texts are limited far below 4 GiB; an offset beyond that is held at the end.
    pub fn new(start: usize, end: usize) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: offset(start), end: offset(end) }
    }

    /// The same range in the form in which slices take it.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people name it. Both count from 1; columns count characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// The position of a byte offset in `text`.
    ///
    /// ```
    /// use twokeys::source::Position;
    ///
    /// assert_eq!(Position::of("{\n  \"é\": 1", 9), Position { line: 2, column: 7 });
    /// ```
    pub fn of(text: impl AsRef<[u8]>, offset: usize) -> Self {
        let text = text.as_ref();
        let before = text.get(..offset).unwrap_or(text);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let starts_character = |byte: &&u8| **byte & 0xC0 != 0x80;
        Self {
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            column: 1 + before.iter().skip(line_start).filter(starts_character).count(),
        }
    }
}

/// Where the lines of a text begin, for many positions in it.
///
/// [`Position::of`] walks the text from its start; thousands of places in a text of megabytes want this.
#[derive(Debug, Clone)]
pub struct Positions {
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters begin before each block of bytes.
    characters: Vec<usize>,
}

impl Positions {
    const BLOCK: usize = 128;

    /// Looks through a text.
    pub fn new(text: &[u8]) -> Self {
        let begins = memchr::memchr_iter(b'\n', text).map(|at| at + 1);
        let mut before = 0;
        let characters = text.chunks(Self::BLOCK).map(|block| {
            let sum = before;
            before += characters(block);
            sum
        });
        let characters = characters.collect();
        Self { lines: std::iter::once(0).chain(begins).collect(), characters }
    }

    /// The same as [`Position::of`] for the text that was looked through.
    pub fn of(&self, text: &[u8], offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.lines.partition_point(|begin| *begin <= offset);
        let begin = line.checked_sub(1).and_then(|at| self.lines.get(at)).copied().unwrap_or_default();
        let column = 1 + self.before(text, offset).saturating_sub(self.before(text, begin));
        Position { line, column }
    }

    /// How many characters begin before a byte.
    fn before(&self, text: &[u8], offset: usize) -> usize {
        let block = (offset / Self::BLOCK).min(self.characters.len().saturating_sub(1));
        let sum = self.characters.get(block).copied().unwrap_or_default();
        sum + text.get(block * Self::BLOCK..offset).map_or(0, characters)
    }
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    // Most text is ASCII, which is quicker seen than counted.
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// How much a [`Diagnostic`] weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// A remark.
    Info,
    /// Probably a mistake.
    Warning,
    /// A mistake.
    Error,
}

/// One thing that is wrong at one place, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code that `twokeys explain` knows, such as `E128`.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands beside the caret: what was expected here. May be empty.
    pub label: String,
    /// Another place that belongs to it, with a few words.
    pub other: Option<(Span, String)>,
    /// The smallest change that mends it.
    pub help: Option<String>,
}

/// A value together with the place where it was read.
///
/// Two of them are equal if the values are: where something stands is not part of what it says.
#[derive(Debug, Clone, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the text.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

/// A text from outside, made fit for a message: escaped, and cut if it is long.
///
/// ```
/// assert_eq!(twokeys::source::shown("Al\u{1b}low"), "Al\\u{1b}low");
/// ```
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => escaped(text.get(..end).unwrap_or_default()) + "…",
        None => escaped(text),
    }
}

/// A text without the characters that could forge what a terminal shows (RL-025).
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Is this a control character, a direction mark or invisible?
pub fn is_hidden(character: char) -> bool {
    character.is_control() || HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&character))
}

/// Beside control characters: soft hyphen, direction marks and overrides, zero-width characters, line and
/// paragraph separators, annotation marks, tags.
const HIDDEN: &[(char, char)] = &[
    ('\u{AD}', '\u{AD}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{180E}', '\u{180E}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFF9}', '\u{FFFB}'),
    ('\u{E0000}', '\u{E007F}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "ab\ncé\n";
        for (offset, line, column) in [(0, 1, 1), (2, 1, 3), (3, 2, 1), (6, 2, 3), (7, 3, 1), (99, 3, 1)] {
            assert_eq!(Position::of(text, offset), Position { line, column }, "offset {offset}");
        }
    }

    #[test]
    fn many_positions_are_those_found_one_by_one() {
        let long = format!("{}\n{}", "é".repeat(3000), "x\n".repeat(900));
        for text in ["", "\n", "ab\ncé\n", &long, &"y".repeat(Positions::BLOCK)] {
            let positions = Positions::new(text.as_bytes());
            for offset in (0..text.len() + 3).step_by(if text.len() > 99 { 37 } else { 1 }) {
                let one = Position::of(text, offset);
                assert_eq!(positions.of(text.as_bytes(), offset), one, "{} {offset}", text.len());
            }
        }
    }

    #[test]
    fn spans_join_and_equality_ignores_them() {
        assert_eq!(Span::new(3, 5).to(Span::new(1, 4)), Span::new(1, 5));
        assert_eq!(Spanned::new("a", Span::new(0, 1)), Spanned::new("a", Span::new(7, 8)));
    }
}
