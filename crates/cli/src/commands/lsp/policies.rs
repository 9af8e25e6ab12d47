//! The words of the policies in a document, be it JSON, YAML or a template, with their places in it.
//!
//! Policies are found as the linter finds them; each is read as JSON, and places go back to the document.

use twokeys::policy::PolicyType;
use twokeys::source::Span;

use super::scan::{Word, words};
use super::text::{Text, path_of};
use crate::commands::lint;
use crate::input::Document;
use crate::intake::Found;

/// A policy of a document.
pub(super) struct Words {
    /// What it is called in its container; none for a document that is a policy.
    pub(super) name: Option<String>,
    pub(super) kind: Option<&'static str>,
    pub(super) words: Vec<Word>,
}

/// All policies of a document.
pub(super) fn policies(uri: &str, text: &Text) -> Vec<Words> {
    let document = Document::new(path_of(uri).display().to_string(), text.text.as_bytes());
    lint::policies(&document).into_iter().map(of).collect()
}

/// The words around a place: those of its policy, or those of a text that is too far from one.
pub(super) fn around(uri: &str, text: &Text, offset: usize) -> Vec<Word> {
    let mut policies = policies(uri, text).into_iter().map(|policy| policy.words);
    let policy = policies.find(|words| words.iter().any(|word| word.holds(offset)));
    policy.unwrap_or_else(|| words(&text.text))
}

fn of(found: Found) -> Words {
    let text = String::from_utf8_lossy(&found.text);
    let mut words = words(&text);
    let to_file = |start, end| {
        let span = found.map.to_file(Span::new(start, end));
        (span.start as usize, span.end as usize)
    };
    for word in &mut words {
        (word.start, word.end) = to_file(word.start, word.end);
        word.statement = word.statement.map(|begins| to_file(begins, begins + 1).0);
    }
    let name =
        (found.path != "$").then_some(found.name.filter(|name| !name.is_empty()).unwrap_or(found.path));
    Words { name, kind: found.kind.map(PolicyType::as_str), words }
}
