//! The one list of commands, and what all of them take.

mod account;
mod completions;
mod demo;
mod explain;
mod fmt;
mod help;
mod lint;
#[cfg(feature = "serve")]
mod login;
mod lsp;
mod man;
mod matrix;
#[cfg(feature = "serve")]
mod mfa;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "serve")]
mod session;
mod simulate;
#[cfg(feature = "serve")]
mod store;
mod test;
mod who_can;

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit::Exit;
use crate::failure::{Data, Failure};
use crate::input::{self, Input};
use crate::look::Look;

/// Would AWS allow this request: without MFA, with it, and why?
#[derive(Debug, Parser)]
#[command(
    name = "twokeys",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    before_help = "Examples:
  twokeys simulate --policy policies/mfa/self-manage.json -a s3:GetObject
  twokeys simulate --policy policies/mfa/self-manage.json -a s3:GetObject \\
    --mfa missing --explain"
)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
    /// What every command takes
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// When to use color
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", hide_short_help = true, help_heading = "Output")]
    pub(crate) color: Color,
    /// Write only ASCII: `+ x ?` instead of `✓ ✗ ?`
    #[arg(long, global = true, hide_short_help = true, help_heading = "Output")]
    pub(crate) ascii: bool,
    /// Do not wrap long lines
    #[arg(long, global = true, hide_short_help = true, help_heading = "Output")]
    pub(crate) no_wrap: bool,
    /// Leave out hints and summaries, never the result nor an error
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(
        short,
        long,
        global = true,
        action = clap::ArgAction::Count,
        hide_short_help = true,
        help_heading = "Output"
    )]
    pub(crate) verbose: u8,
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        value_parser = input::instant,
        hide_short_help = true,
        help_heading = "Output",
        help = "The time to decide at, as 2026-01-05T09:00:00Z [default: TWOKEYS_NOW, then the clock]"
    )]
    pub(crate) now: Option<DateTime<Utc>>,
}

/// When to use color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Lint(Box<lint::Lint>),
    Lsp(lsp::Lsp),
    Simulate(Box<simulate::Simulate>),
    Matrix(Box<matrix::Matrix>),
    WhoCan(Box<who_can::WhoCan>),
    Account(account::Account),
    Test(test::Test),
    #[cfg(feature = "serve")]
    Login(Box<login::Login>),
    #[cfg(feature = "serve")]
    Logout(login::Logout),
    #[cfg(feature = "serve")]
    Session(Box<session::SessionCommand>),
    #[cfg(feature = "serve")]
    Mfa(Box<mfa::Mfa>),
    #[cfg(feature = "serve")]
    Serve(Box<serve::Serve>),
    #[cfg(feature = "serve")]
    Store(store::Store),
    Explain(explain::Explain),
    Fmt(fmt::Fmt),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Manual),
    Help(help::Help),
}

/// What a command works with.
pub(crate) struct Io<'a> {
    /// Where the result goes. Color is stripped on the way where it is not wanted.
    pub(crate) out: &'a mut dyn Write,
    /// Where everything else goes.
    pub(crate) err: &'a mut dyn Write,
    /// Files, standard input and the clock.
    pub(crate) input: Input,
    /// How to write for people.
    pub(crate) look: Look,
}

impl Command {
    /// Does the work.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        match self {
            Self::Lint(command) => command.run(io),
            Self::Lsp(command) => command.run(io),
            Self::Simulate(command) => command.run(io),
            Self::Matrix(command) => command.run(io),
            Self::WhoCan(command) => command.run(io),
            Self::Account(command) => command.run(io),
            Self::Test(command) => command.run(io),
            #[cfg(feature = "serve")]
            Self::Login(command) => command.run(io),
            #[cfg(feature = "serve")]
            Self::Logout(command) => command.run(io),
            #[cfg(feature = "serve")]
            Self::Session(command) => command.run(io),
            #[cfg(feature = "serve")]
            Self::Mfa(command) => command.run(io),
            #[cfg(feature = "serve")]
            Self::Serve(command) => command.run(io),
            #[cfg(feature = "serve")]
            Self::Store(command) => command.run(io),
            Self::Explain(command) => command.run(io),
            Self::Fmt(command) => command.run(io),
            Self::Demo(command) => command.run(io),
            Self::Completions(command) => command.run(io),
            Self::Man(command) => command.run(io),
            Self::Help(command) => command.run(io),
        }
    }

    /// How errors are told on standard output, if they are told as data.
    pub(crate) fn data(&self) -> Data {
        match self {
            Self::Simulate(command) if command.wants_lines() => Data::Lines,
            command if command.wants_json() => Data::Document,
            _ => Data::None,
        }
    }

    /// Are errors to be told as data, on standard output?
    fn wants_json(&self) -> bool {
        match self {
            Self::Lint(command) => command.wants_json(),
            Self::Simulate(command) => command.wants_json(),
            Self::Matrix(command) => command.wants_json(),
            Self::WhoCan(command) => command.wants_json(),
            Self::Account(command) => command.wants_json(),
            Self::Test(command) => command.wants_json(),
            #[cfg(feature = "serve")]
            Self::Login(command) => command.wants_json(),
            #[cfg(feature = "serve")]
            Self::Session(command) => command.wants_json(),
            #[cfg(feature = "serve")]
            Self::Mfa(command) => command.wants_json(),
            #[cfg(feature = "serve")]
            Self::Serve(_) | Self::Store(_) | Self::Logout(_) => false,
            Self::Lsp(_)
            | Self::Explain(_)
            | Self::Fmt(_)
            | Self::Demo(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Help(_) => false,
        }
    }
}
