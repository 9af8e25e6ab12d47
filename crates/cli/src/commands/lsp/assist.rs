//! What an editor shows beside the text: explanations, completions, symbols.

use serde_json::{Value, json};
use twokeys::catalog;
use twokeys::policy::BASES;
use twokeys::request::GLOBAL_KEYS;

use super::scan::{Word, words};
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

/// The word at a byte, if the byte is within its quotes.
fn word_at(words: &[Word], offset: usize) -> Option<&Word> {
    words.iter().find(|word| word.start <= offset && offset <= word.end)
}

/// What the word at a byte means, as Markdown.
pub(super) fn hover(text: &Text, offset: usize) -> Value {
    let words = words(&text.text);
    let Some(word) = word_at(&words, offset) else { return Value::Null };
    let said = text.text.get(word.start..word.end).unwrap_or_default();
    let page = match spot(word) {
        Some(Spot::Action | Spot::Key | Spot::Operator) => explain::plain_page(said),
        _ => None,
    };
    let Some(page) = page else { return Value::Null };
    json!({
        "contents": { "kind": "markdown", "value": format!("```text\n{}\n```", page.trim_end()) },
        "range": text.range(word.start, word.end),
    })
}

/// What could stand at a byte.
pub(super) fn complete(text: &Text, offset: usize) -> Value {
    let words = words(&text.text);
    let Some(word) = word_at(&words, offset) else { return json!({ "isIncomplete": false, "items": [] }) };
    let typed = text.text.get(word.start..offset).unwrap_or_default();
    let names: Vec<(String, String)> = match spot(word) {
        Some(Spot::Action) => actions(typed),
        Some(Spot::Key) => keys(&words, word, &text.text),
        Some(Spot::Operator) => operators(),
        Some(Spot::Element) => elements(word),
        Some(Spot::Effect) => plain(&["Allow", "Deny"]),
        Some(Spot::Version) => plain(&["2012-10-17"]),
        Some(Spot::Truth) => plain(&["true", "false"]),
        Some(Spot::PrincipalKind) => plain(&["AWS", "Service", "Federated", "CanonicalUser"]),
        Some(Spot::Resource) => resources(&words, word, &text.text),
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
fn of_statement<'t>(words: &[Word], word: &Word, text: &'t str) -> Vec<&'t str> {
    words
        .iter()
        .filter(|other| !other.is_name && other.statement == word.statement)
        .filter(|other| matches!(other.path.last().map(String::as_str), Some("Action" | "NotAction")))
        .filter_map(|other| text.get(other.start..other.end))
        .collect()
}

/// The keys of the statement's actions, and those of all requests.
fn keys(words: &[Word], word: &Word, text: &str) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> =
        GLOBAL_KEYS.iter().map(|key| (key.name.to_owned(), key.presence.to_owned())).collect();
    for entry in of_statement(words, word, text).into_iter().filter(|entry| entry.contains(':')) {
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
fn resources(words: &[Word], word: &Word, text: &str) -> Vec<(String, String)> {
    let mut forms = vec![("*".to_owned(), "every resource".to_owned())];
    for entry in of_statement(words, word, text).into_iter().filter(|entry| entry.contains(':')) {
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

/// The statements, by `Sid` or number.
pub(super) fn symbols(text: &Text) -> Value {
    let words = words(&text.text);
    let mut statements: Vec<usize> = words.iter().filter_map(|word| word.statement).collect();
    statements.sort_unstable();
    statements.dedup();
    let symbol = |(number, begins): (usize, &usize)| {
        let inside: Vec<&Word> = words.iter().filter(|word| word.statement == Some(*begins)).collect();
        let value = |name: &str| {
            let is = |word: &&&Word| !word.is_name && word.path.last().is_some_and(|last| last == name);
            inside.iter().find(is).and_then(|word| text.text.get(word.start..word.end))
        };
        let end = inside.last().map_or(*begins, |word| word.end + 1);
        let name = value("Sid")
            .filter(|sid| !sid.is_empty())
            .map_or_else(|| format!("statement {}", number + 1), str::to_owned);
        let sid =
            inside.iter().find(|word| !word.is_name && word.path.last().is_some_and(|last| last == "Sid"));
        let chosen =
            sid.map_or_else(|| text.range(*begins, begins + 1), |word| text.range(word.start, word.end));
        json!({ "name": name, "detail": value("Effect").unwrap_or_default(), "kind": 5,
                "range": text.range(*begins, end), "selectionRange": chosen })
    };
    statements.iter().enumerate().map(symbol).collect()
}
