//! Words that make no command, or ask for help.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use clap::error::ErrorKind;
use clap::{ColorChoice, Parser};
use twokeys::source::escaped;

use crate::commands::Cli;
use crate::exit::Exit;
use crate::failure::{Data, Failure, Problem};
use crate::look::{Look, only_ascii};

/// Tells what is wrong with the words, or the help they ask for.
pub(crate) fn tell(error: &clap::Error, words: &[OsString]) -> Exit {
    let asked_for_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let error = &safe(words).unwrap_or_else(|| clap::Error::new(error.kind()));
    let data = data_wanted(words);
    if !asked_for_help && data != Data::None {
        return as_data(error, data);
    }
    let color = color_wanted(words).unwrap_or(ColorChoice::Auto);
    let colored = match color {
        ColorChoice::Auto if asked_for_help => automatic(&io::stdout()),
        ColorChoice::Auto => automatic(&io::stderr()),
        choice => choice == ColorChoice::Always,
    };
    let rendered = error.render();
    let mut text = if colored { rendered.ansi().to_string() } else { rendered.to_string() };
    if words.iter().any(|word| word == "--ascii") || !Look::plain_locale() {
        text = only_ascii(&text).into_owned();
    }
    // Only a closed pipe can stop it, and then nobody is there to be told.
    let _ = if asked_for_help {
        io::stdout().lock().write_all(text.as_bytes())
    } else {
        io::stderr().lock().write_all(text.as_bytes())
    };
    if asked_for_help { Exit::Yes } else { Exit::Trouble }
}

/// The same mistake in words that cannot forge what a terminal shows: clap repeats them as they are.
fn safe(words: &[OsString]) -> Option<clap::Error> {
    let safe = words.iter().map(|word| escaped(&word.to_string_lossy()));
    Cli::try_parse_from(safe).err()
}

fn as_data(error: &clap::Error, data: Data) -> Exit {
    let text = error.render().to_string();
    let mut parts = text.trim().splitn(2, "\n\n");
    let message = parts.next().unwrap_or_default().trim_start_matches("error: ").trim().to_owned();
    let help = parts.next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = Problem::new("usage", message).help(help);
    let mut out = io::stdout().lock();
    Failure::from(problem).tell(&mut out, &mut io::stderr().lock(), &Look::plain(), data)
}

/// Does the stream take color by itself?
fn automatic(stream: &(impl IsTerminal + anstream::stream::RawStream)) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// `--color`, as far as words tell it that make no command.
fn color_wanted(words: &[OsString]) -> Option<ColorChoice> {
    match value_of(words, "color", None)?.as_str() {
        "always" => Some(ColorChoice::Always),
        "never" => Some(ColorChoice::Never),
        _ => None,
    }
}

/// Do the words ask for data?
fn data_wanted(words: &[OsString]) -> Data {
    match value_of(words, "format", Some('f')).as_deref() {
        Some("json") => Data::Document,
        Some("jsonl") => Data::Lines,
        _ => Data::None,
    }
}

/// The value of a flag in every spelling that clap takes: `--format json`, `--format=json`, `-f json`,
/// `-fjson`, `-f=json`, `-qfjson`.
fn value_of(words: &[OsString], long: &str, short: Option<char>) -> Option<String> {
    let mut words = words.iter().skip(1).map(|word| word.to_string_lossy()).take_while(|word| *word != "--");
    let mut found = None;
    while let Some(word) = words.next() {
        let value = if let Some(rest) = word.strip_prefix("--") {
            let Some(rest) = rest.strip_prefix(long) else { continue };
            if let Some(value) = rest.strip_prefix('=') {
                Some(value.to_owned())
            } else if rest.is_empty() {
                words.next().map(Into::into)
            } else {
                continue;
            }
        } else {
            let Some((before, after)) = word.strip_prefix('-').and_then(|rest| rest.split_once(short?))
            else {
                continue;
            };
            // Before it only flags that take no value; else it is part of a value.
            if !before.chars().all(|flag| matches!(flag, 'q' | 'v')) {
                continue;
            }
            let after = after.strip_prefix('=').unwrap_or(after);
            if after.is_empty() { words.next().map(Into::into) } else { Some(after.to_owned()) }
        };
        found = value.or(found);
    }
    found
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn ux_018_every_spelling_of_a_format_is_understood() {
        for (line, expected) in [
            ("twokeys simulate -f json", Data::Document),
            ("twokeys simulate -fjson", Data::Document),
            ("twokeys simulate -f=json", Data::Document),
            ("twokeys simulate -qfjson -x", Data::Document),
            ("twokeys simulate --format=jsonl", Data::Lines),
            ("twokeys simulate --format jsonl", Data::Lines),
            ("twokeys simulate -f json -f human", Data::None),
            ("twokeys simulate -- -f json", Data::None),
            ("twokeys simulate --policy -pf json", Data::None),
            ("twokeys simulate", Data::None),
        ] {
            let words: Vec<OsString> = line.split(' ').map(Into::into).collect();
            assert_eq!(data_wanted(&words), expected, "{line}");
        }
    }

    #[test]
    fn the_definition_of_the_commands_is_sound() {
        Cli::command().debug_assert();
    }
}
