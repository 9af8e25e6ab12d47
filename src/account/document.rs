//! A policy text inside a larger file, and how to get back to it.

use std::borrow::Cow;
use std::sync::Arc;

use super::dump::percent;
use super::problem::{Problem, ProblemKind};
use crate::engine::Prepared;
use crate::source::Span;

/// A policy text: where it stands, and what was read from it.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) place: Place,
    pub(super) policy: Result<Arc<Prepared>, Arc<Problem>>,
}

/// Where something stands in the files that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: File,
    /// The value in the file, as it is written there.
    pub span: Span,
    /// How to read it.
    pub form: Form,
}

/// A file that was read, by its place among those given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum File {
    /// A dump.
    Dump(usize),
    /// A file of managed policies.
    Managed(usize),
}

/// The two ways in which a file holds a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As a JSON object. A place in the policy is a place in the file.
    Object,
    /// As a string, percent-encoded or plain.
    Text,
}

impl Document {
    /// Where it stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The policy, or why there is none.
    pub fn policy(&self) -> Result<&Arc<Prepared>, &Problem> {
        self.policy.as_ref().map_err(|problem| &**problem)
    }
}

impl Place {
    /// The policy text at this place of the file's bytes; spans of the policy are spans of it.
    ///
    /// None if these are not the bytes of the file, or the text cannot be decoded.
    pub fn text(self, file: &[u8]) -> Option<Cow<'_, str>> {
        let written = str::from_utf8(file.get(self.span.range())?).ok()?;
        match self.form {
            Form::Object => Some(Cow::Borrowed(written)),
            Form::Text => decoded(written).ok().map(Cow::Owned),
        }
    }
}

/// The policy that a JSON string holds.
pub(super) fn decoded(string: &str) -> Result<String, ProblemKind> {
    let text: String = serde_json::from_str(string).map_err(|error| ProblemKind::Json(error.to_string()))?;
    if text.trim_start().starts_with('{') {
        return Ok(text);
    }
    let decoded = percent::decode(&text)?;
    // What a policy begins with is a brace; one that is still encoded was encoded twice.
    if decoded.trim_start().starts_with("%7B") || decoded.trim_start().starts_with("%7b") {
        return Err(ProblemKind::DoubleEncoding);
    }
    Ok(decoded)
}
