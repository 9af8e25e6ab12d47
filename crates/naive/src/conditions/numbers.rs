//! CO-030, CO-031: exact decimals, of any length.

use std::cmp::Ordering;

/// A decimal in its shortest form, so that equal numbers are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    below_zero: bool,
    /// Without leading zeros.
    whole: String,
    /// Without trailing zeros.
    fraction: String,
}

/// `[+-]?digits(.digits)?`
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let minus = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        None => (unsigned, "0"),
        Some((whole, fraction)) => (whole, fraction),
    };
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0').to_owned();
    let fraction = fraction.trim_end_matches('0').to_owned();
    let is_zero = whole.is_empty() && fraction.is_empty();
    Some(Decimal { below_zero: minus && !is_zero, whole, fraction })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())
}

impl Decimal {
    /// How far it is from zero: the longer whole part is the larger, digits decide the rest.
    fn compare_size(&self, other: &Self) -> Ordering {
        (self.whole.len(), &self.whole, &self.fraction).cmp(&(
            other.whole.len(),
            &other.whole,
            &other.fraction,
        ))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.below_zero, other.below_zero) {
            (false, false) => self.compare_size(other),
            (true, true) => other.compare_size(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_030_numbers_stand_in_order() {
        let ascending = ["-10.5", "-10", "-9", "-0.1", "0", "0.05", "0.5", "9", "10", "10.01", "100"];
        for (place, text) in ascending.iter().enumerate() {
            for (other_place, other) in ascending.iter().enumerate() {
                assert_eq!(parse(text).cmp(&parse(other)), place.cmp(&other_place), "{text} and {other}");
            }
        }
        for (text, same) in [("10", "10.0"), ("-0", "+0"), ("007", "7"), ("0.50", "0.5")] {
            assert_eq!(parse(text), parse(same), "{text} and {same}");
        }
    }

    #[test]
    fn co_031_other_forms_are_not_numbers() {
        for text in ["", "-", ".5", "5.", "1e3", " 1", "1,000", "0x1", "1.2.3", "--1", "٣"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
