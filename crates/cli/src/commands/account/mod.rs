//! `twokeys account`: what is in an account, who is held to MFA, and the account as a folder.

mod audit;
mod folder;
mod summary;
mod synth;

use clap::{Args, Subcommand, ValueEnum};

use super::Io;
use crate::exit::Exit;
use crate::failure::Failure;

/// Look into an account, audit it, unpack it into a folder and pack it again
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  twokeys account summary --account tests/data/account/moto.json
  twokeys account audit --account tests/data/account/moto.json \\
    --credential-report tests/data/account/moto-credential-report.csv"
)]
pub(crate) struct Account {
    #[command(subcommand)]
    verb: Verb,
}

/// What to do with it.
#[derive(Debug, Subcommand)]
enum Verb {
    Summary(summary::Summary),
    Audit(Box<audit::Audit>),
    Unpack(folder::Unpack),
    Pack(folder::Pack),
    Synth(synth::Synth),
}

/// How to write what is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
}

impl Account {
    /// Does the work.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        match &self.verb {
            Verb::Summary(command) => command.run(io),
            Verb::Audit(command) => command.run(io),
            Verb::Unpack(command) => command.run(io),
            Verb::Pack(command) => command.run(io),
            Verb::Synth(command) => command.run(io),
        }
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        match &self.verb {
            Verb::Summary(command) => command.wants_json(),
            Verb::Audit(command) => command.wants_json(),
            Verb::Unpack(_) | Verb::Pack(_) | Verb::Synth(_) => false,
        }
    }
}
