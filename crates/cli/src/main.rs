//! The `twokeys` command: words in, exit status out.

mod commands;
mod deciding;
mod excerpt;
mod exit;
mod failure;
mod folder;
mod input;
mod intake;
mod lines;
mod look;
mod records;
mod reference;
mod survey;
mod testfile;
mod words;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use clap::Parser;
use clap::error::ErrorKind;

use commands::{Cli, Io};
use exit::Exit;
use failure::{Failure, Problem};
use input::Input;
use look::Look;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    match Cli::try_parse_from(&words) {
        Ok(cli) => run(&cli),
        Err(error) => usage(&error, &words),
    }
    .into()
}

/// Runs the command that was asked for.
fn run(cli: &Cli) -> Exit {
    let look = Look::new(&cli.common);
    let mut out = io::BufWriter::new(AutoStream::new(io::stdout().lock(), look.color));
    let mut err = AutoStream::new(io::stderr().lock(), look.color_err);
    let input = Input::new(cli.common.now);
    let answer = cli.command.run(&mut Io { out: &mut out, err: &mut err, input, look });
    match answer.and_then(|exit| Ok(out.flush().map(|()| exit)?)) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(&mut out, &mut err, &look, cli.command.wants_json()),
    }
}

/// The words make no command, or ask for help.
fn usage(error: &clap::Error, words: &[OsString]) -> Exit {
    let asked_for_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if asked_for_help || !wants_json(words) {
        // Only a closed pipe can stop it, and then nobody is there to be told.
        let _ = error.print();
        return if asked_for_help { Exit::Yes } else { Exit::Trouble };
    }
    let text = error.render().to_string();
    let mut parts = text.trim().splitn(2, "\n\n");
    let message = parts.next().unwrap_or_default().trim_start_matches("error: ").trim().to_owned();
    let help = parts.next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = Problem::new("usage", message).help(help);
    let mut out = io::stdout().lock();
    Failure::from(problem).tell(&mut out, &mut io::stderr().lock(), &Look::plain(), true)
}

/// Do the words, which clap could not read, ask for data?
fn wants_json(words: &[OsString]) -> bool {
    let json = |word: &str| matches!(word, "json" | "jsonl");
    words.windows(2).any(|pair| match pair {
        [flag, value] => {
            (flag == "--format" || flag == "-f") && value.to_str().is_some_and(json)
                || value.to_str().and_then(|word| word.strip_prefix("--format=")).is_some_and(json)
        }
        _ => false,
    })
}
