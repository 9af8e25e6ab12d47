//! `--against`: what a change of policies does for callers without MFA.

use std::path::{Path, PathBuf};
use std::process::Command;

use twokeys::lint::{Changed, GAINED, gained_and_lost};
use twokeys::policy::{Policy, PolicyType};
use twokeys::report::lint::{AccessChange, Against, LintFinding};
use twokeys::source::{Span, shown};

use super::judge::{Judged, open};
use super::place::{Around, Lines};
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};

/// The older text of a file; none where what is older has no such file.
///
/// `git:REV` is the same path at that revision; anything else is a file, or a folder that holds one of
/// the same path below the folder that was linted.
pub(super) fn older(old: &str, path: &Path, below: &Path) -> Result<Option<Document>, Failure> {
    if let Some(revision) = old.strip_prefix("git:") {
        return of_git(revision, path);
    }
    let named = PathBuf::from(old);
    if !named.is_dir() {
        return input::read_file(&named, "older policy").map(Some);
    }
    // An absolute path would lead out of it, and a file be held against itself.
    let place = named.join(below.strip_prefix("/").unwrap_or(below));
    if place.exists() { input::read_file(&place, "older policy").map(Some) } else { Ok(None) }
}

/// Asks `git` itself, in the folder of the file. Nothing is fetched.
fn of_git(revision: &str, path: &Path) -> Result<Option<Document>, Failure> {
    let wrong = |message: String| {
        Failure::from(
            Problem::new("no-older-policy", message)
                .help("`--against git:REV` needs git, and a revision that has the file"),
        )
    };
    if revision.is_empty() || revision.starts_with('-') || revision.contains(':') {
        return Err(wrong(format!("`{revision}` is no revision")));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let object = format!("{revision}:./{name}");
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["show", "--no-textconv", "--end-of-options", &object])
        .output()
        .map_err(|error| wrong(format!("git cannot be run: {error}")))?;
    if !output.status.success() {
        // A revision that is there has no such file: the file is new.
        let tree = format!("{revision}^{{tree}}");
        let known = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["rev-parse", "--verify", "--quiet", &tree])
            .output();
        if known.is_ok_and(|known| known.status.success()) {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("no reason given").to_owned();
        return Err(wrong(format!("git has no `{object}`: {said}")));
    }
    Ok(Some(Document::new(format!("{} at {revision}", path.display()), output.stdout)))
}

/// Adds what changed from the older text to the file that was linted. Where nothing is older, everything
/// that grants is gained.
pub(super) fn compare(
    older: Option<&Document>,
    judged: &Judged,
    against: &mut Against,
) -> Result<Vec<LintFinding>, Failure> {
    let mut findings = Vec::new();
    let lines = Lines::of(&judged.document.bytes);
    let around = Around::of(&judged.document, &judged.document.name, &lines);
    let old = older.map(|older| open(older, true).found).unwrap_or_default();
    for (number, new) in open(&judged.document, true).found.iter().enumerate() {
        let Ok(new_policy) = Policy::parse_bytes(&new.text) else { continue };
        let Some(kind) = judged.kinds.get(number).copied() else { continue };
        let before = old
            .iter()
            .find(|old| old.path == new.path && old.name == new.name)
            .or_else(|| (old.len() == 1 && new.path == "$").then(|| old.get(number)).flatten());
        let old_policy = match (before, older) {
            (Some(before), Some(older)) => Policy::parse_bytes(&before.text).map_err(|errors| {
                let told = errors.to_diagnostics().into_iter();
                Failure::Problems(told.map(|diagnostic| Problem::at(older, diagnostic)).collect())
            })?,
            // A policy that was not there allowed nothing; what only limits gives nothing by being new.
            _ if matches!(kind, PolicyType::Identity | PolicyType::Resource | PolicyType::Trust) => {
                Policy { statements: Vec::new(), ..new_policy.clone() }
            }
            _ => continue,
        };
        let (gained, lost) = gained_and_lost(&old_policy, &new_policy, kind);
        if !gained.is_empty() {
            let span = new.map.to_file(Span::new(0, 1));
            findings.push(around.place(&GAINED.at(span, message(&gained, &against.file))));
        }
        against.gained.extend(gained.into_iter().map(change));
        against.lost.extend(lost.into_iter().map(change));
    }
    Ok(findings)
}

/// The first of them by name, the rest by number: a wildcard can open thousands.
fn message(gained: &[Changed], old: &str) -> String {
    const NAMED: usize = 3;
    let named = gained
        .iter()
        .take(NAMED)
        .map(|one| format!("{} on {} (mfa {})", one.action, shown(&one.resource), one.mfa));
    let named = named.collect::<Vec<_>>().join(", ");
    let rest = gained.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("allowed without MFA now (against {}): {named}{rest}", shown(old))
}

fn change(changed: Changed) -> AccessChange {
    AccessChange { action: changed.action, resource: changed.resource, mfa: changed.mfa }
}
