//! Why a command could not do its work, told with a place and a next step.

use std::fmt;
use std::io::{self, Write};

use serde_json::{Value, json};
use twokeys::report::{Colors, json_line, json_pretty, snippet_from};
use twokeys::source::{Diagnostic, Position, Severity, Span, escaped};

use crate::exit::Exit;
use crate::input::Document;
use crate::look::Look;

/// What stopped a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to be told; never empty.
    Problems(Vec<Problem>),
    /// Whoever read our output has gone; nothing is left to be told.
    ClosedPipe,
}

/// Are errors told as data?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Data {
    /// No, for people.
    None,
    /// As one document.
    Document,
    /// As a record on one line.
    Lines,
}

/// No more mistakes than this are shown to a person.
const MOST_TOLD: usize = 200;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    code: &'static str,
    message: String,
    help: Option<String>,
    place: Option<Box<Place>>,
}

/// Where in a document it is wrong.
#[derive(Debug, Clone)]
struct Place {
    document: Document,
    diagnostic: Diagnostic,
}

/// The codes of the command line itself, with what each means. Policies and requests have their own.
pub(crate) const CODES: &[(&str, &str)] = &[
    (
        "usage",
        "The words after `twokeys` make no command. The message names the word, the usage line what fits.",
    ),
    ("no-such-file", "There is no file of that name. Paths are relative to the folder the command runs in."),
    ("lsp", "The editor does not speak the Language Server Protocol as it should."),
    (
        "serve",
        "The endpoint could not start. It never starts empty because something could not be read, and a start changes \
         no credentials.",
    ),
    ("store", "The data folder cannot be used as it is. Nothing in it was changed."),
    (
        "endpoint",
        "What was named is no endpoint on this machine. Only plain HTTP on loopback is spoken; AWS itself is never called.",
    ),
    ("no-endpoint", "Nothing answers at the address, or what answers is no endpoint of IAM and STS."),
    ("not-told", "The endpoint does not tell its account to these keys."),
    ("no-profile", "A profile was named, and the shared files of the AWS CLI have none of that name."),
    ("no-keys", "Nothing says who you are, or only half of it. Exit status 4 where signing in mends it."),
    ("session-file", "The file of `twokeys login` cannot be used."),
    ("no-terminal", "Something must be typed that is never read from a flag, and there is no terminal."),
    ("no-password", "No password came on standard input."),
    ("no-code", "A code was needed, or a secret to make one of, and there was none."),
    ("not-confirmed", "Something would be lost, nobody could be asked, and `--yes` was not said."),
    ("no-permission", "The file is there but may not be read."),
    ("unreadable", "Reading the file failed on the way."),
    ("is-a-folder", "A folder was named where one file is read."),
    (
        "file-too-large",
        "Policies, requests and test files are read up to 16 MiB, a request of a stream up to 1 MiB.",
    ),
    ("no-account", "The flag adds to what an account tells, or asks about one, and no account is given."),
    (
        "unknown-principal",
        "Nobody of that name is in the account. Nothing is decided for someone who is not there (UX-063).",
    ),
    ("no-principal", "Where an account is given, someone of it must be named: nobody stands for all."),
    ("no-answer", "A policy that reaches everyone could not be read, so there is nothing to be told."),
    ("dump-problems", "The dump has more problems than are told one by one."),
    ("bad-world", "The folder is not laid out as `account unpack` writes it."),
    ("bad-gzip", "The file begins like one packed with gzip and cannot be unpacked."),
    ("stdin-twice", "`-` stands for standard input, which can be read once. It was given to two flags."),
    (
        "stdin-terminal",
        "`-` was given and standard input is a terminal. A command never waits for someone to type a policy.",
    ),
    ("bad-time", "A time is written by RFC 3339, such as 2026-01-05T09:00:00Z."),
    ("output", "The result could not be written."),
    (
        "no-request",
        "A file of requests holds none. An answer to no question is neither yes nor no, so that is trouble.",
    ),
    (
        "bad-detail",
        "A detail or tag was given for a requester who cannot have it, so it would change nothing.",
    ),
    (
        "outside-organization",
        "An organization is given, and the requester or the owner of the resource is not in it, so its policies do not apply.",
    ),
    (
        "unknown-owner",
        "Resource control policies go by the account that owns the resource, and nothing tells which that is.",
    ),
    ("no-action", "Nothing says which action is asked for."),
    ("no-such-action", "A wildcard was to be written out, and no action that is known matches it."),
    (
        "no-policies",
        "No policy is given. Every answer would be a denial, and a denial for want of policies says nothing.",
    ),
    ("given-twice", "The same thing is said in two places. None of the two wins in silence."),
    ("bad-address", "The text is no IPv4 or IPv6 address."),
    ("bad-pair", "The flag takes a name and a value with `=` between them."),
    (
        "bad-expectation",
        "An expectation is allow, deny, explicit-deny, implicit-deny or undecided, and perhaps a layer behind `@`.",
    ),
    (
        "whose-policy",
        "A resource policy belongs to one resource. Where several are asked about, the flag must say which.",
    ),
    ("too-many-policies", "More policies apply to one request than are evaluated."),
    ("bad-organization", "`org.json` does not describe an organization."),
    ("strict", "Warnings about the policies were found, and `--strict` was given."),
    ("unwritable", "A file or folder could not be written. What was there before is still there."),
    ("unknown-word", "`explain` knows keys, operators, stages and codes; this is none of them."),
    ("no-decision", "What came on standard input is no decision as `simulate --format json` writes it."),
    (
        "unknown-topic",
        "`help` knows the commands, a few topics and the published schemas; this is none of them.",
    ),
    ("folder-in-use", "`demo` writes into a new or an empty folder, so that nothing is overwritten."),
    ("no-older-policy", "What `--against` names could not be had: git is not there, or knows no such file."),
    ("no-policy", "In what was named there is no file that could hold a policy."),
    (
        "bad-setting",
        "A member of `twokeys.toml` has a value it does not take. The message says which it takes.",
    ),
    ("bad-baseline", "A baseline is a file as `lint --write-baseline` writes it."),
    ("internal", "A mistake of twokeys itself. Please report it."),
];

