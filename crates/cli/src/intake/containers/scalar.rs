//! From the value of a string to the bytes that it is written with: JSON, and the five styles of YAML.
//!
//! The reader of the file says what the value is; here both are walked side by side. Where they do not fit as
//! expected the whole string stands for the whole value: coarse, never wrong.

use twokeys::source::Span;

use super::trail::Trail;

/// The trail of `value`, a string that stands at `span` of `file`.
pub(super) fn trail(file: &str, span: Span, value: &str) -> Trail {
    let raw = file.get(span.range()).unwrap_or_default();
    aligned(raw, span.start as usize, value).unwrap_or_else(|| {
        let mut whole = Trail::default();
        whole.push(value.len(), span);
        whole
    })
}

/// Does the string stand in quotation marks?
pub(super) fn is_quoted(file: &str, span: Span) -> bool {
    file.get(span.range()).is_some_and(|raw| raw.len() > 1 && raw.starts_with(['"', '\'']))
}

fn aligned(raw: &str, start: usize, value: &str) -> Option<Trail> {
    let mark = raw.bytes().next().unwrap_or_default();
    let mut at = match mark {
        b'"' | b'\'' => 1,
        // The line of a block's header is no part of the value.
        b'|' | b'>' => raw.find('\n').map_or(raw.len(), |end| end + 1),
        _ => 0,
    };
    let mut trail = Trail::default();
    let mut rest = value;
    while let Some(character) = rest.chars().next() {
        let ahead = raw.get(at..)?;
        if ahead.is_empty() && spaces(rest) == rest.len() {
            // The last line breaks of a block are not counted to its place.
            trail.push(rest.len(), Span::new(start + at, start + at));
            break;
        }
        let (taken, from) = match ahead.bytes().next()? {
            b'\\' if mark == b'"' => escape(ahead, character),
            b'\'' if mark == b'\'' && ahead.starts_with("''") => (1, 2),
            byte if is_space(byte) => {
                let from = spaces(ahead);
                (made_of(ahead.get(..from)?, rest, mark), from)
            }
            _ if ahead.starts_with(character) => (character.len_utf8(), character.len_utf8()),
            _ => return None,
        };
        trail.push(taken, Span::new(start + at, start + at + from));
        at += from;
        rest = rest.get(taken..)?;
    }
    Some(trail)
}

/// How many bytes of the value an escape makes, and how many it takes.
fn escape(ahead: &str, character: char) -> (usize, usize) {
    let made = character.len_utf8();
    match ahead.as_bytes().get(1) {
        Some(b'x') => (made, 4),
        // A character beyond U+FFFF is two escapes in JSON.
        Some(b'u') if made == 4 => (made, 12),
        Some(b'u') => (made, 6),
        Some(b'U') => (made, 10),
        Some(b'\r' | b'\n') => (0, 1 + spaces(ahead.get(1..).unwrap_or_default())),
        _ => (made, 2),
    }
}

/// How many bytes of the value a run of white space makes: lines are folded, indentation is dropped.
fn made_of(run: &str, rest: &str, mark: u8) -> usize {
    let breaks = run.bytes().filter(|byte| *byte == b'\n').count();
    let ready = spaces(rest);
    match (breaks, mark) {
        (0, _) => ready.min(run.len()),
        (_, b'"') => ready.min(breaks.saturating_sub(1).max(1)),
        _ => ready,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn spaces(text: &str) -> usize {
    text.bytes().take_while(|byte| is_space(*byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each character of the value but white space, what it is written with.
    fn written(raw: &str, value: &str) -> Vec<String> {
        let file = format!("key: {raw}");
        let trail = trail(&file, Span::new(5, file.len()), value);
        let shown = value.char_indices().filter(|(_, character)| !character.is_whitespace());
        shown
            .map(|(at, character)| {
                let span = trail.span(Span::new(at, at + character.len_utf8()));
                file.get(span.range()).unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn every_style_leads_back_to_what_is_written() {
        for (raw, value, expected) in [
            (r#""a\"\u00e9\ud83d\ude00b""#, "a\"é😀b", vec!["a", "\\\"", "\\u00e9", "\\ud83d\\ude00", "b"]),
            ("'it''s é'", "it's é", vec!["i", "t", "''", "s", "é"]),
            ("ab\n  cd", "ab cd", vec!["a", "b", "c", "d"]),
            ("\"a\\\n   b\\x41\n\n  c\"", "abA\nc", vec!["a", "b", "\\x41", "c"]),
            ("|\r\n   {\r\n    x\r\n   }\r\n", "{\n x\n}\n", vec!["{", "x", "}"]),
            (">-\n  a\n  b\n\n  c\n", "a b\nc", vec!["a", "b", "c"]),
        ] {
            assert_eq!(written(raw, value), expected, "{raw}");
        }
    }

    #[test]
    fn what_does_not_fit_stands_for_the_whole() {
        assert_eq!(written("abc", "xy"), ["abc", "abc"]);
        assert_eq!(written("\"ab", "abcd"), ["\"ab"; 4]);
    }
}
