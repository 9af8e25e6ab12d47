//! `--against`: what a change of policies does for callers without MFA.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use twokeys::lint::{Changed, gained_and_lost};
use twokeys::policy::Policy;
use twokeys::report::lint::{AccessChange, Against};

use super::judge::{Judged, open};
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};

/// The older text of a file; none if the file is new.
///
/// `git:REV` is the same path at that revision; anything else is a file, or a folder that is laid out as the one that
/// is linted.
pub(super) fn older(old: &str, path: &Path, below: &Path) -> Result<Option<Document>, Failure> {
    if let Some(revision) = old.strip_prefix("git:") {
        return of_git(revision, path);
    }
    let named = PathBuf::from(old);
    if !named.is_dir() {
        return input::read_file(&named, "older policy").map(Some);
    }
    let place = named.join(below);
    // What is there and cannot be read is trouble.
    if place.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(None);
    }
    input::read_file(&place, "older policy").map(Some)
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
    let git = |words: &[&str]| {
        let output = Command::new("git").arg("-C").arg(folder).args(words).output();
        output.map_err(|error| wrong(format!("git cannot be run: {error}")))
    };
    let output = git(&["show", "--no-textconv", "--end-of-options", &object])?;
    if !output.status.success() {
        // A revision that lists the folder, and not the file, was made before the file was.
        let listed = git(&["ls-tree", "--name-only", "-z", "--end-of-options", revision, "--", &name])?;
        if listed.status.success() && listed.stdout.is_empty() {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("no reason given").to_owned();
        return Err(wrong(format!("git has no `{object}`: {said}")));
    }
    Ok(Some(Document::new(format!("{} at {revision}", path.display()), output.stdout)))
}

/// A policy that was not there allowed nothing.
const NOTHING: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;

/// Adds what changed from the older text to the file that was linted.
pub(super) fn compare(
    older: Option<&Document>,
    judged: &Judged,
    against: &mut Against,
) -> Result<(), Failure> {
    let old = older.map(|older| open(older, true).found).unwrap_or_default();
    let new = open(&judged.document, true).found;
    for (number, new) in new.iter().enumerate() {
        let Ok(new_policy) = Policy::parse_bytes(&new.text) else { continue };
        let Some(kind) = judged.kinds.get(number).copied() else { continue };
        let before = old
            .iter()
            .find(|old| old.path == new.path && old.name == new.name)
            .or_else(|| (old.len() == 1 && new.path == "$").then(|| old.get(number)).flatten());
        let text = before.map_or(NOTHING.as_bytes(), |before| &before.text);
        let old_policy = Policy::parse_bytes(text).map_err(|errors| {
            let told = errors.to_diagnostics().into_iter();
            let place = older.unwrap_or(&judged.document);
            Failure::Problems(told.map(|diagnostic| Problem::at(place, diagnostic)).collect())
        })?;
        let (gained, lost) = gained_and_lost(&old_policy, &new_policy, kind);
        against.gained.extend(gained.into_iter().map(change));
        against.lost.extend(lost.into_iter().map(change));
    }
    Ok(())
}

fn change(changed: Changed) -> AccessChange {
    AccessChange { action: changed.action, resource: changed.resource, mfa: changed.mfa }
}
