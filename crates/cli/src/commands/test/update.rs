//! `--update`: what comes out now, written into cases that expect nothing yet.
//!
//! Text is put in behind the name of the case; everything else in the file stays as it is.

use std::path::Path;

use super::judge::{Asked, Judge, outcome_of, problem};
use super::outcome::FileOutcome;
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};
use crate::testfile::{Case, Expected, TestFile};

/// Writes the answers into the file, and notes the cases that got some.
pub(super) fn update(
    path: &Path,
    document: &Document,
    cases: &[Case],
    judge: &mut Judge<'_>,
    outcome: &mut FileOutcome,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), Failure> {
    let mut text = document.bytes.to_vec();
    let empty = |case: &&Case| matches!(case.expected, Expected::Nothing) && wanted(&case.name.value);
    // From the back, so that places before stay what they are.
    for case in cases.iter().rev().filter(empty) {
        let mut of_case = outcome_of(document, &case.name);
        match judge.ask(case) {
            Ok(asked) => {
                of_case.decisions = asked.len();
                match expectations(case, &asked) {
                    Some(words) => insert(&mut text, case, &words),
                    None => {
                        let message = "its actions and resources are answered differently";
                        let help = "make a case of each, or leave those with other answers out";
                        let span = case.name.span;
                        of_case.problems.push(problem(document, "answers-differ", span, message, help));
                    }
                }
            }
            Err(problems) => of_case.problems = problems,
        }
        outcome.cases.insert(0, of_case);
    }
    if text == *document.bytes {
        return Ok(());
    }
    if TestFile::read(&Document::new(document.name.as_str(), text.as_slice())).is_err() {
        let message = format!("`{}` is written in a way that cannot be updated", document.name);
        let help = "add `mfa` or `expect` to its cases by hand; the file was left alone";
        return Err(Problem::new("not-updated", message).help(help).into());
    }
    if path.as_os_str() == "-" {
        let problem = Problem::new("unwritable", "standard input cannot be updated");
        return Err(problem.help("name the test file").into());
    }
    input::replace(path, &text).map_err(|error| {
        let message = format!("`{}` cannot be written: {error}", document.name);
        Problem::new("unwritable", message).help("check the permissions of the file and its folder").into()
    })
}

/// What to write down: `expect`, or `mfa` with an answer for each state. None if answers differ.
fn expectations(case: &Case, asked: &[Asked]) -> Option<Vec<(&'static str, &'static str)>> {
    let once = case.ask.credential.is_some() || case.ask.has_mfa_key();
    let mut words: Vec<(&'static str, &'static str)> = Vec::new();
    for one in asked {
        let state = match &*one.answer.mfa {
            _ if once => "expect",
            "missing" => "missing",
            "false" => "false",
            _ => "true",
        };
        let word = word(&one.answer.decision);
        match words.iter().find(|(known, _)| *known == state) {
            Some((_, before)) if *before != word => return None,
            Some(_) => {}
            None => words.push((state, word)),
        }
    }
    Some(words)
}

/// The word of an expectation for a decision.
fn word(decision: &str) -> &'static str {
    match decision {
        "Allowed" => "allow",
        "ExplicitlyDenied" => "explicit-deny",
        "ImplicitlyDenied" => "implicit-deny",
        _ => "undecided",
    }
}

/// Puts the words in behind the name of the case, in the form in which it is written.
fn insert(text: &mut Vec<u8>, case: &Case, words: &[(&str, &str)]) {
    let name = case.name.span.range();
    let before = text.get(..name.start).unwrap_or_default();
    // A member of TOML is written `name = "…"`, one of JSON `"name": "…"`.
    let is_toml = before.iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'=');
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    // On a line of its own below a `[[case]]`, or inside the braces of an inline table.
    let own_line = is_toml && line.trim_ascii_start().starts_with(b"name");
    let (quote, sign) = if is_toml { ("", " = ") } else { ("\"", ": ") };
    let member = |(name, word): &(&str, &str)| format!("{quote}{name}{quote}{sign}\"{word}\"");
    let written = match words {
        [expect @ ("expect", _)] => member(expect),
        words => {
            let states: Vec<String> = words.iter().map(member).collect();
            format!("{quote}mfa{quote}{sign}{{ {} }}", states.join(", "))
        }
    };
    let mut at = name.end;
    let piece = if own_line {
        // Behind a comment on the line, if there is one.
        let rest = text.get(at..).unwrap_or_default();
        at += rest.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
        format!("\n{written}")
    } else {
        format!(", {written}")
    };
    text.splice(at..at, piece.into_bytes());
}
