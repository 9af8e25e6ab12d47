//! `twokeys man`: a manual page for each command, from the same words as `--help`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::{Cli, Io};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input;

/// Write manual pages into a folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys man man1
  twokeys man man1 && man ./man1/twokeys-fmt.1")]
pub(crate) struct Manual {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Manual {
    /// Exit status: 0 written, 2 trouble.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let cannot = |path: &Path, error: &io::Error| {
            let message = format!("`{}` cannot be written: {error}", path.display());
            Problem::new("unwritable", message).help("name a folder that you may write to")
        };
        std::fs::create_dir_all(&self.folder).map_err(|error| cannot(&self.folder, &error))?;
        let pages = pages()?;
        for (name, page) in &pages {
            let path = self.folder.join(name);
            input::replace(&path, page).map_err(|error| cannot(&path, &error))?;
        }
        if !io.look.quiet {
            writeln!(io.err, "{} pages written to {}", pages.len(), self.folder.display())?;
        }
        Ok(Exit::Yes)
    }
}

/// All pages with their file names: that of `twokeys` and one for each command.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut root = Cli::command();
    // Gives the commands the flags that all of them take.
    root.build();
    let names = |command: &clap::Command| {
        format!("{}.1", command.get_display_name().unwrap_or_else(|| command.get_name()))
    };
    let mut pages = Vec::new();
    for command in std::iter::once(&root).chain(root.get_subcommands()) {
        let mut page = Vec::new();
        Man::new(command.clone()).render(&mut page)?;
        pages.push((names(command), page));
    }
    Ok(pages)
}
