//! The `twokeys` command: words in, exit status out.

#[cfg(feature = "serve")]
mod client;
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
mod usage;
mod words;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;

use commands::{Cli, Io};
use exit::Exit;
use failure::Data;
use input::Input;
use look::{Look, Signs};

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    match Cli::try_parse_from(&words) {
        Ok(cli) => run(&cli),
        Err(error) => usage::tell(&error, &words),
    }
    .into()
}

/// Millions of small texts come and go in a run; the system's allocator takes three times as long for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much is written at once, in bytes.
const AT_ONCE: usize = 64 * 1024;

/// Runs the command that was asked for.
fn run(cli: &Cli) -> Exit {
    let look = Look::new(&cli.common);
    // JSON holds no escape codes that could be stripped.
    let color = if cli.command.data() == Data::None { look.color } else { ColorChoice::Always };
    let mut out = io::BufWriter::with_capacity(AT_ONCE, AutoStream::new(io::stdout().lock(), color));
    let inner = AutoStream::new(io::stderr().lock(), look.color_err);
    let mut err = Signs { inner, ascii: look.ascii };
    let input = Input::new(cli.common.now);
    let answer = cli.command.run(&mut Io { out: &mut out, err: &mut err, input, look });
    match answer.and_then(|exit| Ok(out.flush().map(|()| exit)?)) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(&mut out, &mut err, &look, cli.command.data()),
    }
}
