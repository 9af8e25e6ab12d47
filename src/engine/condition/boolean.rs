//! `Bool`: `true` or `false` in any letter case, and nothing else.

/// Reads a truth value; `1` and `yes` are none (CO-050).
pub(super) fn parse(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn co_050_letter_case_does_not_count_and_other_words_are_no_truth_values() {
        assert_eq!([parse("TRUE"), parse("False")], [Some(true), Some(false)]);
        for text in ["", "1", "0", "yes", "no", " true", "true ", "ｔrue"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
