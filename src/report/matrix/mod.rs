//! Cells of a matrix on their way to people and programs (UX-062, UX-092).

mod object;
mod table;
mod words;

pub use object::{CSV_COLUMNS, CellObject, StateWords, csv_row};
pub use table::{Letter, Table};
pub use words::{decided_by, holder, legend, line};

use crate::account::Cell;
use crate::engine::{Evaluation, StatementId};
use crate::verdict::{Answers, Verdict};

/// Which states of MFA are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum States {
    /// All three, side by side.
    #[default]
    Compare,
    /// With the key missing: long-term access keys.
    Missing,
    /// Sessions without MFA.
    False,
    /// With MFA.
    True,
}

impl States {
    /// How many states are told.
    pub fn count(self) -> usize {
        if self == Self::Compare { 3 } else { 1 }
    }

    fn of(self, answers: &Answers) -> impl Iterator<Item = Evaluation> + use<> {
        let Answers { missing, false_, true_ } = *answers;
        let told = match self {
            Self::Compare => [Some(missing), Some(false_), Some(true_)],
            Self::Missing => [Some(missing), None, None],
            Self::False => [Some(false_), None, None],
            Self::True => [Some(true_), None, None],
        };
        told.into_iter().flatten()
    }

    /// Is it allowed in a state that is told?
    pub fn is_allowed(self, answers: &Answers) -> bool {
        self.of(answers).any(|answer| answer.decision().is_allowed())
    }

    /// Could it be allowed once unknown keys are known?
    pub fn is_undecided(self, answers: &Answers) -> bool {
        self.of(answers).any(|answer| {
            !answer.decision().is_allowed()
                && answer.possible().iter().any(crate::engine::Decision::is_allowed)
        })
    }

    /// Is it a sensitive action that is allowed without MFA in a state that is told?
    pub fn is_gap(self, cell: &Cell<'_>) -> bool {
        match self {
            Self::Compare => cell.is_gap(),
            Self::Missing | Self::False => cell.is_sensitive && self.is_allowed(cell.answers),
            Self::True => false,
        }
    }

    /// The letter of a cell; a question mark where it hangs on something unknown.
    pub fn letter(self, cell: &Cell<'_>) -> char {
        if self.is_undecided(cell.answers) {
            return UNKNOWN;
        }
        match self {
            Self::Compare => cell.verdict.letter(),
            _ if self.is_allowed(cell.answers) => Verdict::Open.letter(),
            _ => Verdict::Denied.letter(),
        }
    }

    /// The statement that matters most in these states.
    pub fn deciding(self, cell: &Cell<'_>) -> Option<StatementId> {
        match self {
            Self::Compare => cell.by().map(|deciding| deciding.id),
            _ => self.of(cell.answers).next().and_then(|answer| answer.by()),
        }
    }
}

/// The letter of a cell that has no certain answer.
pub const UNKNOWN: char = '?';
