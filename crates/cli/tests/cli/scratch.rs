//! Folders for commands that write, or that look for files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{Outcome, command, root};

/// A folder of one test, empty at first.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// The same, with the folders that examples name.
    pub(crate) fn with_examples(name: &str) -> Self {
        let scratch = Self::new(name);
        for folder in ["policies", "tests"] {
            std::os::unix::fs::symlink(root().join(folder), scratch.path(folder)).unwrap();
        }
        scratch
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file.
    pub(crate) fn put(&self, name: &str, text: &str) -> &Self {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
        self
    }

    /// Copies files of `policies/` under their own names.
    pub(crate) fn policies(&self, names: &[&str]) -> &Self {
        for name in names {
            let short = Path::new(name).file_name().unwrap();
            fs::copy(root().join("policies").join(name), self.0.join(short)).unwrap();
        }
        self
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `twokeys` in the folder.
    pub(crate) fn run(&self, words: &[&str]) -> Outcome {
        let output = command(words).current_dir(&self.0).stdin(Stdio::null()).output().unwrap();
        Outcome::of(&output)
    }

    /// Runs a line as a shell does.
    pub(crate) fn shell(&self, line: &str) -> Outcome {
        let binary = Path::new(env!("CARGO_BIN_EXE_twokeys")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", line]).current_dir(&self.0).env_clear();
        shell.env("PATH", path).env("TWOKEYS_NOW", "2026-01-05T09:00:00Z").stdin(Stdio::null());
        Outcome::of(&shell.output().unwrap())
    }
}
