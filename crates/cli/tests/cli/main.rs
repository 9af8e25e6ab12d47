//! Whole commands: words in; output, complaints and exit status out.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod account;
mod containers;
mod demo;
#[cfg(feature = "serve")]
mod endpoint;
mod examples;
mod explain;
mod folder;
mod layout;
mod linting;
mod lsp;
mod lsp_wire;
mod matrix;
mod sarif;
mod schemas;
mod scratch;
mod silence;
mod simulate;
mod support;
mod terminal;
mod testing;
mod wrong;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What came out of a command.
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        write!(f, "--- exit {}", self.code)
    }
}

/// The folder of the workspace: examples in help texts name files from there.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// The command, in the folder of the workspace, at a fixed time, with nothing of the tester's own.
fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_twokeys"));
    command.args(words).current_dir(root()).env_clear().env("TWOKEYS_NOW", "2026-01-05T09:00:00Z");
    command
}

/// Runs `twokeys` with these words and no standard input.
fn run(words: &[&str]) -> Outcome {
    run_with(words, "")
}

/// Runs `twokeys` with these words and this text as standard input.
fn run_with(words: &[&str], stdin: &str) -> Outcome {
    let mut command = command(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads none of it closes the pipe, which is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    Outcome::of(&child.wait_with_output().unwrap())
}

/// The words of a line, split at spaces; quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_with(String::new);
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_with(String::new).push(character),
        }
    }
    words.extend(word);
    words
}

/// Runs a line as it would be typed: `twokeys simulate …`.
fn typed(line: &str) -> Outcome {
    let words = words(line);
    assert_eq!(words[0], "twokeys", "{line}");
    let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    run(&words)
}
