//! Data as JSON that is safe to look at: what could forge a terminal is written by its number (RL-025).
//!
//! JSON leaves direction marks, invisible characters and most control characters as they are. A reader
//! gets the same text back from `\u202e` as from the character itself; a person who pages through the
//! output sees what is there.

use std::fmt::Write;

use serde::Serialize;

use super::plain;
use crate::source::is_hidden;

/// A value as one line, without a line break.
///
/// # Errors
///
/// The value cannot be written as JSON, such as a map with keys that are no texts.
pub fn json_line(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(visible)
}

/// Adds a value to a text as one line with its line break, and nothing if it cannot be written.
///
/// # Errors
///
/// As for [`json_line`].
pub fn push_json_line(
    text: &mut Vec<u8>,
    value: &(impl Serialize + ?Sized),
) -> Result<(), serde_json::Error> {
    let start = text.len();
    if plain::push(text, value).is_err() {
        text.truncate(start);
        text.extend_from_slice(json_line(value)?.as_bytes());
    }
    text.push(b'\n');
    Ok(())
}

/// A value laid out over several lines, without a line break at the end.
///
/// # Errors
///
/// As for [`json_line`].
pub fn json_pretty(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(visible)
}

/// Hidden characters stand in strings only, but for the line breaks of the layout. (A `String` takes all text.)
fn visible(json: String) -> String {
    let is_to_go = |character: char| character != '\n' && is_hidden(character);
    // Most text is plain. Looking at all of it is quicker than stopping at the first byte that is not.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if json.bytes().fold(true, |plain, byte| plain & is_plain(byte)) || !json.contains(is_to_go) {
        return json;
    }
    let mut visible = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_to_go(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(visible, "\\u{unit:04x}");
            }
        } else {
            visible.push(character);
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rl_025_hidden_characters_are_escaped_and_read_back() {
        let text = "a\u{7f}b\u{9b}31m\u{202e}\u{200b}\u{feff}\u{e0041}\u{1b}\né✓";
        let value = serde_json::json!({ "text": text, "list": [1, {}] });
        for shown in [json_line(&value).unwrap(), json_pretty(&value).unwrap()] {
            assert!(!shown.chars().any(|c| c != '\n' && is_hidden(c)), "{shown:?}");
            assert!(shown.contains(r"a\u007fb\u009b31m\u202e\u200b\ufeff\udb40\udc41\u001b\né✓"), "{shown}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }
        assert_eq!(json_pretty(&value).unwrap().lines().count(), 7);
        let mut lines = b"before\n".to_vec();
        push_json_line(&mut lines, &value).unwrap();
        assert_eq!(lines, format!("before\n{}\n", json_line(&value).unwrap()).as_bytes());
    }
}
