//! `twokeys explain`: what a code, a key, an operator or a stage is, and what a decision means.

mod ask;
mod codes;
mod keys;
mod operators;
mod page;
mod prose;
mod reference;
mod stages;

use std::path::Path;

use clap::Args;
use serde_json::{Deserializer, Value};
use twokeys::name::nearest;
use twokeys::report::{DecisionObject, Style};
use twokeys::source::shown;

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Say what a code, key, operator, stage or action is; tell a decision in words
///
/// Everything is printed from what the program itself works with: the tables of conditions are asked of
/// the engine, not written down. Nothing is looked up on the network.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys explain aws:MultiFactorAuthPresent
  twokeys explain BoolIfExists
  twokeys explain scp
  twokeys explain E128
  twokeys simulate --policy policies/mfa/self-manage.json -a iam:ListUsers \\
    -f json --explain | twokeys explain -")]
pub(crate) struct Explain {
    /// A code (E128, set-operator-needed), a context key, a condition operator, a stage or layer of a
    /// decision, an action; `-` reads a decision from standard input, as `simulate --format json` writes it
    #[arg(value_name = "WORD")]
    word: Option<String>,
}

impl Explain {
    /// Exit status: 0 told, 2 nothing is known by this name.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let style = io.look.style();
        let text = match self.word.as_deref() {
            None => overview(style),
            Some("-") => decisions(io, style)?,
            Some(word) => page(word.trim(), style).ok_or_else(|| unknown(word))?,
        };
        io.out.write_all(text.as_bytes())?;
        Ok(Exit::Yes)
    }
}

/// The page that a word names, without color: for an editor.
pub(super) fn plain_page(word: &str) -> Option<String> {
    page(word, Style::default())
}

/// The first page that the word names.
fn page(word: &str, style: Style) -> Option<String> {
    let pages = [keys::page, operators::page, stages::page, codes::page, reference::page];
    pages.into_iter().find_map(|page| page(word, style))
}

fn unknown(word: &str) -> Problem {
    let operators = operators::all_names();
    let mut names: Vec<&str> = operators.iter().map(String::as_str).collect();
    for name in keys::names().chain(stages::names()).chain(codes::names()) {
        names.push(name);
    }
    let near = nearest(word, names).map(str::to_owned).or_else(|| reference::nearest(word));
    let help = match near {
        Some(name) => format!("did you mean `{name}`?"),
        None => "`twokeys explain` without a word lists what there is".to_owned(),
    };
    Problem::new("unknown-word", format!("nothing is known by the name `{}`", shown(word))).help(help)
}

/// Everything there is.
fn overview(style: Style) -> String {
    let mut page = page::Page::new(style, "twokeys explain WORD", "");
    let listed = |names: &mut dyn Iterator<Item = &'static str>| names.collect::<Vec<_>>().join(", ");
    for (what, names) in [
        ("Context keys", listed(&mut keys::names())),
        ("Condition operators", listed(&mut operators::names())),
        ("Stages, layers and answers", listed(&mut stages::names())),
        ("Codes and names of mistakes and warnings", listed(&mut codes::names())),
    ] {
        page.heading(&format!("{what}:"));
        page.paragraph(&names);
    }
    page.into_text()
}

/// The decisions on standard input: one, a list of them, or one a line.
fn decisions(io: &mut Io<'_>, style: Style) -> Result<String, Failure> {
    let document = io.input.read(Path::new("-"), "decision")?;
    let no_decision = |message: String| {
        Problem::new("no-decision", message)
            .help("pipe in what `twokeys simulate --format json` or `--format jsonl` writes")
    };
    let mut told = Vec::new();
    for value in Deserializer::from_slice(&document.bytes).into_iter::<Value>() {
        let mut value = value.map_err(|error| no_decision(format!("standard input is no JSON: {error}")))?;
        if value.get("errors").is_some() {
            return Err(no_decision("the command before has failed; these are its errors".to_owned()).into());
        }
        let several = value.get_mut("decisions").and_then(Value::as_array_mut).map(std::mem::take);
        for decision in several.unwrap_or_else(|| vec![value]) {
            let decision: DecisionObject = serde_json::from_value(decision)
                .map_err(|error| no_decision(format!("this is no decision: {error}")))?;
            told.push(prose::told(&decision, style));
        }
    }
    if told.is_empty() {
        return Err(no_decision("there is no decision on standard input".to_owned()).into());
    }
    Ok(told.join("\n"))
}
