//! `Date…`: instants in W3C notation or as seconds since 1970.
//!
//! A text of digits is always seconds, so `2027` is a moment in 1970 and not a year (CO-041).

use chrono::NaiveDate;

/// Seconds since 1970-01-01T00:00:00Z, and nanoseconds.
pub(super) type Instant = (i128, u32);

/// Reads an instant; none if the text is not one.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(|seconds| (seconds, 0));
    }
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    if rest.is_empty() {
        return at(year, month, 1, 0);
    }
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    if rest.is_empty() {
        return at(year, month, day, 0);
    }
    let (hour, rest) = number(rest.strip_prefix('T')?, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    let (nanos, rest) = match rest.strip_prefix('.') {
        // A fraction belongs to a second.
        Some(rest) if text.as_bytes().get(16) == Some(&b':') => fraction(rest)?,
        Some(_) => return None,
        None => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (seconds, _) = at(year, month, day, hour * 3600 + minute * 60 + second)?;
    Some((seconds - i128::from(offset(rest)?), nanos))
}

fn at(year: u32, month: u32, day: u32, second_of_day: u32) -> Option<Instant> {
    let midnight = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.and_hms_opt(0, 0, 0)?;
    Some((i128::from(midnight.and_utc().timestamp()) + i128::from(second_of_day), 0))
}

/// Exactly `width` digits, and what follows them.
fn number(text: &str, width: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(width)?;
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| digits.parse().ok())?.map(|number| (number, rest))
}

/// One to nine digits behind the point, as nanoseconds.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let missing = 9_usize.checked_sub(digits.len()).filter(|_| !digits.is_empty())?;
    let nanos: u32 = digits.parse().ok()?;
    Some((nanos * 10_u32.pow(u32::try_from(missing).ok()?), rest))
}

/// `Z`, `±hh:mm`, or nothing for UTC, as seconds east of Greenwich.
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text {
        "" | "Z" => return Some(0),
        _ => match text.strip_prefix('+') {
            Some(rest) => (1, rest),
            None => (-1, text.strip_prefix('-')?),
        },
    };
    let (hours, rest) = number(rest, 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_041_the_accepted_forms() {
        for (text, expected) in [
            ("0", (0, 0)),
            ("2027", (2027, 0)),
            ("-5", (-5, 0)),
            ("1970-01", (0, 0)),
            ("1970-01-02", (86_400, 0)),
            ("1970-01-01T00:01", (60, 0)),
            ("1970-01-01T00:01Z", (60, 0)),
            ("1970-01-01T00:00:01Z", (1, 0)),
            ("1970-01-01T00:00:01.5Z", (1, 500_000_000)),
            ("1970-01-01T02:00:00+02:00", (0, 0)),
            ("1970-01-01T00:00:00-00:30", (1800, 0)),
            ("2024-02-29T12:00:00.000000001", (1_709_208_000, 1)),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn co_041_impossible_and_foreign_forms_are_no_dates() {
        for text in [
            "",
            "-",
            "2026-02-30",
            "2026-13",
            "1970-01-01T00:00:00+24:00",
            "1970-01-01T00:00:00+00:60",
            "2026-1-1",
            "31/12/2027",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01t00:00:00z",
            "2026-01-01 00:00:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1234567890Z",
            "2026-01-01T00:00.5Z",
            "2026-01-01T00:00:00+0200",
            "2026-01-01T00:00:00+02:60",
            "+5",
            "1e9",
            "2026-01-01T00:00:00ZZ",
            "2026-01-01Z",
            "２０２６-01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
