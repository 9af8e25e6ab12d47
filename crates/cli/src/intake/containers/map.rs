//! From places in a policy's text to places in the file it came from.
//!
//! A map is a list of pieces. In most of them the text stands in the file byte for byte and a place is
//! moved by a distance; the others (an escape, a value that is filled in later, punctuation that YAML does not have)
//! stand for a few bytes of the file as a whole. Maps can be chained, so that a string in a string and
//! percent-encoding need no code of their own.

use twokeys::source::Span;

/// A map from bytes of a text to bytes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Map {
    /// In the order of the text, without gaps.
    pieces: Vec<Piece>,
}

/// A part of the text and its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    text: Span,
    file: Span,
}

impl Piece {
    /// Is it there byte for byte?
    fn is_plain(self) -> bool {
        self.text.end - self.text.start == self.file.end - self.file.start
    }
}

impl Map {
    /// The map of a text that stands in the file as it is, from `start` on.
    pub(crate) fn shift(len: usize, start: usize) -> Self {
        let mut map = Self::default();
        map.push(len, Span::new(start, start + len));
        map
    }

    /// Goes on with `len` bytes of text that stand for `file`: byte for byte if both are of one length.
    pub(super) fn push(&mut self, len: usize, file: Span) {
        let start = self.len();
        let piece = Piece { text: Span::new(start, start + len), file };
        if let Some(last) = self.pieces.last_mut()
            && last.is_plain()
            && piece.is_plain()
            && last.file.end == file.start
        {
            last.text.end = piece.text.end;
            last.file.end = piece.file.end;
        } else if len > 0 {
            self.pieces.push(piece);
        }
    }

    /// The length of the text.
    pub(super) fn len(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.text.end as usize)
    }

    /// The bytes of the file for a range of the text.
    pub(crate) fn span(&self, span: Span) -> Span {
        let start = self.start(span.start);
        let end = if span.end > span.start { self.end(span.end) } else { start };
        Span { start: start.min(end), end: end.max(start) }
    }

    fn start(&self, at: u32) -> u32 {
        let index = self.pieces.partition_point(|piece| piece.text.end <= at);
        match self.pieces.get(index) {
            Some(piece) if piece.is_plain() => piece.file.start + at.saturating_sub(piece.text.start),
            Some(piece) => piece.file.start,
            None => self.pieces.last().map_or(0, |piece| piece.file.end),
        }
    }

    fn end(&self, at: u32) -> u32 {
        let index = self.pieces.partition_point(|piece| piece.text.end < at);
        match self.pieces.get(index) {
            Some(piece) if piece.is_plain() => piece.file.start + at.saturating_sub(piece.text.start),
            Some(piece) => piece.file.end,
            None => self.pieces.last().map_or(0, |piece| piece.file.end),
        }
    }
}
