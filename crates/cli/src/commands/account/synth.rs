//! `twokeys account synth`: a made-up account of any size, always the same for a seed.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use twokeys::account::Synthetic;

use super::folder::write_new;
use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Make up an account, to try things and to measure
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys account synth --principals 50 --seed 7 | twokeys account summary --account - -q
  twokeys account synth --principals 50 > made-up.json && twokeys matrix --account made-up.json -a iam:CreateUser")]
pub(super) struct Synth {
    /// How many users and roles
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    principals: u32,
    /// Decides all that is left open
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many of them are users [default: three of five]
    #[arg(long, value_name = "N")]
    users: Option<usize>,
    /// How many groups
    #[arg(long, value_name = "N")]
    groups: Option<usize>,
    /// How many managed policies of the account
    #[arg(long, value_name = "N")]
    policies: Option<usize>,
    /// About how many statements a policy has
    #[arg(long, value_name = "N")]
    statements: Option<usize>,
    /// Write a credential report for the same users, too
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    credential_report: Option<PathBuf>,
}

impl Synth {
    /// Exit status: 0 written, 2 trouble.
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let principals = self.principals as usize;
        let plan = Synthetic::of_size(principals, self.seed);
        let users = self.users.unwrap_or(plan.users).min(principals);
        let plan = Synthetic {
            users,
            roles: principals - users,
            groups: self.groups.unwrap_or(plan.groups).max(1),
            policies: self.policies.unwrap_or(plan.policies).max(1),
            statements: self.statements.unwrap_or(plan.statements).max(1),
            ..plan
        };
        let mut out = Written { out: io.out, failed: None };
        if plan.write_dump(&mut out).is_err() {
            let error = out.failed.unwrap_or_else(|| std::io::ErrorKind::Other.into());
            return Err(error.into());
        }
        if let Some(path) = &self.credential_report {
            let mut report = String::new();
            // A `String` takes all text.
            let _ = plan.write_credential_report(&mut report);
            write_new(path, report.as_bytes()).map_err(|error| {
                Problem::new("unwritable", format!("`{}` cannot be written: {error}", path.display()))
                    .help("check the permissions of the file and its folder")
            })?;
        }
        Ok(Exit::Yes)
    }
}

/// Text on its way to a file, without being held in memory.
struct Written<'o> {
    out: &'o mut dyn Write,
    failed: Option<std::io::Error>,
}

impl fmt::Write for Written<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.out.write_all(text.as_bytes()).map_err(|error| {
            self.failed = Some(error);
            fmt::Error
        })
    }
}
