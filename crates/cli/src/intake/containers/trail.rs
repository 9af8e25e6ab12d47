//! Where each byte of a text that is being put together came from.
//!
//! In most pieces the text stands in the file byte for byte; the others (an escape, a folded line, a value that is
//! filled in later) stand for some bytes of the file as a whole. Trails are chained, so that strings in strings
//! and percent-encoding need no code of their own.

use twokeys::source::Span;

use crate::intake::found::{Map, Piece};

/// The way from a text back to its source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trail {
    /// In the order of the text, without gaps.
    pieces: Vec<Piece>,
}

fn is_even(piece: &Piece) -> bool {
    piece.text.end - piece.text.start == piece.file.end - piece.file.start
}

impl Trail {
    /// Goes on with `len` bytes of text made from `file`: byte for byte if both are of one length.
    pub(super) fn push(&mut self, len: usize, file: Span) {
        if len == 0 {
            return;
        }
        let start = self.len();
        let piece = Piece { text: Span::new(start, start + len), file };
        match self.pieces.last_mut() {
            Some(last) if is_even(last) && is_even(&piece) && last.file.end == file.start => {
                last.text.end = piece.text.end;
                last.file.end = piece.file.end;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// The length of the text so far.
    pub(super) fn len(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.text.end as usize)
    }

    /// What a part of the text was made from.
    pub(super) fn span(&self, span: Span) -> Span {
        let first = self.at(span.start);
        let Some(first) = first else {
            let end = self.pieces.last().map_or(0, |piece| piece.file.end);
            return Span { start: end, end };
        };
        let start = if is_even(first) {
            first.file.start + (span.start - first.text.start)
        } else {
            first.file.start
        };
        let end = match span.end.checked_sub(1).and_then(|last| self.at(last)) {
            _ if span.end <= span.start => start,
            Some(last) if is_even(last) => last.file.start + (span.end - last.text.start),
            Some(last) => last.file.end,
            None => self.pieces.last().map_or(start, |piece| piece.file.end),
        };
        Span { start, end: end.max(start) }
    }

    fn at(&self, offset: u32) -> Option<&Piece> {
        self.pieces.get(self.pieces.partition_point(|piece| piece.text.end <= offset))
    }

    /// Goes on with a part of a text that has a trail of its own.
    pub(super) fn extend(&mut self, other: &Self, part: Span) {
        let mut at = part.start;
        while at < part.end {
            let Some(piece) = other.at(at) else {
                return self.push((part.end - at) as usize, other.span(part));
            };
            let end = piece.text.end.min(part.end);
            self.push((end - at) as usize, other.span(Span { start: at, end }));
            at = end;
        }
    }

    /// The trail of a text whose source is itself a text with a trail.
    pub(super) fn through(&self, source: &Self) -> Self {
        let mut whole = Self::default();
        for piece in &self.pieces {
            if is_even(piece) {
                whole.extend(source, piece.file);
            } else {
                whole.push((piece.text.end - piece.text.start) as usize, source.span(piece.file));
            }
        }
        whole
    }

    /// In the form in which findings are taken back to the file.
    pub(super) fn into_map(self) -> Map {
        Map::Pieces(self.pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_are_chained_piece_by_piece() {
        // The file `%22a\u0062`, the string `%22ab` in it, the text `"ab` in that.
        let mut string = Trail::default();
        string.push(4, Span::new(10, 14));
        string.push(1, Span::new(14, 20));
        let mut text = Trail::default();
        text.push(1, Span::new(0, 3));
        text.push(2, Span::new(3, 5));
        let whole = text.through(&string);
        assert_eq!(whole.len(), 3);
        for (start, end, expected) in
            [(0, 1, (10, 13)), (1, 2, (13, 14)), (2, 3, (14, 20)), (0, 3, (10, 20)), (3, 3, (20, 20))]
        {
            assert_eq!(
                whole.span(Span::new(start, end)),
                Span::new(expected.0, expected.1),
                "{start}..{end}"
            );
        }
    }

    #[test]
    fn neighbors_become_one_piece() {
        let mut trail = Trail::default();
        trail.push(2, Span::new(5, 7));
        trail.push(3, Span::new(7, 10));
        trail.push(0, Span::new(0, 9));
        assert_eq!(trail.pieces.len(), 1);
        assert_eq!(trail.span(Span::new(1, 4)), Span::new(6, 9));
    }
}
