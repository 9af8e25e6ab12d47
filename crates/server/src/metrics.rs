//! Counters in the form of Prometheus. They tell actions and statuses, never names (API-067).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the classes of time, in microseconds.
const BUCKETS: [u64; 8] = [100, 250, 500, 1_000, 5_000, 25_000, 100_000, 1_000_000];

/// The counters of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: Mutex<BTreeMap<(String, u16), u64>>,
    times: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
    overload: AtomicU64,
    panics: AtomicU64,
}

impl Metrics {
    /// An answer was given. Actions that are none are counted together.
    pub fn answered(&self, action: Option<&str>, status: u16, took: Duration) {
        let key = (action.unwrap_or("none").to_owned(), status);
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        for (bucket, end) in self.times.iter().zip(BUCKETS) {
            if micros <= end {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// A request found no place.
    pub fn refused_for_load(&self) {
        self.overload.fetch_add(1, Ordering::Relaxed);
    }

    /// A request ended in a panic (RL-046).
    pub fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// All of them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |arguments: std::fmt::Arguments<'_>| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{arguments}");
        };
        line(format_args!("# TYPE twokeys_answers_total counter"));
        for ((action, status), count) in self.answers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            line(format_args!("twokeys_answers_total{{action=\"{action}\",status=\"{status}\"}} {count}"));
        }
        line(format_args!("# TYPE twokeys_answer_seconds histogram"));
        for (bucket, end) in self.times.iter().zip(BUCKETS) {
            let (seconds, count) = (Duration::from_micros(end).as_secs_f64(), bucket.load(Ordering::Relaxed));
            line(format_args!("twokeys_answer_seconds_bucket{{le=\"{seconds}\"}} {count}"));
        }
        let count = self.count.load(Ordering::Relaxed);
        let seconds = Duration::from_micros(self.micros.load(Ordering::Relaxed)).as_secs_f64();
        line(format_args!("twokeys_answer_seconds_bucket{{le=\"+Inf\"}} {count}"));
        line(format_args!("twokeys_answer_seconds_sum {seconds}"));
        line(format_args!("twokeys_answer_seconds_count {count}"));
        line(format_args!("# TYPE twokeys_overload_total counter"));
        line(format_args!("twokeys_overload_total {}", self.overload.load(Ordering::Relaxed)));
        line(format_args!("# TYPE twokeys_panics_total counter"));
        line(format_args!("twokeys_panics_total {}", self.panics.load(Ordering::Relaxed)));
        text
    }
}
