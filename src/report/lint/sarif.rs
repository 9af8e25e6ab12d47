//! Findings in SARIF 2.1.0, the form in which code scanning takes them.

use serde_json::{Map, Value, json};

use super::{LintFinding, LintReport, LintTrouble};
use crate::lint::{FixKind, Meta};
use crate::source::Severity;

/// The report as one SARIF log with one run.
pub fn sarif(report: &LintReport) -> String {
    let mut rules: Vec<&'static Meta> = Vec::new();
    let mut results = Vec::new();
    for finding in &report.findings {
        let index = rules.iter().position(|meta| std::ptr::eq(*meta, finding.meta)).unwrap_or_else(|| {
            rules.push(finding.meta);
            rules.len() - 1
        });
        results.push(result(finding, index));
    }
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "twokeys",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(rule).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": report.troubles.is_empty(),
                "toolExecutionNotifications": report.troubles.iter().map(notification).collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn rule(meta: &'static Meta) -> Value {
    let mut properties = Map::new();
    let mut tags = vec![meta.class().as_str()];
    if let Some(security) = meta.security {
        properties.insert("security-severity".to_owned(), json!(format!("{security:.1}")));
        if !tags.contains(&"security") {
            tags.push("security");
        }
    }
    if meta.code.starts_with('M') {
        tags.push("mfa");
    }
    properties.insert("tags".to_owned(), json!(tags));
    let fix = match meta.fix {
        FixKind::None => "",
        FixKind::Safe => "\n\nIt can be mended by `twokeys lint --fix`.",
        FixKind::Unsafe => "\n\nIt can be mended by `twokeys lint --unsafe-fixes`.",
        FixKind::Depends => "\n\nSimple cases can be mended by `twokeys lint --fix`.",
    };
    let examples = if meta.bad.text.is_empty() {
        String::new()
    } else {
        format!(
            "\n\nFlagged:\n\n```json\n{}\n```\n\nNot flagged:\n\n```json\n{}\n```",
            meta.bad.text, meta.good.text
        )
    };
    json!({
        "id": meta.code,
        "name": meta.name,
        "shortDescription": { "text": meta.summary },
        "fullDescription": { "text": meta.explanation },
        "help": {
            "text": format!("{}{fix}", meta.explanation),
            "markdown": format!("{}{fix}{examples}", meta.explanation),
        },
        "defaultConfiguration": { "level": level(meta.severity) },
        "properties": properties,
    })
}

fn result(finding: &LintFinding, rule_index: usize) -> Value {
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": level(finding.meta.severity),
        "message": { "text": message(finding) },
        "partialFingerprints": { "twokeys/v1": finding.fingerprint },
    });
    let Some(members) = result.as_object_mut() else { return result };
    if finding.is_in_a_file() {
        let [start, end] = finding.span;
        let region = finding.region;
        let mut location = json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.file) },
            "region": {
                "startLine": region.line, "startColumn": region.column,
                "endLine": region.end_line, "endColumn": region.end_column,
                "byteOffset": start, "byteLength": end.saturating_sub(start),
            },
        }});
        if let (Some(name), Some(location)) = (logical_name(finding), location.as_object_mut()) {
            location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": name }]));
        }
        members.insert("locations".to_owned(), json!([location]));
    }
    if !finding.related.is_empty() {
        let places = finding.related.iter().map(|related| {
            let [start, end] = related.span;
            json!({
                "message": { "text": related.message },
                "physicalLocation": {
                    "artifactLocation": { "uri": uri(&related.file) },
                    "region": {
                        "startLine": related.line, "startColumn": related.column,
                        "byteOffset": start, "byteLength": end.saturating_sub(start),
                    },
                },
            })
        });
        members.insert("relatedLocations".to_owned(), places.collect());
    }
    if let Some(fix) = &finding.fix {
        let replacements = fix.edits.iter().map(|edit| {
            let [start, end] = edit.span;
            json!({
                "deletedRegion": { "byteOffset": start, "byteLength": end.saturating_sub(start) },
                "insertedContent": { "text": edit.text },
            })
        });
        let fixes = json!([{
            "description": { "text": format!("{} ({})", fix.title, fix.safety) },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri(&finding.file) },
                "replacements": replacements.collect::<Vec<_>>(),
            }],
        }]);
        members.insert("fixes".to_owned(), fixes);
    }
    if let Some(suppressed) = &finding.suppressed {
        let kind = if matches!(suppressed.by, "config" | "baseline") { "external" } else { "inSource" };
        let mut suppression = json!({ "kind": kind });
        if let (Some(reason), Some(members)) = (&suppressed.reason, suppression.as_object_mut()) {
            members.insert("justification".to_owned(), json!(reason));
        }
        members.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

fn message(finding: &LintFinding) -> String {
    let parts = [
        Some(finding.message.clone()),
        finding.mfa.as_ref().map(|mfa| mfa.words.clone()),
        finding.help.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn logical_name(finding: &LintFinding) -> Option<String> {
    let parts = [finding.policy.name.clone(), finding.statement_name()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
    (!name.is_empty()).then_some(name)
}

fn notification(trouble: &LintTrouble) -> Value {
    let mut notification = json!({
        "level": "error",
        "descriptor": { "id": trouble.code },
        "message": { "text": trouble.message },
    });
    if let (Some(file), Some(members)) = (&trouble.file, notification.as_object_mut()) {
        let mut place = json!({ "artifactLocation": { "uri": uri(file) } });
        if let (Some(line), Some(place)) = (trouble.line, place.as_object_mut()) {
            let region = json!({ "startLine": line, "startColumn": trouble.column.unwrap_or(1) });
            place.insert("region".to_owned(), region);
        }
        members.insert("locations".to_owned(), json!([{ "physicalLocation": place }]));
    }
    notification
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a relative reference: what has a meaning in a URI is written by number.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rl_025_paths_become_references() {
        assert_eq!(uri("policies/a b.json"), "policies/a%20b.json");
        assert_eq!(uri("a:b?#é"), "a%3Ab%3F%23%C3%A9");
    }
}
