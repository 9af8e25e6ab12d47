//! What came out of it all: the line below a table, and what the shell is told.

use std::time::Duration;

use twokeys::report::matrix::States;

use super::FailOn;
use super::output::{Counts, Made};
use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::Survey;
use crate::words::{counted, grouped};

/// The counts of a run.
pub(super) struct Tally {
    principals: usize,
    columns: usize,
    states: States,
    counts: Counts,
}

impl Tally {
    pub(super) fn new(survey: &Survey<'_>, states: States) -> Self {
        let columns = survey.actions.as_slice().len() * survey.resources.len().max(1);
        Self { principals: survey.principals.len(), columns, states, counts: Counts::default() }
    }

    pub(super) fn add(&mut self, made: &Made) {
        let (sum, more) = (&mut self.counts, made.counts);
        sum.cells += more.cells;
        sum.shown += more.shown;
        sum.allowed += more.allowed;
        sum.gaps += more.gaps;
        sum.changed += more.changed;
        sum.undecided += more.undecided;
        sum.indeterminate += more.indeterminate;
    }

    /// One line on standard error, as the time in it is never the same twice.
    pub(super) fn tell(&self, took: Duration, hint: bool, io: &mut Io<'_>) -> Result<(), Failure> {
        if io.look.quiet {
            return Ok(());
        }
        let Counts { cells, gaps, shown, indeterminate, .. } = self.counts;
        let hint = if hint && gaps > 0 { " (twokeys matrix --only mfa-gap)" } else { "" };
        let only = if shown == cells { String::new() } else { format!("{} of them shown, ", grouped(shown)) };
        let unknown = match indeterminate {
            0 => String::new(),
            1 => "; 1 principal is indeterminate and counts as denied".to_owned(),
            more => format!("; {} principals are indeterminate and count as denied", grouped(more)),
        };
        let times = if io.look.ascii { "x" } else { "×" };
        writeln!(
            io.err,
            "{} {times} {} = {}, {only}{} in {}; {}{hint}{unknown}",
            counted(self.principals, "principal"),
            counted(self.columns, "action"),
            counted(cells, "cell"),
            counted(cells * self.states.count(), "decision"),
            readable(took),
            counted(gaps, "MFA gap"),
        )?;
        Ok(())
    }

    /// What the shell is told: what is unknown counts before what was found.
    pub(super) fn exit(&self, fail_on: Option<FailOn>) -> Exit {
        let Counts { allowed, gaps, changed, undecided, indeterminate, .. } = self.counts;
        let found = match fail_on {
            None => 0,
            Some(FailOn::Any) => allowed,
            Some(FailOn::Gap) => gaps,
            Some(FailOn::Change) => changed,
        };
        let unknown = if undecided + indeterminate > 0 { Exit::Undecided } else { Exit::Yes };
        unknown.and(if found > 0 { Exit::No } else { Exit::Yes })
    }
}

fn readable(took: Duration) -> String {
    match took.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1000.0),
        seconds => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_a_readable_unit() {
        assert_eq!(readable(Duration::from_micros(400)), "0.4 ms");
        assert_eq!(readable(Duration::from_millis(2500)), "2.5 s");
    }
}
