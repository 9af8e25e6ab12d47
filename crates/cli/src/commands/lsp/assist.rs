//! What an editor shows beside the text: explanations, completions, symbols.

use serde_json::{Value, json};
use twokeys::catalog;
use twokeys::policy::BASES;
use twokeys::request::GLOBAL_KEYS;

use super::policies::{Words, around, policies};
use super::scan::Word;
use super::text::Text;
use crate::commands::explain;

/// What stands at a place in a policy.
enum Spot {
    Action,
    Key,
    Operator,
    Element,
    Effect,
    Version,
    Resource,
    Truth,
    PrincipalKind,
}

/// What is more than this is no help.
const MOST_ITEMS: usize = 1_000;

fn spot(word: &Word) -> Option<Spot> {
    let path: Vec<&str> = word.path.iter().map(String::as_str).collect();
    Some(match (word.is_name, path.as_slice()) {
        (true, [.., "Condition"]) => Spot::Operator,
        (true, [.., "Condition", _]) => Spot::Key,
        (true, [.., "Principal" | "NotPrincipal"]) => Spot::PrincipalKind,
        (true, [] | [.., "Statement"]) => Spot::Element,
        (false, [.., "Action" | "NotAction"]) => Spot::Action,
        (false, [.., "Resource" | "NotResource"]) => Spot::Resource,
        (false, [.., "Effect"]) => Spot::Effect,
        (false, [.., "Version"]) => Spot::Version,
        (false, [.., "Condition", operator, _])
            if operator.starts_with("Bool") || operator.starts_with("Null") =>
        {
            Spot::Truth
        }
        _ => return None,
    })
}

/// What the word at a byte means, as Markdown.
pub(super) fn hover(uri: &str, text: &Text, offset: usize) -> Value {
    let words = around(uri, text, offset);
    let Some(word) = words.iter().find(|word| word.holds(offset)) else { return Value::Null };
    let page = match spot(word) {
        Some(Spot::Action | Spot::Key | Spot::Operator) => explain::plain_page(&word.said),
        _ => None,
    };
    let Some(page) = page else { return Value::Null };
    json!({
        "contents": { "kind": "markdown", "value": format!("```text\n{}\n```", page.trim_end()) },
        "range": text.range(word.start, word.end),
    })
}

/// What could stand at a byte.
pub(super) fn complete(uri: &str, text: &Text, offset: usize) -> Value {
    let none = json!({ "isIncomplete": false, "items": [] });
    let words = around(uri, text, offset);
    let Some(word) = words.iter().find(|word| word.holds(offset)) else { return none };
    // An edit of several lines is no completion.
    if text.text.get(word.start..word.end).is_none_or(|written| written.contains('\n')) {
        return none;
    }
    let typed = text.text.get(word.start..offset).unwrap_or_default();
    let names: Vec<(String, String)> = match spot(word) {
        Some(Spot::Action) => actions(typed),
        Some(Spot::Key) => keys(&words, word),
        Some(Spot::Operator) => operators(),
        Some(Spot::Element) => elements(word),
        Some(Spot::Effect) => plain(&["Allow", "Deny"]),
        Some(Spot::Version) => plain(&["2012-10-17"]),
        Some(Spot::Truth) => plain(&["true", "false"]),
        Some(Spot::PrincipalKind) => plain(&["AWS", "Service", "Federated", "CanonicalUser"]),
        Some(Spot::Resource) => resources(&words, word),
        None => Vec::new(),
    };
    let typed = typed.to_ascii_lowercase();
    let fitting: Vec<_> =
        names.iter().filter(|(name, _)| name.to_ascii_lowercase().starts_with(&typed)).collect();
    let range = text.range(word.start, word.end);
    let item = |(name, detail): &&(String, String)| json!({ "label": name, "detail": detail, "kind": 12, "filterText": name, "textEdit": { "range": range, "newText": name } });
    let items: Vec<Value> = fitting.iter().take(MOST_ITEMS).map(item).collect();
    json!({ "isIncomplete": fitting.len() > MOST_ITEMS, "items": items })
}

fn plain(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), String::new())).collect()
}

/// Services first, then the actions of the one that was typed.
fn actions(typed: &str) -> Vec<(String, String)> {
    match typed.split_once(':') {
        None => {
            let service =
                |service: catalog::Service| (format!("{}:", service.prefix()), service.name().to_owned());
            catalog::services().map(service).chain([("*".to_owned(), "every action".to_owned())]).collect()
        }
        Some((prefix, _)) => {
            let action = |action: catalog::Action| (action.to_string(), action.level().as_str().to_owned());
            catalog::service(&prefix.to_ascii_lowercase())
                .into_iter()
                .flat_map(catalog::Service::actions)
                .map(action)
                .collect()
        }
    }
}

