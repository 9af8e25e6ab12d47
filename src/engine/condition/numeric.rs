//! `Numeric…`: exact decimal numbers, compared digit by digit.
//!
//! The syntax is `[+-]?digits(.digits)?` (CO-031); no exponent, no rounding, however many digits.

use std::cmp::Ordering;

/// A number as its digits: no leading zeros before the point, no trailing ones behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

/// Reads a number; none if the text is not one.
pub(super) fn parse(text: &str) -> Option<Number<'_>> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    // There is one zero.
    let negative = negative && !(whole.is_empty() && fraction.is_empty());
    Some(Number { negative, whole, fraction })
}

/// How `one` stands to `other`.
pub(super) fn compare(one: Number<'_>, other: Number<'_>) -> Ordering {
    match (one.negative, other.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => magnitude(one, other),
        (true, true) => magnitude(other, one),
    }
}

fn magnitude(one: Number<'_>, other: Number<'_>) -> Ordering {
    // Without leading zeros the longer number is the greater; fractions compare like words.
    let whole = one.whole.len().cmp(&other.whole.len()).then_with(|| one.whole.cmp(other.whole));
    whole.then_with(|| one.fraction.cmp(other.fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_030_numbers_compare_exactly() {
        use Ordering::{Equal, Greater, Less};
        for (one, other, expected) in [
            ("10", "10.0", Equal),
            ("+5", "5", Equal),
            ("-0", "0", Equal),
            ("007", "7", Equal),
            ("9", "10", Less),
            ("0.5", "0.45", Greater),
            ("-2", "-1", Less),
            ("-1", "1", Less),
            ("9007199254740993", "9007199254740992", Greater),
            ("1.00000000000000000001", "1", Greater),
        ] {
            assert_eq!(compare(parse(one).unwrap(), parse(other).unwrap()), expected, "{one} and {other}");
        }
    }

    #[test]
    fn co_031_other_spellings_are_no_numbers() {
        for text in
            ["", "-", "1e3", " 1", "1 ", "1,000", ".5", "5.", "1.2.3", "0x10", "--1", "+-1", "١", "NaN"]
        {
            assert!(parse(text).is_none(), "{text:?}");
        }
    }
}
