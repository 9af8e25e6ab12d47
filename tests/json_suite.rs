//! The JSON test suite of Nicolas Seriot, where it exists beside the project.
//!
//! `y_` files are read and `n_` files refused, but for the two with duplicate keys; what the suite leaves
//! open is pinned here (RL-020).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use twokeys::json::{self, Limits, Node, Value};

use crate::outside;

/// `y_` files that are refused: a name given twice has no single meaning.
const STRICTER: &[&str] = &["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

/// Of what the suite leaves open, all is refused but these: whole numbers keep their digits.
const OPEN_AND_READ: &[&str] = &[
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
    "number_-9223372036854775808.json",
    "number_-9223372036854775809.json",
    "number_1.0.json",
    "number_1.000000000000000005.json",
    "number_1000000000000000.json",
    "number_10000000000000000999.json",
    "number_1e6.json",
    "number_9223372036854775807.json",
    "number_9223372036854775808.json",
    "object_key_nfc_nfd.json",
    "object_key_nfd_nfc.json",
    "string_with_escaped_NULL.json",
];

/// What is refused among the open ones, by a word of the message.
const OPEN_AND_REFUSED: &[(&str, &str)] = &[
    ("i_number_double_huge_neg_exp.json", "out of range"),
    ("i_number_huge_exp.json", "more than 64 digits"),
    ("i_number_neg_int_huge_exp.json", "out of range"),
    ("i_number_pos_double_huge_exp.json", "out of range"),
    ("i_number_real_neg_overflow.json", "out of range"),
    ("i_number_real_pos_overflow.json", "out of range"),
    ("i_number_real_underflow.json", "out of range"),
    ("i_object_key_lone_2nd_surrogate.json", "surrogate"),
    ("i_string_1st_surrogate_but_2nd_missing.json", "surrogate"),
    ("i_string_1st_valid_surrogate_2nd_invalid.json", "surrogate"),
    ("i_string_UTF-16LE_with_BOM.json", "UTF-16"),
    ("i_string_UTF-8_invalid_sequence.json", "not UTF-8"),
    ("i_string_UTF8_surrogate_U+D800.json", "not UTF-8"),
    ("i_string_incomplete_surrogate_and_escape_valid.json", "surrogate"),
    ("i_string_incomplete_surrogate_pair.json", "surrogate"),
    ("i_string_incomplete_surrogates_escape_valid.json", "surrogate"),
    ("i_string_invalid_lonely_surrogate.json", "surrogate"),
    ("i_string_invalid_surrogate.json", "surrogate"),
    ("i_string_invalid_utf-8.json", "not UTF-8"),
    ("i_string_inverted_surrogates_U+1D11E.json", "surrogate"),
    ("i_string_iso_latin_1.json", "not UTF-8"),
    ("i_string_lone_second_surrogate.json", "surrogate"),
    ("i_string_lone_utf8_continuation_byte.json", "not UTF-8"),
    ("i_string_not_in_unicode_range.json", "not UTF-8"),
    ("i_string_overlong_sequence_2_bytes.json", "longer than need be"),
    ("i_string_overlong_sequence_6_bytes.json", "not UTF-8"),
    ("i_string_overlong_sequence_6_bytes_null.json", "not UTF-8"),
    ("i_string_truncated-utf-8.json", "not UTF-8"),
    ("i_string_utf16BE_no_BOM.json", "UTF-16"),
    ("i_string_utf16LE_no_BOM.json", "UTF-16"),
    ("i_structure_500_nested_arrays.json", "nested more than 64 deep"),
    ("i_structure_UTF-8_BOM_empty_object.json", "byte-order mark"),
    ("number_1e-999.json", "out of range"),
    ("object_same_key_different_values.json", "given twice"),
    ("object_same_key_same_value.json", "given twice"),
    ("object_same_key_unclear_values.json", "given twice"),
    ("string_1_escaped_invalid_codepoint.json", "surrogate"),
    ("string_1_invalid_codepoint.json", "not UTF-8"),
    ("string_2_escaped_invalid_codepoints.json", "surrogate"),
    ("string_2_invalid_codepoints.json", "not UTF-8"),
    ("string_3_escaped_invalid_codepoints.json", "surrogate"),
    ("string_3_invalid_codepoints.json", "not UTF-8"),
];

/// What the file must come to: nothing if it is read, else a word of the message.
fn expected(name: &str) -> Option<&'static str> {
    if STRICTER.contains(&name) {
        return Some("given twice");
    }
    if name.starts_with("y_") || OPEN_AND_READ.contains(&name) {
        return None;
    }
    if name.starts_with("n_") {
        return Some("");
    }
    let pinned = OPEN_AND_REFUSED.iter().find(|(file, _)| *file == name);
    Some(pinned.unwrap_or_else(|| panic!("{name}: the outcome is not pinned")).1)
}

#[test]
fn rl_020_every_file_of_the_suite_comes_out_as_pinned() {
    let Some(folder) = unpacked() else { return };
    let mut wrong = Vec::new();
    let mut counts = [0, 0];
    for path in ["test_parsing", "test_transform"].into_iter().flat_map(|part| files(&folder.join(part))) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let begin = Instant::now();
        let reading = json::read(&bytes, &Limits::default());
        if begin.elapsed() > Duration::from_secs(5) {
            wrong.push(format!("{name}: took {:?}", begin.elapsed()));
        }
        let messages: Vec<String> = reading.errors.iter().map(ToString::to_string).collect();
        counts[usize::from(messages.is_empty())] += 1;
        let right = match expected(name) {
            None => {
                messages.is_empty() && same(&reading.root.unwrap(), &serde_json::from_slice(&bytes).unwrap())
            }
            Some(word) => messages.iter().any(|message| message.contains(word)),
        };
        if !right {
            wrong.push(format!("{name}: {messages:?}"));
        }
        for error in &reading.errors {
            assert!(error.span().range().end <= bytes.len(), "{name}: {error:?}");
            assert!(error.span().start <= error.span().end, "{name}: {error:?}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(counts, [188 + 2 + OPEN_AND_REFUSED.len(), 93 + OPEN_AND_READ.len()]);
    assert_eq!(counts.iter().sum::<usize>(), 340);
}

#[test]
fn rl_020_numbers_keep_their_digits() {
    for text in ["9007199254740993", "-0", "1.000000000000000005", "10000000000000000999", "0.10", "1E+2"] {
        let reading = json::read(text.as_bytes(), &Limits::default());
        assert_eq!(reading.root.unwrap().value, Value::Number(text));
    }
}

/// Did `serde_json` read the same? Numbers are compared by its reading of their text.
fn same(node: &Node<'_>, other: &serde_json::Value) -> bool {
    match (&node.value, other) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(left), serde_json::Value::Bool(right)) => left == right,
        (Value::Number(text), serde_json::Value::Number(_)) => {
            serde_json::from_str::<serde_json::Value>(text).unwrap() == *other
        }
        (Value::String(left), serde_json::Value::String(right)) => left == right,
        (Value::Array(left), serde_json::Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), serde_json::Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|member| right.get(&*member.key).is_some_and(|other| same(&member.value, other)))
        }
        _ => false,
    }
}

fn unpacked() -> Option<PathBuf> {
    let archive = outside::data("json-test-suite/json-test-suite.tar.gz")?;
    let folder = std::env::temp_dir().join(format!("twokeys-json-suite-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    outside::output_of(Command::new("tar").arg("xzf").arg(archive).arg("-C").arg(&folder))?;
    Some(folder)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
