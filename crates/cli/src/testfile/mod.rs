//! Test files: what is asked, of which policies, and what must come out (UX-089).
//!
//! ```toml
//! world = { policies = ["force-mfa.json"], principal = "arn:aws:iam::111122223333:user/alice" }
//!
//! [[case]]
//! name   = "nothing dangerous without MFA"
//! action = ["ec2:TerminateInstances", "s3:DeleteBucket"]
//! mfa    = { missing = "explicit-deny", false = "explicit-deny", true = "allow" }
//! ```
//!
//! A file is read as a whole or not at all, with every mistake it has: a test that is not the one its
//! author meant passes for the wrong reason.

mod ask;
mod members;
mod read;
mod scenario;
mod tree;
mod world;

use twokeys::report::Expectation;
use twokeys::source::{Diagnostic, Severity, Span, Spanned};

use ask::Ask;
pub(crate) use members::Notes;
pub(crate) use scenario::{Asked, Scenario};
pub(crate) use tree::{Syntax, read as read_tree};
pub(crate) use world::World;

use crate::input::Document;

/// What a file holds, known by its shape.
#[derive(Debug)]
pub(crate) enum TestFile {
    /// A test file: one world, and cases in it.
    Cases(Box<World>, Vec<Case>),
    /// A list of cases that bring their policies along.
    Scenarios(Vec<Scenario>),
}

/// One case of a test file.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its name, unlike all others of the file.
    pub(crate) name: Spanned<String>,
    /// What is asked; the world's defaults are in it.
    pub(crate) ask: Ask,
    /// What must come out.
    pub(crate) expected: Expected,
    /// The Sid, or `POLICY/INDEX`, of the statement that must decide every answer.
    pub(crate) decided_by: Option<Spanned<String>>,
}

/// What a case expects.
#[derive(Debug)]
pub(crate) enum Expected {
    /// `mfa`: an answer for each of these states.
    States(Vec<(State, Expectation)>),
    /// `expect`: the same answer to all that is asked.
    Same(Expectation),
    /// Nothing yet: an error, or to be filled in by `--update`.
    Nothing,
}

/// A state of MFA, whatever the age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Missing,
    False,
    True,
}

impl State {
    /// All of them, in the order in which answers are shown.
    pub(crate) const ALL: [Self; 3] = [Self::Missing, Self::False, Self::True];

    /// The word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::False => "false",
            Self::True => "true",
        }
    }
}

/// The codes of mistakes in test files, with what each means.
pub(crate) const CODES: &[(&str, &str)] = &[
    (
        "toml-syntax",
        "The text is no TOML, or it has a value that no test file has: a date, a number in another form.",
    ),
    ("missing-member", "A case of a scenario file has an id, a request, policies and an expected outcome."),
    ("no-name", "Each case has a name, by which it is found, run and reported."),
    ("duplicate-name", "Two cases of one file have the same name, so a report could not tell them apart."),
    (
        "no-expectation",
        "A case that expects nothing would pass whatever comes out. `twokeys test --update` writes down what comes out now.",
    ),
    (
        "expected-twice",
        "A case expects either an answer for each state of MFA (`mfa`) or one for all (`expect`).",
    ),
    (
        "unknown-statement",
        "`decided_by` names a statement that no policy of the case has. A test of a statement that is gone must not pass.",
    ),
    (
        "org-and-scps",
        "An organization says which SCPs and RCPs apply; a list of them beside it would contradict it.",
    ),
    (
        "answers-differ",
        "The actions and resources of one case are answered differently, so no one expectation fits.",
    ),
    ("not-updated", "The file could not be changed without a risk to the rest of it, and was left alone."),
    ("no-case", "No case was found. A run without cases is trouble and no pass."),
    ("not-yet", "The member belongs to the format, but this version does not read it."),
];

impl TestFile {
    /// Reads a document, or says all that is wrong with it.
    pub(crate) fn read(document: &Document) -> Result<Self, Vec<Diagnostic>> {
        read::read(document)
    }
}

/// A mistake in a test file.
fn mistake(
    code: &'static str,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        message: message.into(),
        span,
        label: String::new(),
        other: None,
        help: Some(help.into()),
    }
}
