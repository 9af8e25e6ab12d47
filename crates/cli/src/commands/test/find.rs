//! Test files are found by their name in folders, and taken as they are where they are named.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Problem};

const ENDINGS: [&str; 2] = [".twokeys-test.json", ".twokeys-test.toml"];
/// The deepest folder that is looked into.
const DEEPEST: usize = 64;

/// All test files of these paths, in order; each once.
pub(super) fn test_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, 0, &mut found, &mut problems);
        } else {
            found.push(path.clone());
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Problems(problems));
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|path| path.as_os_str() == "-" || seen.insert(path.clone()));
    Ok(found)
}

/// A folder that cannot be read stops the run: the tests in it would not be run, and nobody would know.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let entries = match entries(folder) {
        Ok(entries) if depth < DEEPEST => entries,
        Ok(_) => {
            let message = format!("`{}` lies more than {DEEPEST} folders deep", folder.display());
            problems.push(Problem::new("unreadable", message).help("name the folder itself"));
            return;
        }
        Err(error) => {
            let message = format!("the folder `{}` cannot be read: {error}", folder.display());
            problems
                .push(Problem::new("unreadable", message).help("check its permissions, or name other paths"));
            return;
        }
    };
    // Build output says so itself; see https://bford.info/cachedir/.
    if depth > 0 && entries.iter().any(|(path, _)| path.ends_with("CACHEDIR.TAG")) {
        return;
    }
    for (path, is_folder) in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if is_folder && !name.starts_with('.') && name != "node_modules" {
            walk(&path, depth + 1, found, problems);
        } else if !is_folder && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

/// What is in a folder, by name; links to folders are not followed, so that nothing is met twice.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_symlink() && entry.path().is_dir() {
            continue;
        }
        let path = if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() };
        entries.push((path, kind.is_dir()));
    }
    entries.sort();
    Ok(entries)
}
