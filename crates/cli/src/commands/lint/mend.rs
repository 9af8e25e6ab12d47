//! `--fix`: edits made, looked at again, and taken back if they do not do good.

use std::collections::BTreeSet;

use similar::TextDiff;
use twokeys::lint::{Class, Edit, Fix, difference};
use twokeys::policy::Policy;
use twokeys::report::lint::LintFinding;
use twokeys::source::{Span, escaped};

use super::judge::{Judged, open};
use crate::input::Document;

/// An edit can make room for the next one, but not for ever.
const MOST_ROUNDS: usize = 10;

/// A file after its fixes.
pub(super) struct Mended {
    pub(super) document: Document,
    /// How many fixes were made.
    pub(super) made: usize,
    /// Fixes that were taken back, with the reason.
    pub(super) left: Vec<String>,
}

/// Makes the fixes of a file; `again` lints a text as the file was linted.
///
/// A fix is taken back if a policy can no longer be read, if there is more to be found afterwards than
/// before, and a safe one if a probe request is decided differently.
pub(super) fn mend(
    judged: &Judged,
    with_unsafe: bool,
    again: &dyn Fn(&Document) -> Option<Judged>,
) -> Mended {
    let mut now = judged.clone();
    let mut made = 0;
    let mut refused = BTreeSet::new();
    let mut left = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let fixes = fixes(&now.findings, with_unsafe, &refused);
        if fixes.is_empty() {
            break;
        }
        let all: Vec<&Fix> = fixes.iter().map(|(_, fix)| fix).collect();
        if let Ok((next, count)) = attempt(&now, &all, again) {
            now = next;
            made += count;
            continue;
        }
        // One of them does harm; the others need not suffer for it.
        let mut next = None;
        for (finding, fix) in &fixes {
            match attempt(&now, &[fix], again) {
                Ok(done) => {
                    next = Some(done);
                    break;
                }
                Err(reason) => {
                    refused.insert(finding.fingerprint.clone());
                    left.push(format!(
                        "{} {}: {} was not done: {reason}",
                        finding.code, finding.name, fix.title
                    ));
                }
            }
        }
        let Some((done, count)) = next else { break };
        now = done;
        made += count;
    }
    Mended { document: now.document, made, left }
}

/// The fixes of open findings, in the order of the file.
fn fixes<'f>(
    findings: &'f [LintFinding],
    with_unsafe: bool,
    refused: &BTreeSet<String>,
) -> Vec<(&'f LintFinding, Fix)> {
    let open = findings.iter().filter(|finding| finding.suppressed.is_none());
    let open = open.filter(|finding| !refused.contains(&finding.fingerprint));
    let with_fix = open.filter_map(|finding| {
        let fix = finding.fix.as_ref().filter(|fix| with_unsafe || fix.safety == "safe")?;
        let edits = fix.edits.iter().map(|edit| {
            let [start, end] = edit.span;
            Edit { span: Span { start, end }, text: edit.text.clone() }
        });
        let safe = fix.safety == "safe";
        Some((finding, Fix { title: fix.title.clone(), safe, edits: edits.collect() }))
    });
    with_fix.collect()
}

/// The file with the fixes made, or why they should not be.
fn attempt(
    before: &Judged,
    fixes: &[&Fix],
    again: &dyn Fn(&Document) -> Option<Judged>,
) -> Result<(Judged, usize), String> {
    let Ok(text) = std::str::from_utf8(&before.document.bytes) else {
        return Err("the file is not UTF-8".to_owned());
    };
    let (mended, made) = Fix::apply(text, fixes.iter().copied());
    if made == 0 || mended == text {
        return Err("the edit changes nothing".to_owned());
    }
    let document = Document { bytes: mended.into_bytes().into(), ..before.document.clone() };
    let after = again(&document).ok_or("no policy is left")?;
    if worse(&before.findings, &after.findings) {
        return Err("there would be more to find than before".to_owned());
    }
    let (old, new) = (open(&before.document, true).found, open(&document, true).found);
    if old.len() != new.len() {
        return Err("the file would hold other policies".to_owned());
    }
    for ((old, new), kind) in old.iter().zip(&new).zip(&before.kinds) {
        let new_policy = Policy::parse_bytes(&new.text).map_err(|errors| format!("{errors}"))?;
        let Ok(old_policy) = Policy::parse_bytes(&old.text) else { continue };
        if !old_policy.refusals(*kind).is_empty() {
            continue;
        }
        if let Some(refusal) = new_policy.refusals(*kind).first() {
            return Err(refusal.to_string());
        }
        if fixes.iter().all(|fix| fix.safe)
            && let Some(found) = difference(&old_policy, &new_policy, *kind)
        {
            let request = &found.request;
            return Err(format!(
                "{} on {} would be decided differently",
                request.action.as_str(),
                request.resource.as_str()
            ));
        }
    }
    Ok((after, made))
}

/// Is there more of a class, or of a worse one, than there was?
fn worse(before: &[LintFinding], after: &[LintFinding]) -> bool {
    let count = |findings: &[LintFinding], class: Class| {
        findings.iter().filter(|finding| finding.meta.class() >= class).count()
    };
    [Class::Warning, Class::Security, Class::Error]
        .into_iter()
        .any(|class| count(after, class) > count(before, class))
}

/// What changes from one text to the other, for people.
pub(super) fn diff(before: &Document, after: &Document) -> String {
    let (old, new) = (before.text(), after.text());
    let diff = TextDiff::from_lines(&*old, &*new);
    let shown = diff.unified_diff().header(&before.name, &after.name).to_string();
    let mut text = String::new();
    for line in shown.lines() {
        let cells: Vec<String> = line.split('\t').map(escaped).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}
