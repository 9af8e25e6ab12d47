//! What a command answers to the shell.

use std::process::ExitCode;

/// The exit status, one table for all commands: 0 yes, 1 no, 2 trouble, 3 undecided, 4 sign in first.
///
/// `if twokeys simulate …; then` is right with it, and every trouble reads as "not allowed".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Exit {
    /// The good answer.
    #[default]
    Yes,
    /// The bad answer, reliably computed.
    No,
    /// Needed facts are unknown.
    Undecided,
    /// Usage, unreadable or invalid input, an error of ours.
    Trouble,
    /// Sign in, or give a second factor, first.
    #[cfg_attr(
        not(feature = "serve"),
        expect(dead_code, reason = "part of the published table; the commands that sign in return it")
    )]
    SignIn,
    /// The reader of our output went away; as the shell counts a closed pipe.
    ClosedPipe,
}

impl Exit {
    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Trouble => 2,
            Self::Undecided => 3,
            Self::SignIn => 4,
            Self::ClosedPipe => 141,
        }
    }

    /// The answer to both: yes only if both are, and trouble before undecided before no.
    pub(crate) fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_032_many_answers_are_yes_only_together() {
        assert_eq!(Exit::Yes.and(Exit::Yes), Exit::Yes);
        assert_eq!(Exit::Yes.and(Exit::No), Exit::No);
        assert_eq!(Exit::Undecided.and(Exit::No), Exit::Undecided);
        assert_eq!(Exit::Undecided.and(Exit::Trouble), Exit::Trouble);
    }
}