/// The actions of the statement around a word.
fn of_statement<'w>(words: &'w [Word], word: &Word) -> Vec<&'w str> {
    words
        .iter()
        .filter(|other| !other.is_name && other.statement == word.statement)
        .filter(|other| matches!(other.path.last().map(String::as_str), Some("Action" | "NotAction")))
        .map(|other| other.said.as_str())
        .collect()
}

/// The keys of the statement's actions, and those of all requests.
fn keys(words: &[Word], word: &Word) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> =
        GLOBAL_KEYS.iter().map(|key| (key.name.to_owned(), key.presence.to_owned())).collect();
    for entry in of_statement(words, word).into_iter().filter(|entry| entry.contains(':')) {
        for action in catalog::expand(entry).into_iter().take(50) {
            keys.extend(action.keys().map(|key| (key.name().to_owned(), format!("of {action}"))));
        }
    }
    keys.sort();
    keys.dedup_by(|one, other| one.0 == other.0);
    keys
}

fn operators() -> Vec<(String, String)> {
    let names = BASES.iter().flat_map(|(name, _)| {
        let if_exists = (*name != "Null").then(|| format!("{name}IfExists"));
        std::iter::once((*name).to_owned()).chain(if_exists)
    });
    let detail =
        |name: &str| if name.ends_with("IfExists") { "true where the key is missing" } else { "" }.to_owned();
    names.map(|name| (name.clone(), detail(&name))).collect()
}

fn elements(word: &Word) -> Vec<(String, String)> {
    if word.path.is_empty() {
        plain(&["Version", "Id", "Statement"])
    } else {
        plain(&[
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ])
    }
}

/// The forms of the resources that the statement's actions take.
fn resources(words: &[Word], word: &Word) -> Vec<(String, String)> {
    let mut forms = vec![("*".to_owned(), "every resource".to_owned())];
    for entry in of_statement(words, word).into_iter().filter(|entry| entry.contains(':')) {
        for action in catalog::expand(entry).into_iter().take(50) {
            forms.extend(action.resources().map(|taken| {
                let kind = taken.resource_type();
                (kind.arn().to_owned(), format!("{} of {action}", kind.name()))
            }));
        }
    }
    forms.sort();
    forms.dedup_by(|one, other| one.0 == other.0);
    forms
}

/// The statements, by `Sid` or number; those of a policy in a container below its name.
pub(super) fn symbols(uri: &str, text: &Text) -> Value {
    let mut symbols = Vec::new();
    for Words { name, kind, words } in policies(uri, text) {
        let inside: Vec<&Word> = words.iter().filter(|word| word.statement.is_some()).collect();
        let statements = inside.chunk_by(|one, next| one.statement == next.statement);
        let statements = statements.enumerate().map(|(at, words)| statement(text, at + 1, words));
        match name {
            None => symbols.extend(statements),
            Some(name) => {
                let all: Vec<&Word> = words.iter().collect();
                let mut symbol = symbol(text, &name, kind.unwrap_or_default(), NAMESPACE, &all, None);
                if let Some(members) = symbol.as_object_mut() {
                    members.insert("children".to_owned(), statements.collect());
                }
                symbols.push(symbol);
            }
        }
    }
    Value::Array(symbols)
}

/// Kinds of symbols, as the protocol numbers them.
const NAMESPACE: u32 = 3;
const CLASS: u32 = 5;

fn statement(text: &Text, number: usize, words: &[&Word]) -> Value {
    let value = |name: &str| {
        words.iter().copied().find(|word| !word.is_name && word.path.last().is_some_and(|last| last == name))
    };
    let sid = value("Sid").filter(|sid| !sid.said.is_empty());
    let name = sid.map_or_else(|| format!("statement {number}"), |sid| sid.said.clone());
    symbol(text, &name, value("Effect").map_or("", |effect| &effect.said), CLASS, words, sid)
}

/// A symbol around these words. Editors insist that it holds what is chosen; with aliases of YAML, words stand anywhere.
fn symbol(text: &Text, name: &str, detail: &str, kind: u32, words: &[&Word], chosen: Option<&Word>) -> Value {
    let starts = words.iter().map(|word| word.statement.unwrap_or(word.start).min(word.start));
    let start = starts.min().unwrap_or_default();
    let end = words.iter().map(|word| word.end).max().unwrap_or(start);
    let (from, to) = chosen.map_or((start, start), |chosen| (chosen.start, chosen.end));
    json!({ "name": name, "detail": detail, "kind": kind,
            "range": text.range(start, end), "selectionRange": text.range(from, to) })
}
