//! The shape of the house, held by tests: arrows between modules, lengths, the tree of the docs.
//!
//! `docs/architecture.md` is the one place where the tree and the arrows are written down; the tests
//! read them there, so the page cannot become stale.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where code of ours lives.
const CODE: &[&str] = &["src", "crates", "tests", "benches", "fuzz"];
const MOST_LINES: usize = 600;

#[test]
fn modules_use_only_what_lies_below_them() {
    let arrows = arrows();
    let mut wrong = Vec::new();
    for file in rust_files(&["src"]) {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = arrows.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: `{module}` has no row in docs/architecture.md", file.display()));
            continue;
        };
        for used in read(&file).split("crate::").skip(1).map(first_word) {
            if used != module && !allowed.contains(&used) {
                wrong.push(format!("{}: `{module}` may not use `{used}`", file.display()));
            }
        }
    }
    none(&wrong);
}

/// `super::` in a chain longer than the file lies deep would be an arrow that the test above cannot see.
#[test]
fn super_stays_inside_the_folder_of_its_module() {
    let mut wrong = Vec::new();
    for file in rust_files(&["src"]) {
        // src/source.rs is as deep as src/name/mod.rs: its parent is the crate itself.
        let folders = file.iter().count() - 2;
        let depth = if file.ends_with("mod.rs") { folders - 1 } else { folders };
        let text = read(&file);
        let (code, tests) = text.split_once("\nmod tests {").unwrap_or((&text, ""));
        for (part, deepest) in [(code, depth), (tests, depth + 1)] {
            let chain = "super::".repeat(deepest + 1);
            if part.contains(&chain) {
                wrong.push(format!("{}: `{chain}` leaves the module", file.display()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_naive_evaluator_shares_nothing_but_the_tree() {
    let mut wrong = Vec::new();
    for file in rust_files(&["crates/naive/src"]) {
        for used in read(&file).split("twokeys::").skip(1).map(first_word) {
            if !["source", "name", "policy", "request"].contains(&used.as_str()) {
                wrong.push(format!("{}: uses `{used}`, which it is there to check", file.display()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn files_have_one_idea_said_in_the_first_line_and_at_most_600_lines() {
    let mut wrong = Vec::new();
    for file in rust_files(CODE) {
        let text = read(&file);
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{}: {lines} lines; look for the second idea", file.display()));
        }
        if !text.starts_with("//! ") && !text.starts_with("#![doc") {
            wrong.push(format!("{}: the first line does not say the idea", file.display()));
        }
    }
    none(&wrong);
}

#[test]
fn every_file_of_code_is_in_the_tree_of_the_docs() {
    let tree: BTreeSet<PathBuf> = tree().into_iter().collect();
    let missing: Vec<String> = rust_files(CODE)
        .iter()
        .filter(|file| !tree.contains(*file) && !tree.contains(&file.with_file_name("*.rs")))
        .map(|file| format!("{}: no line in the tree of docs/architecture.md", file.display()))
        .collect();
    none(&missing);
}

#[test]
fn everything_in_the_tree_of_the_docs_exists() {
    let missing: Vec<String> = tree()
        .iter()
        .filter(|path| {
            let path = if path.ends_with("*.rs") { path.parent().unwrap() } else { path };
            !root().join(path).exists()
        })
        .map(|path| format!("{}: in the tree of docs/architecture.md, but not there", path.display()))
        .collect();
    none(&missing);
}

/// No default branch can yield an allow: it is said in one function of the engine, and nowhere else.
#[test]
fn rl_001_allowed_is_said_in_one_place() {
    let only_asks = [
        "Decision::Allowed =>",
        "== Decision::Allowed",
        "contains(Decision::Allowed)",
        "is(Decision::Allowed)",
    ];
    let mut said = Vec::new();
    // Nobody else can make an `Evaluation`.
    for file in rust_files(&["src/engine"]) {
        // The type's own file names its members; a value of it decides nothing yet.
        if file.ends_with("engine/decision.rs") {
            continue;
        }
        let text = read(&file);
        let code = text.split("\n#[cfg(test)]").next().unwrap();
        for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            if line.contains("Decision::Allowed") && !only_asks.iter().any(|form| line.contains(form)) {
                said.push(format!("{}: {line}", file.display()));
            }
        }
    }
    assert_eq!(said, ["src/engine/chart.rs: Ruling { decision: Decision::Allowed, layer, by }"]);
}

#[test]
fn rl_005_every_package_forbids_unsafe_code() {
    let mut wrong = Vec::new();
    let workspace = read(Path::new("Cargo.toml"));
    if !workspace.contains("[workspace.lints.rust]\nunsafe_code = \"forbid\"") {
        wrong.push("Cargo.toml: the lint table does not forbid unsafe code".to_owned());
    }
    for manifest in files(&["Cargo.toml", "crates", "benches", "fuzz"]) {
        if manifest.ends_with("Cargo.toml") {
            let text = read(&manifest);
            // `benches` and `fuzz` are no members, so they cannot take over the table.
            let own = text.contains("[lints.rust]\nunsafe_code = \"forbid\"");
            if !own && !text.contains("[lints]\nworkspace = true") {
                wrong.push(format!("{}: does not take the lints of the workspace", manifest.display()));
            }
        }
    }
    none(&wrong);
}

/// The rows of "Who may use whom": a module, and the modules it may use.
fn arrows() -> Vec<(String, Vec<String>)> {
    let page = read(Path::new("docs/architecture.md"));
    let section = page.split("## Who may use whom").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<_> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(module, may)| {
            (module.to_owned(), may.split('`').skip(1).step_by(2).map(str::to_owned).collect())
        })
        .collect();
    assert!(!rows.is_empty(), "docs/architecture.md has no table of arrows");
    rows
}

/// The paths of "The tree": a name is below the nearest line above it that stands further left.
fn tree() -> Vec<PathBuf> {
    let page = read(Path::new("docs/architecture.md"));
    let block = page.split("## The tree").nth(1).unwrap().split("```").nth(1).unwrap();
    let mut open: Vec<(usize, PathBuf)> = Vec::new();
    let mut paths = Vec::new();
    for line in block.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        let (name, idea) = line.trim().split_once(' ').unwrap_or_else(|| panic!("no words on `{line}`"));
        assert!(!idea.trim().is_empty(), "no words on `{line}`");
        while open.last().is_some_and(|(left, _)| *left >= indent) {
            open.pop();
        }
        let path = open.last().map_or_else(PathBuf::new, |(_, parent)| parent.clone()).join(name);
        assert!(!paths.contains(&path), "{} stands in the tree twice", path.display());
        paths.push(path.clone());
        open.push((indent, path));
    }
    assert!(paths.len() > 10, "docs/architecture.md has no tree");
    paths
}

/// `src/name/arn.rs` and `src/name.rs` both belong to `name`.
fn module_of(file: &Path) -> String {
    file.iter().nth(1).unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn rust_files(folders: &[&str]) -> Vec<PathBuf> {
    let mut files = files(folders);
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    assert!(!files.is_empty(), "no Rust files in {folders:?}");
    files
}

/// All files below, as paths from the root of the project, without what builds leave behind.
fn files(below: &[&str]) -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = below.iter().map(PathBuf::from).collect();
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let full = root().join(&path);
        if full.is_file() {
            files.push(path);
        } else if full.is_dir() && name != "target" && !name.starts_with('.') {
            open.extend(fs::read_dir(full).unwrap().map(|entry| path.join(entry.unwrap().file_name())));
        }
    }
    files.sort();
    files
}

fn read(file: &Path) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
