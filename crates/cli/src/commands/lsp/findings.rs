//! What the linter finds, as an editor shows it: diagnostics, and actions that mend.

use serde_json::{Value, json};
use twokeys::report::lint::{LintEdit, LintFinding};

use super::text::{Text, path_of};
use crate::commands::lint;
use crate::input::{Document, Input, MAX_FILE};

/// Lints a document; the parameters of `publishDiagnostics`.
pub(super) fn look_again(uri: &str, text: &mut Text, input: &Input) -> Value {
    let looked = look(uri, text, input);
    text.findings.clear();
    let told: Vec<Value> = match looked {
        Ok(found) => {
            text.findings = found;
            text.findings.iter().map(|finding| diagnostic(uri, text, finding)).collect()
        }
        // A configuration that cannot be read is told where nobody overlooks it.
        Err(why) => {
            vec![json!({ "range": text.range(0, 0), "severity": 1, "source": "twokeys", "message": why })]
        }
    };
    let mut params = json!({ "uri": uri, "diagnostics": told });
    if let (Some(params), true) = (params.as_object_mut(), text.version.is_i64()) {
        params.insert("version".to_owned(), text.version.clone());
    }
    params
}

fn look(uri: &str, text: &Text, input: &Input) -> Result<Vec<LintFinding>, String> {
    if text.text.len() > MAX_FILE {
        return Err(format!("this is larger than {} MiB and not looked at", MAX_FILE >> 20));
    }
    // The clock is asked each time: an editor stays open for days.
    lint::look_at(&document(uri, text), &path_of(uri), &mut input.clone())
        .map_err(|failure| failure.to_string())
}

fn document(uri: &str, text: &Text) -> Document {
    Document::new(path_of(uri).display().to_string(), text.text.as_bytes())
}

fn diagnostic(uri: &str, text: &Text, finding: &LintFinding) -> Value {
    let range = |[start, end]: [u32; 2]| text.range(start as usize, end as usize);
    let severity = match finding.severity {
        "error" => 1,
        "warning" => 2,
        _ => 3,
    };
    let message = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            json!({ "location": { "uri": uri, "range": range(related.span) }, "message": related.message })
        })
        .collect();
    json!({
        "range": range(finding.span),
        "severity": severity,
        "code": finding.code,
        "source": "twokeys",
        "message": message,
        "relatedInformation": related,
    })
}

/// Quick fixes for what the range touches, and what `lint --fix` would do to all of it.
pub(super) fn actions(
    uri: &str,
    text: &Text,
    (start, end): (usize, usize),
    only: Option<&[Value]>,
    input: &Input,
) -> Value {
    let wants = |kind: &str| {
        let under =
            |only: &str| kind.strip_prefix(only).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        only.is_none_or(|only| only.iter().filter_map(Value::as_str).any(under))
    };
    let mut actions = Vec::new();
    let touched = |finding: &&LintFinding| {
        let [from, to] = finding.span.map(|at| at as usize);
        from <= end && start <= to
    };
    for finding in text.findings.iter().filter(touched).filter(|_| wants("quickfix")) {
        let Some(fix) = &finding.fix else { continue };
        let safe = fix.safety == "safe";
        let title = if safe { fix.title.clone() } else { format!("{} (can change a decision)", fix.title) };
        let edit = |edit: &LintEdit| {
            let [start, end] = edit.span.map(|at| at as usize);
            json!({ "range": text.range(start, end), "newText": edit.text })
        };
        actions.push(json!({
            "title": format!("{}: {title}", finding.code),
            "kind": "quickfix",
            "isPreferred": safe,
            "diagnostics": [diagnostic(uri, text, finding)],
            "edit": { "changes": { uri: fix.edits.iter().map(edit).collect::<Vec<_>>() } },
        }));
    }
    // Who moves the cursor is asked for all kinds, and should not wait for nothing.
    let is_worth_it = only.is_some()
        || text.findings.iter().any(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == "safe"));
    if wants("source.fixAll")
        && is_worth_it
        && let Ok(Some(mended)) = lint::mended(&document(uri, text), &path_of(uri), &mut input.clone())
    {
        actions.push(json!({
            "title": "twokeys: make all fixes that keep every decision",
            "kind": "source.fixAll",
            "edit": { "changes": { uri: [difference(text, &mended.text())] } },
        }));
    }
    Value::Array(actions)
}

/// One edit that makes a text of the other, without what both begin and end with.
fn difference(text: &Text, new: &str) -> Value {
    let old = text.text.as_str();
    let both = |(one, other): (char, char)| (one == other).then_some(one.len_utf8());
    let begin: usize = old.chars().zip(new.chars()).map_while(both).sum();
    let (rest, rest_new) = (old.get(begin..).unwrap_or_default(), new.get(begin..).unwrap_or_default());
    let end: usize = rest.chars().rev().zip(rest_new.chars().rev()).map_while(both).sum();
    let instead = rest_new.get(..rest_new.len() - end).unwrap_or_default();
    json!({ "range": text.range(begin, old.len() - end), "newText": instead })
}
