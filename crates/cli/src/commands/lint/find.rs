//! Which files are linted: those that are named, and those in folders that can hold a policy.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use memchr::memmem;
use twokeys::json::{Node, Reading, Value};

use crate::failure::{Failure, Problem};

/// Endings of files in folders that can hold policies.
const ENDINGS: [&str; 4] = ["json", "template", "yaml", "yml"];
/// The deepest folder that is looked into.
const DEEPEST: usize = 64;

/// A file to be linted.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Where it is; `-` for standard input.
    pub(super) path: PathBuf,
    /// What it is called in messages.
    pub(super) name: String,
    /// Its path from the argument that led to it; for a file that was named, its name.
    pub(super) below: PathBuf,
    /// Was it named, and not met in a folder?
    pub(super) named: bool,
}

/// All files of these paths, by name, each once; and folders that could not be read.
pub(super) fn targets(paths: &[PathBuf], stdin_name: Option<&Path>) -> (Vec<Target>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let name = stdin_name.map_or_else(|| "-".to_owned(), |name| name.display().to_string());
            let below = PathBuf::from(Path::new(&name).file_name().unwrap_or_default());
            found.push(Target { path: path.clone(), name, below, named: true });
        } else if path.is_dir() {
            walk(path, &mut found, &mut problems);
        } else {
            let below = PathBuf::from(path.file_name().unwrap_or_default());
            found.push(Target { path: path.clone(), name: path.display().to_string(), below, named: true });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name).then(other.named.cmp(&one.named)));
    found.dedup_by(|one, other| one.name == other.name && one.path == other.path);
    (found, problems)
}

fn walk(folder: &Path, found: &mut Vec<Target>, problems: &mut Vec<Problem>) {
    let mut walk = WalkBuilder::new(folder);
    walk.max_depth(Some(DEEPEST)).require_git(false);
    for entry in walk.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let message = format!("a folder below `{}` cannot be read: {error}", folder.display());
                problems.push(
                    Problem::new("unreadable", message).help("check its permissions, or name other paths"),
                );
                continue;
            }
        };
        let path = entry.path();
        let fits = path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| {
            ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
                && !path.to_string_lossy().ends_with(".twokeys-test.json")
        });
        // Links to files are followed, links to folders are not, so that nothing is met twice.
        if fits && !entry.file_type().is_some_and(|kind| kind.is_dir()) && path.is_file() {
            let below = path.strip_prefix(folder).unwrap_or(path).to_owned();
            let path = path.strip_prefix(".").unwrap_or(path).to_owned();
            found.push(Target { name: path.display().to_string(), path, below, named: false });
        }
    }
}

/// Can there be a policy in it at all? A look that costs nothing, for files met in folders.
pub(super) fn may_hold_a_policy(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"Statement").is_some()
}

/// Is this JSON something else than a policy? Then nothing in it is a mistake.
///
/// A file that is broken, or a list, or an object that has one element of policies, is held to be meant
/// as one.
pub(super) fn is_something_else(bytes: &[u8], reading: &Reading<'_>, named: bool) -> bool {
    match &reading.root {
        Some(Node { value: Value::Object(members), .. }) if reading.errors.is_empty() => {
            let known = ["version", "id", "statement", "effect", "action", "notaction"];
            let known = if named { &known[..] } else { &["statement"] };
            !members.is_empty() && !members.iter().any(|member| known.contains(&&*member.key.to_lowercase()))
        }
        Some(_) if reading.errors.is_empty() => !named,
        _ => !named && memmem::find(bytes, b"\"Statement\"").is_none(),
    }
}

/// No file at all is a mistake of whoever typed the command.
pub(super) fn none_found(paths: &[PathBuf]) -> Failure {
    let names: Vec<_> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    Problem::new("no-policy", format!("there is no policy in {}", names.join(", ")))
        .help("in folders, files that end in .json, .yaml, .yml or .template are looked at, if no ignore file names them")
        .into()
}

#[cfg(test)]
mod tests {
    use twokeys::json::{self, Limits};

    use super::*;

    #[test]
    fn what_is_meant_as_a_policy_is_told_from_what_is_not() {
        for (text, named, in_folder) in [
            (r#"{"Statement": []}"#, false, false),
            (r#"{"Version": "2012-10-17"}"#, false, true),
            (r#"{"Statement": [}"#, false, false),
            (r#"{"name": "package", "private": true}"#, true, true),
            ("[1, 2]", false, true),
            ("{", false, true),
            ("{}", false, true),
        ] {
            let reading = json::read(text.as_bytes(), &Limits::default());
            let is_something_else = |named| is_something_else(text.as_bytes(), &reading, named);
            assert_eq!(is_something_else(true), named, "{text}");
            let passed_over = is_something_else(false) || !may_hold_a_policy(text.as_bytes());
            assert_eq!(passed_over, in_folder, "{text}");
        }
    }
}
