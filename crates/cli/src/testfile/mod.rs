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
pub(crate) use scenario::{Asked, Scenario};
pub(crate) use world::World;

use crate::input::Document;

/// What a file holds, known by its shape.
#[derive(Debug)]
pub(crate) enum TestFile {
    /// A test file: one world, and cases in it.
    Cases(World, Vec<Case>),
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

impl TestFile {
    /// Reads a document, or says all that is wrong with it.
    pub(crate) fn read(document: &Document) -> Result<Self, Vec<Diagnostic>> {
        read::read(document)
    }
}

/// A mistake in a test file.
fn mistake(code: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
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
