//! A policy that was found in a file: alone, or inside something else.
//!
//! Whatever a file is, linting it begins with a list of these. The text of a policy is JSON and has
//! places of its own; a [`Map`] takes them back to the bytes of the file.

use std::sync::Arc;

use twokeys::policy::PolicyType;
use twokeys::source::Span;

/// One policy of a file.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The policy as the reader takes it. For a file that is a policy, the file.
    pub(crate) text: Arc<[u8]>,
    /// From the text to the file.
    pub(crate) map: Map,
    /// What it is attached to; none if its container does not say, to be guessed.
    pub(crate) kind: Option<PolicyType>,
    /// Whose policy it is, for resource policies: `s3`, `sqs`, …
    pub(crate) service: Option<String>,
    /// Who has it, if that is known: `user/alice`, `role/Ops`, or only `user`, `group`, `role`.
    pub(crate) attached_to: Vec<String>,
    /// Was it found in a template?
    pub(crate) template: bool,
    /// The name of the policy, the resource or the construct.
    pub(crate) name: Option<String>,
    /// Where it lies in its container, as a JSON path; `$` for a policy of its own.
    pub(crate) path: String,
    /// Is it a text inside a text? Then no edit is offered.
    pub(crate) embedded: bool,
    /// Places in the text whose value is known only when it is deployed, each with what stands there.
    pub(crate) holes: Vec<(Span, String)>,
    /// Findings that the container itself accepts.
    pub(crate) accepted: Vec<Accepted>,
    /// Policies that apply to the same identity always: their numbers in the list.
    pub(crate) beside: Vec<usize>,
}

/// A finding that a comment or the metadata of a template accepts.
#[derive(Debug, Clone)]
pub(crate) struct Accepted {
    /// `comment` or `metadata`.
    pub(crate) by: &'static str,
    /// The code or name of a rule.
    pub(crate) code: String,
    /// Only in the statement of this name.
    pub(crate) sid: Option<String>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// The last day, as `2027-01-31`.
    pub(crate) until: Option<String>,
    /// Where it stands in the file.
    pub(crate) span: Span,
    /// Only for findings in this part of the file.
    pub(crate) within: Option<Span>,
}

/// Takes places in the text of a policy to places in its file.
#[derive(Debug, Clone, Default)]
pub(crate) enum Map {
    /// The text is the file.
    #[default]
    Same,
    /// The text lies in the file as it is, this many bytes from its beginning.
    Shifted(u32),
    /// Piece by piece, in the order of the text.
    Pieces(Vec<Piece>),
}

/// A stretch of the text and what it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// In the text of the policy.
    pub(crate) text: Span,
    /// In the file. If both are equally long they correspond byte by byte; else only as wholes.
    pub(crate) file: Span,
}

impl Found {
    /// A file that is a policy.
    pub(crate) fn whole(text: Arc<[u8]>) -> Self {
        Self {
            text,
            map: Map::Same,
            kind: None,
            service: None,
            attached_to: Vec::new(),
            template: false,
            name: None,
            path: "$".to_owned(),
            embedded: false,
            holes: Vec::new(),
            accepted: Vec::new(),
            beside: Vec::new(),
        }
    }
}

impl Map {
    /// Where a place of the text stands in the file.
    pub(crate) fn to_file(&self, span: Span) -> Span {
        match self {
            Self::Same => span,
            Self::Shifted(by) => {
                Span { start: span.start.saturating_add(*by), end: span.end.saturating_add(*by) }
            }
            Self::Pieces(pieces) => {
                let start = start_of(pieces, span.start);
                let end = if span.end > span.start { end_of(pieces, span.end) } else { start };
                Span { start, end: end.max(start) }
            }
        }
    }

    /// Does the text stand in the file byte for byte, so that an edit of one is an edit of the other?
    pub(crate) fn is_verbatim(&self) -> bool {
        matches!(self, Self::Same | Self::Shifted(_))
    }
}

impl Piece {
    fn is_even(&self) -> bool {
        self.text.end.abs_diff(self.text.start) == self.file.end.abs_diff(self.file.start)
    }
}

/// What an offset of the text at which something begins becomes.
fn start_of(pieces: &[Piece], offset: u32) -> u32 {
    let after = pieces.partition_point(|piece| piece.text.start <= offset);
    match after.checked_sub(1).and_then(|at| pieces.get(at)) {
        Some(piece) if offset < piece.text.end && piece.is_even() => {
            piece.file.start + (offset - piece.text.start)
        }
        Some(piece) if offset < piece.text.end => piece.file.start,
        // Between two pieces: what was written to join them. The next one is what is meant.
        _ => pieces
            .get(after)
            .map_or_else(|| pieces.last().map_or(0, |last| last.file.end), |next| next.file.start),
    }
}

/// What an offset of the text at which something ends becomes.
fn end_of(pieces: &[Piece], offset: u32) -> u32 {
    let after = pieces.partition_point(|piece| piece.text.start < offset);
    match after.checked_sub(1).and_then(|at| pieces.get(at)) {
        Some(piece) if offset <= piece.text.end && piece.is_even() => {
            piece.file.start + (offset - piece.text.start)
        }
        Some(piece) => piece.file.end,
        None => pieces.first().map_or(0, |first| first.file.start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_through_escapes_and_shifts() {
        // `a"b` in the text, `a\"b` in the file, ten bytes on.
        let pieces = vec![
            Piece { text: Span::new(0, 1), file: Span::new(10, 11) },
            Piece { text: Span::new(1, 2), file: Span::new(11, 13) },
            Piece { text: Span::new(2, 3), file: Span::new(13, 14) },
        ];
        let map = Map::Pieces(pieces);
        for (span, expected) in [
            (Span::new(0, 1), Span::new(10, 11)),
            (Span::new(1, 2), Span::new(11, 13)),
            (Span::new(0, 3), Span::new(10, 14)),
            (Span::new(2, 2), Span::new(13, 13)),
            (Span::new(3, 3), Span::new(14, 14)),
        ] {
            assert_eq!(map.to_file(span), expected, "{span:?}");
        }
        assert!(!map.is_verbatim() && Map::Same.is_verbatim());
        assert_eq!(Map::Shifted(4).to_file(Span::new(1, 2)), Span::new(5, 6));
        assert_eq!(Map::Pieces(Vec::new()).to_file(Span::new(1, 2)), Span::new(0, 0));
    }
}
