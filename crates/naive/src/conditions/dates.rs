//! CO-040, CO-041: instants, as nanoseconds before or after 1970.

/// Seconds since 1970 and nanoseconds on top of them.
pub(super) type Instant = (i128, u32);

/// Seconds since 1970, or one of the W3C forms.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !unsigned.is_empty() && unsigned.chars().all(|letter| letter.is_ascii_digit()) {
        // Form (a), whatever its length; beyond 38 digits nobody means a time.
        return if unsigned.len() <= 38 { Some((text.parse().ok()?, 0)) } else { None };
    }
    match text.split_once('T') {
        None => Some((midnight(text)?, 0)), // form (b)
        Some((date, time)) => {
            // Form (c) needs the day.
            let at_midnight = if date.len() == 10 { midnight(date)? } else { return None };
            let (clock, ahead_of_utc) = cut_zone(time)?;
            let (seconds, nanoseconds) = clock_time(clock)?;
            Some((at_midnight + seconds - ahead_of_utc, nanoseconds))
        }
    }
}

/// `YYYY-MM` or `YYYY-MM-DD`: the first second of the (first) day.
fn midnight(date: &str) -> Option<i128> {
    let fields: Vec<&str> = date.split('-').collect();
    let (year, month, day) = match fields.as_slice() {
        [year, month] => (year, month, &"01"),
        [year, month, day] => (year, month, day),
        _ => return None,
    };
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month).ok()?.checked_sub(1)?;
    if day < 1 || day > *lengths.get(before)? {
        return None;
    }
    let days_of_months: i128 = lengths.iter().take(before).sum();
    let days = days_before_year(year) - days_before_year(1970) + days_of_months + day - 1;
    Some(days * 86_400)
}

fn is_leap(year: i128) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from the first of January of the year 0 to that of `year`.
fn days_before_year(year: i128) -> i128 {
    // Of the years 0 to `year - 1`, those that 4, 100 and 400 divide; 0 is one of each.
    let divided_by = |n: i128| (year + n - 1) / n;
    year * 365 + divided_by(4) - divided_by(100) + divided_by(400)
}

/// The zone at the end as seconds ahead of UTC, and what stands before it. No zone means UTC.
fn cut_zone(time: &str) -> Option<(&str, i128)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, 0)) };
    let (clock, zone) = time.split_at_checked(at)?;
    let (sign, zone) = match zone.strip_prefix('+') {
        Some(zone) => (1, zone),
        None => (-1, zone.strip_prefix('-')?),
    };
    let (hours, minutes) = zone.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let in_range = hours <= 23 && minutes <= 59;
    in_range.then_some((clock, sign * (hours * 3600 + minutes * 60)))
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fraction` as seconds and nanoseconds of the day.
fn clock_time(clock: &str) -> Option<(i128, u32)> {
    let fields: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match fields.as_slice() {
        [hour, minute] => (hour, minute, &"00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let (second, fraction) = match second.split_once('.') {
        None => (*second, "0"),
        Some((second, fraction)) => (second, fraction),
    };
    if fraction.is_empty() || fraction.len() > 9 || !fraction.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    let (hour, minute, second) = (number(hour, 2)?, number(minute, 2)?, number(second, 2)?);
    let in_range = hour <= 23 && minute <= 59 && second <= 59;
    in_range.then_some((hour * 3600 + minute * 60 + second, nanoseconds))
}

/// Exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i128> {
    let fits = text.len() == digits && text.chars().all(|letter| letter.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_041_accepted_forms() {
        for (text, expected) in [
            ("0", (0, 0)),
            ("-5", (-5, 0)),
            ("2027", (2027, 0)),
            ("1970-01", (0, 0)),
            ("1970-01-02", (86_400, 0)),
            ("2000-03-01", (951_868_800, 0)),
            ("2026-09-01T12:30Z", (1_788_265_800, 0)),
            ("2026-09-01T12:30:15.5+02:00", (1_788_258_615, 500_000_000)),
            ("1969-12-31T23:59:59", (-1, 0)),
            ("0000-01-01", (-62_167_219_200, 0)),
            ("9999-12-31T23:59:59Z", (253_402_300_799, 0)),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn co_041_other_forms_are_no_dates() {
        for text in [
            "",
            "-",
            "+5",
            "1.5",
            "2026-13",
            "2026-02-29",
            "2026-9-01",
            "2026-09-01t12:30Z",
            "2026-09-01T12:30z",
            "2026-09-01T24:00Z",
            "2026-09-01T23:59:60Z",
            "2026-09-01T12Z",
            "2026-09T12:30Z",
            "2026-09-01T12:30:00.Z",
            "2026-09-01T12:30:00.1234567890Z",
            "2026-09-01T12:30+0200",
            "2026-09-01Z",
            "123456789012345678901234567890123456789",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