impl Problem {
    /// A problem without a place in a text. The message is one sentence without a full stop.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, place: None }
    }

    /// The same with the next step.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A problem at a place in a document.
    pub(crate) fn at(document: &Document, diagnostic: Diagnostic) -> Self {
        Self {
            code: diagnostic.code,
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            place: Some(Box::new(Place { document: document.clone(), diagnostic })),
        }
    }

    /// A problem that has no place in a text.
    pub(crate) fn of(diagnostic: &Diagnostic) -> Self {
        let Diagnostic { code, message, help, .. } = diagnostic;
        Self { code, message: message.clone(), help: help.clone(), place: None }
    }

    /// The same with more words behind the message.
    pub(crate) fn with_more(mut self, words: &str) -> Self {
        self.message.push_str(words);
        if let Some(place) = &mut self.place {
            place.diagnostic.message.push_str(words);
        }
        self
    }

    /// The same at a place in a document, if it has no better one.
    pub(crate) fn or_at(self, document: &Document, span: Span) -> Self {
        if self.place.is_some() {
            return self;
        }
        let Self { code, message, help, .. } = self;
        let (severity, label) = (Severity::Error, String::new());
        Self::at(document, Diagnostic { code, severity, message, span, label, other: None, help })
    }

    /// As data: the `error` of the published schemas.
    pub(crate) fn to_json(&self) -> Value {
        let place = self.place.as_deref();
        let at = place.map(Place::position);
        json!({
            "code": self.code,
            "message": self.message,
            "file": place.map(|place| place.document.name.as_str()),
            "line": at.map(|at| at.line),
            "column": at.map(|at| at.column),
            "span": place.map(Place::span),
            "help": self.help,
        })
    }

    /// As text for a person, ending in a line break.
    pub(crate) fn to_text(&self, colors: Colors) -> String {
        if let Some(Place { document, diagnostic }) = self.place.as_deref() {
            return snippet_from(document.before.0 + 1, &document.name, &document.bytes, diagnostic, colors);
        }
        let (bold, red, plain) = match colors {
            Colors::Plain => ("", "", ""),
            Colors::Ansi => ("\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[0m"),
        };
        let message = escaped(&self.message);
        let help = self.help.as_ref().map(|help| format!("  {bold}help{plain}: {}\n", escaped(help)));
        format!("{red}error[{}]{plain}: {message}\n{}", self.code, help.unwrap_or_default())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => {
                let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
                f.write_str(&told.join("; "))
            }
            Self::ClosedPipe => f.write_str("whoever read has gone"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Place {
    fn position(&self) -> Position {
        let at = self.document.position(self.diagnostic.span.start as usize);
        Position { line: at.line + self.document.before.0, ..at }
    }

    /// Byte offsets in the file.
    fn span(&self) -> [u64; 2] {
        let Span { start, end } = self.diagnostic.span;
        [start, end].map(|offset| self.document.before.1 + u64::from(offset))
    }
}

impl Failure {
    /// Tells what is wrong, on `err` for people or on `out` as data, and what the shell is told.
    pub(crate) fn tell(&self, out: &mut dyn Write, err: &mut dyn Write, look: &Look, data: Data) -> Exit {
        let Self::Problems(problems) = self else { return Exit::ClosedPipe };
        let as_data = || {
            let errors: Vec<Value> = problems.iter().map(Problem::to_json).collect();
            json!({ "schema_version": 1, "errors": errors })
        };
        let told = match data {
            Data::Document => writeln!(out, "{}", json_pretty(&as_data()).unwrap_or_default()),
            Data::Lines => writeln!(out, "{}", json_line(&as_data()).unwrap_or_default()),
            Data::None => {
                let told = problems.iter().take(MOST_TOLD);
                let mut texts: Vec<String> = told.map(|problem| problem.to_text(look.colors_err())).collect();
                if problems.len() > MOST_TOLD {
                    texts.push(format!("and {} more mistakes\n", problems.len() - MOST_TOLD));
                }
                err.write_all(texts.join("\n").as_bytes())
            }
        };
        // There is nobody left to tell that telling failed.
        let _ = told.and_then(|()| out.flush());
        Exit::Trouble
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::from(io::Error::from(error))
    }
}

impl From<io::Error> for Failure {
    /// An error of writing; errors of reading are told where they are met.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Problem::new("output", format!("the output cannot be written: {error}"))
                .help("check that the disk is not full and the target may be written")
                .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once_and_in_sentences() {
        for (at, (code, words)) in CODES.iter().enumerate() {
            assert!(words.ends_with('.') && !code.contains(' '), "{code}");
            assert!(CODES.iter().skip(at + 1).all(|(other, _)| other != code), "{code} twice");
        }
    }

    #[test]
    fn ux_018_a_problem_in_a_longer_file_counts_from_its_start() {
        let diagnostic = Diagnostic {
            code: "wrong-type",
            severity: Severity::Error,
            message: "`action` is a string".into(),
            span: Span::new(11, 12),
            label: String::new(),
            other: None,
            help: None,
        };
        let document = Document { before: (16, 1000), ..Document::new("r.jsonl", *b"{\"action\": 5}") };
        let problem = Problem::at(&document, diagnostic);
        assert!(problem.to_text(Colors::Plain).contains("--> r.jsonl:17:12\n"));
        let json = problem.to_json();
        assert_eq!((&json["line"], &json["span"]), (&json!(17), &json!([1011, 1012])));
    }
}
