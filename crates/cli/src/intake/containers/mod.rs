//! The policies in a file that holds more than a policy: an answer of the AWS CLI, an account dump, a
//! CloudFormation template, a Terraform plan.
//!
//! What a file is, is told by its shape, not by its name. Every policy comes with its text, what its place tells about it, and
//! the way from places in the text back to bytes of the file; the text is always read by `Policy::parse`.
//! Where the file does not hold it as JSON it is written out as JSON (`rewrite`).

mod answer;
mod cloudformation;
mod comment;
mod dump;
mod fill;
mod finder;
mod intrinsic;
mod node;
mod percent;
mod rewrite;
mod scalar;
mod terraform;
#[cfg(test)]
mod tests;
mod trail;
mod write;
mod yaml;

use std::cell::OnceCell;

use twokeys::json::{self, Limits, Node, Reading, Value};
use twokeys::source::Diagnostic;

use self::finder::{About, Finder};
use self::node::{get, items, members};
use super::found::Found;
use crate::input::Document;

/// What was found in a file.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Its policies, in the order of the file.
    pub(crate) found: Vec<Found>,
    /// What is wrong around them, and policies that are not known yet (L904). Spans are bytes of the file.
    pub(crate) wrong: Vec<Diagnostic>,
}

/// A file as JSON: read when somebody asks, and once.
#[derive(Debug)]
pub(crate) struct Json<'d> {
    bytes: &'d [u8],
    reading: OnceCell<Reading<'d>>,
}

impl<'d> Json<'d> {
    pub(crate) fn of(bytes: &'d [u8]) -> Self {
        Self { bytes, reading: OnceCell::new() }
    }

    pub(crate) fn reading(&self) -> &Reading<'d> {
        self.reading.get_or_init(|| json::read(self.bytes, &Limits::default()))
    }
}

/// The policies of a file; none if it is a policy itself, or nothing tells what it is.
///
/// A file that can be read and has no policies has empty contents.
pub(crate) fn policies(document: &Document, json: &Json<'_>) -> Option<Contents> {
    let text = str::from_utf8(&document.bytes).ok()?;
    let is_json = text.trim_start_matches('\u{FEFF}').trim_ascii_start().starts_with(['{', '[']);
    if !is_json {
        return from_yaml(document, text);
    }
    let reading = json.reading();
    if !reading.errors.is_empty() && is_yaml(&document.name) {
        // YAML may look like JSON with comments and without quotation marks.
        return from_yaml(document, text);
    }
    let wrong = reading.errors.iter().map(json::Error::to_diagnostic).collect();
    let mut finder = Finder::new(text, true, wrong);
    match sort(reading.root.as_ref()?, &mut finder) {
        Sort::Container => Some(finder.finish()),
        Sort::Policy => None,
        // What cannot be read through may still be a policy.
        Sort::Nothing if reading.errors.is_empty() => Some(finder.finish()),
        Sort::Nothing => None,
    }
}

fn from_yaml(document: &Document, text: &str) -> Option<Contents> {
    let yaml::Reading { roots, problems } = yaml::read(text);
    let broken = !problems.is_empty();
    let mut finder = Finder::new(text, false, problems);
    let mut sorts = Vec::new();
    for root in &roots {
        let sort = sort(root, &mut finder);
        let sort =
            if members(root).is_empty() && matches!(sort, Sort::Policy) { Sort::Nothing } else { sort };
        if let Sort::Policy = sort {
            finder.take(root, About { path: "$".to_owned(), ..About::default() });
        }
        sorts.push(sort);
    }
    let known = sorts.iter().any(|sort| !matches!(sort, Sort::Nothing));
    // Any text is YAML of some kind; only what says that it is, or holds policies, is taken for it.
    let is_yaml = known || (is_yaml(&document.name) && !(broken && document.name == "-"));
    let structured = roots.iter().any(|root| matches!(root.value, Value::Object(_)));
    if !is_yaml || !(known || structured || broken) {
        return None;
    }
    let mut contents = finder.finish();
    comment::attach(text, &roots, &mut contents.found);
    Some(contents)
}

fn is_yaml(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["yaml", "yml", "template"].iter().any(|yaml| ending.eq_ignore_ascii_case(yaml))
}

/// What a document is.
#[derive(Debug, Clone, Copy)]
enum Sort {
    /// A policy, and nothing around it.
    Policy,
    /// Something that can hold policies.
    Container,
    /// Neither.
    Nothing,
}

/// Says what a document is, and takes its policies if they lie inside it.
fn sort(root: &Node<'_>, finder: &mut Finder<'_>) -> Sort {
    if terraform::is_one(root) {
        terraform::find(root, finder);
    } else if cloudformation::is_one(root) {
        cloudformation::find(root, finder);
    } else if dump::is_one(root) {
        dump::find(root, "$", finder);
    } else if items(root).iter().any(dump::is_one) {
        for (index, page) in items(root).iter().enumerate() {
            dump::find(page, &format!("$[{index}]"), finder);
        }
    } else if is_policy(root) {
        return Sort::Policy;
    } else if !answer::find(root, finder) {
        return Sort::Nothing;
    }
    Sort::Container
}

/// Does it look like a policy, be it a bad one?
fn is_policy(root: &Node<'_>) -> bool {
    const ELEMENTS: [&str; 4] = ["statement", "statements", "effect", "notaction"];
    let is_element = |key: &str| ELEMENTS.contains(&key.to_ascii_lowercase().as_str());
    let Value::Object(_) = &root.value else {
        return items(root).iter().any(|item| get(item, "Effect").is_some());
    };
    members(root).is_empty() || members(root).iter().any(|member| is_element(&member.key)) || is_bare(root)
}

/// A policy that lacks its statements has nothing but a version and an id.
fn is_bare(root: &Node<'_>) -> bool {
    members(root).iter().all(|member| matches!(member.key.as_ref(), "Version" | "Id"))
}
