//! How far a long run is, on a terminal and only if it takes a while (UX-017).

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// When to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Never
    Never,
    /// On a terminal, after half a second
    Auto,
    /// At once, wherever standard error goes
    Always,
}

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears when it is worth it.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    count: u64,
    done: u64,
}

impl Progress {
    /// Progress of `count` steps that are called `what`.
    pub(crate) fn new(when: When, count: usize, what: &str) -> Self {
        let wanted = match when {
            When::Never => false,
            When::Auto => io::stderr().is_terminal(),
            When::Always => true,
        };
        let count = count as u64;
        let bar = wanted.then(|| {
            // Hidden at first; `step` decides when it is time.
            let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::hidden());
            let form = format!("{{bar:30}} {{pos}} of {{len}} {what}, {{per_sec}}, {{eta}} left");
            bar.with_style(
                ProgressStyle::with_template(&form).unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        });
        let started = Instant::now();
        if let Some(bar) = bar.as_ref().filter(|_| when == When::Always) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Self { bar, started, count, done: 0 }
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        let Some(bar) = &self.bar else { return };
        bar.set_position(self.done);
        let elapsed = self.started.elapsed();
        if bar.is_hidden() && elapsed > PATIENCE && self.done < self.count {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes the bar away; how long it all took.
    pub(crate) fn finish(self) -> Duration {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        self.started.elapsed()
    }
}
