//! `twokeys demo`: a folder to try things in, and what to type next.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Write policies, a request and a test file into a new folder, and say what to type next
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys demo
  twokeys demo try-it && twokeys test try-it")]
pub(crate) struct Demo {
    /// The folder; it must be new or empty
    #[arg(value_name = "DIR", default_value = "twokeys-demo")]
    folder: PathBuf,
}

/// What is written.
const FILES: [(&str, &str); 5] = [
    ("administrator.json", include_str!("../../../../../policies/administrator.json")),
    ("self-manage.json", include_str!("../../../../../policies/mfa/self-manage.json")),
    ("deny-with-bool.json", include_str!("../../../../../policies/mfa/deny-with-bool.json")),
    ("request.json", include_str!("request.json")),
    ("demo.twokeys-test.toml", include_str!("test.toml")),
];

impl Demo {
    /// Exit status: 0 written, 2 trouble.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let folder = &self.folder;
        let shown = folder.display();
        let failed = |error: &io::Error| {
            Problem::new("unwritable", format!("`{shown}` cannot be written: {error}"))
                .help("name a folder that you may write to")
        };
        if folder.exists() && !is_empty_folder(folder).map_err(|error| failed(&error))? {
            let message = format!("`{shown}` is there already, and it is not an empty folder");
            let help = "name another folder; nothing is ever overwritten";
            return Err(Problem::new("folder-in-use", message).help(help).into());
        }
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        for (name, text) in FILES {
            let written =
                File::create_new(folder.join(name)).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| failed(&error))?;
        }
        let at = quoted(&folder.to_string_lossy());
        writeln!(
            io.out,
            "\
{} files are in {shown}: an administrator's policy, one that demands MFA, the same with a classic
mistake, a request, and a test file. Type next:

  twokeys simulate --request {at}/request.json --policy {at}/administrator.json {at}/self-manage.json
  twokeys simulate --request {at}/request.json --policy {at}/administrator.json {at}/deny-with-bool.json
  twokeys test {at}

The first is answered in three states of MFA; the second lets access keys through, and
`twokeys explain aws:MultiFactorAuthPresent` says why.",
            FILES.len()
        )?;
        Ok(Exit::Yes)
    }
}

fn is_empty_folder(path: &Path) -> io::Result<bool> {
    Ok(path.is_dir() && fs::read_dir(path)?.next().is_none())
}

/// The path as a shell reads it back.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !path.is_empty() && !path.starts_with('-') && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_path_back() {
        for (path, expected) in
            [("a/b-c.d", "a/b-c.d"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$x", "'$x'"), ("", "''")]
        {
            assert_eq!(quoted(path), expected);
        }
    }
}
