//! Every input kept in `corpus` still comes out right, on the stable compiler and without a fuzzer.

use std::fs;
use std::path::{Path, PathBuf};

use twokeys_fuzz::{OF_ENDPOINT, TARGETS};

/// A runaway recursion shows on a small stack only.
const STACK: usize = 512 << 10;

#[test]
fn every_kept_input_holds_its_property() {
    let replay = || {
        let mut wrong = Vec::new();
        for (name, property) in TARGETS {
            let inputs = inputs(name);
            assert!(!inputs.is_empty(), "corpus/{name} is empty");
            for path in inputs {
                let data = fs::read(&path).unwrap();
                if std::panic::catch_unwind(|| property(&data)).is_err() {
                    wrong.push(path);
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    };
    std::thread::Builder::new().stack_size(STACK).spawn(replay).unwrap().join().unwrap();
}

#[test]
fn every_target_is_in_the_table_and_has_the_name_of_its_file() {
    let mut files: Vec<String> = files(&root().join("fuzz_targets"))
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut names: Vec<&str> =
        TARGETS.iter().map(|(name, _)| *name).chain(OF_ENDPOINT.iter().copied()).collect();
    files.sort_unstable();
    names.sort_unstable();
    assert_eq!(files, names);
}

/// What is kept for a target: what the fuzzer found worth keeping, and what once failed.
fn inputs(target: &str) -> Vec<PathBuf> {
    files(&root().join("corpus").join(target))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
