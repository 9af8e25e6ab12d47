//! `twokeys simulate`: decide a request, and say why.

use clap::{Args, ValueEnum};

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Decide a request the way AWS does, in the three states of MFA
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// The formats of `simulate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// One JSON record a line
    Jsonl,
    /// A Markdown table
    Md,
}

impl Simulate {
    /// Exit status: 0 allowed, 1 denied, 2 trouble, 3 undecided.
    pub(crate) fn run(&self, _io: &mut Io<'_>) -> Result<Exit, Failure> {
        Err(Problem::new("not-yet", "nothing is decided yet").into())
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }
}
