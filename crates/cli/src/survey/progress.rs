//! How far a long run is, on a terminal and only if it takes a while (UX-017).

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

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
    count: Option<u64>,
    done: u64,
}

impl Progress {
    /// Progress of `count` steps that are called `what`.
    pub(crate) fn new(when: When, count: usize, what: &str) -> Self {
        let form = format!("{{bar:30}} {{pos}} of {{len}} {what}, {{rate}} a second, {{eta}} left");
        Self::drawn(when, Some(count as u64), &form)
    }

    fn drawn(when: When, count: Option<u64>, form: &str) -> Self {
        let wanted = match when {
            When::Never => false,
            When::Auto => io::stderr().is_terminal(),
            When::Always => true,
        };
        let bar = wanted.then(|| {
            // Hidden at first; `step` decides when it is time.
            let bar = ProgressBar::with_draw_target(count, ProgressDrawTarget::hidden());
            let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.with_style(style.with_key("rate", |state: &ProgressState, text: &mut dyn fmt::Write| {
                // A bar that cannot be drawn is no reason to stop.
                let _ = write!(text, "{:.0}", state.per_sec());
            }))
        });
        let started = Instant::now();
        if let Some(bar) = bar.as_ref().filter(|_| when == When::Always) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Self { bar, started, count, done: 0 }
    }

    /// Progress through a stream of `size` bytes, if that is known, which holds things called `what`.
    pub(crate) fn of_stream(when: When, size: Option<u64>, what: &str) -> Self {
        let form = match size {
            Some(_) => format!("{{bar:30}} {{percent}} %, {{msg}} {what}, {{eta}} left"),
            None => format!("{{spinner}} {{msg}} {what}"),
        };
        Self::drawn(when, size, &form)
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        self.move_to(self.done + 1);
    }

    /// So many bytes of a stream are done, and so many things in it.
    pub(crate) fn reach(&mut self, bytes: u64, things: usize) {
        if let Some(bar) = &self.bar {
            let seconds = self.started.elapsed().as_secs_f64().max(0.001);
            #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
            let rate = things as f64 / seconds;
            bar.set_message(format!("{things} ({rate:.0} a second)"));
        }
        self.move_to(bytes);
    }

    fn move_to(&mut self, done: u64) {
        self.done = done;
        let Some(bar) = &self.bar else { return };
        bar.set_position(done);
        let elapsed = self.started.elapsed();
        let is_open = self.count.is_none_or(|count| done < count);
        if bar.is_hidden() && elapsed > PATIENCE && is_open {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Does something that writes, with the bar out of its way.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if !bar.is_hidden() => bar.suspend(write),
            _ => write(),
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
