//! `twokeys completions`: what a shell needs to complete our words.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Io};
use crate::exit::Exit;
use crate::failure::Failure;

/// Write a completion script for your shell
///
/// bash: source <(twokeys completions bash) in ~/.bashrc;
/// zsh: save as _twokeys in a folder of $fpath;
/// fish: save as ~/.config/fish/completions/twokeys.fish.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys completions bash > twokeys.bash
  twokeys completions fish > twokeys.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Exit status: 0 written.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        // Whole first, so that a reader who leaves early is met by us and not by the generator.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "twokeys", &mut script);
        io.out.write_all(&script)?;
        Ok(Exit::Yes)
    }
}
