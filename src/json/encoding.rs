//! From bytes to characters: JSON is UTF-8, and anything else is named rather than guessed at.

use super::error::{Error, ErrorKind};
use super::limits::Limits;
use crate::source::Span;

/// Some editors put it in front of a text; RFC 8259 forbids it.
pub(super) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The bytes as text.
pub(super) fn decode<'t>(bytes: &'t [u8], limits: &Limits) -> Result<&'t str, Error> {
    let limit = limits.document();
    if bytes.len() > limit {
        return Err(Error::new(Span::new(limit, limit), ErrorKind::DocumentTooLong { limit }));
    }
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(Error::new(Span::new(0, 2), ErrorKind::Utf16));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let bad = bytes.get(at..).unwrap_or_default();
        let byte = bad.first().copied().unwrap_or_default();
        let overlong = matches!(bad, [0xC0 | 0xC1, ..] | [0xE0, 0x80..=0x9F, ..] | [0xF0, 0x80..=0x8F, ..]);
        Error::new(Span::new(at, at + 1), ErrorKind::NotUtf8 { byte, overlong })
    })
}
