//! Data that is not part of the project: it is read from beside it, where it exists.

use std::path::PathBuf;
use std::process::Command;

/// A file of the data folder beside the project; `None`, and a word about it, if there is none.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    skip(&format!("{} is not there", path.display()));
    None
}

/// What a program prints; `None`, and a word about it, if it is not installed.
pub(crate) fn output_of(command: &mut Command) -> Option<Vec<u8>> {
    match command.output() {
        Ok(output) if output.status.success() => Some(output.stdout),
        Ok(output) => panic!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            skip(&format!("{command:?}: {error}"));
            None
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn skip(reason: &str) {
    eprintln!("skipped: {reason}");
}
