//! Times as the API writes them: whole seconds, UTC, with `Z` (API-004, STS-034).

use chrono::{DateTime, SecondsFormat, Utc};

/// The last second that four digits of a year can write.
const LAST: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).unwrap();

/// Seconds since 1970 as `2026-01-05T09:00:00Z`; times beyond the calendar as its last second.
pub fn iso8601(seconds: u64) -> String {
    calendar(seconds).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Seconds since 1970 as a time of the calendar.
pub fn calendar(seconds: u64) -> DateTime<Utc> {
    let time = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.unwrap_or(LAST).min(LAST)
}
