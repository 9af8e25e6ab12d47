//! `twokeys store`: what can be done with a data folder while no server holds it.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use twokeys_server::folder::{Folder, Master, default_key_file};
use twokeys_server::start::{System, new_root_key, secret};
use twokeys_server::store::{SCHEMA, Store as _};

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// A data folder of `serve` that no server holds: check it, copy it, make a new key for root
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  twokeys store check twokeys-data
  twokeys store backup twokeys-data copy.db"
)]
pub(crate) struct Store {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Read everything that is kept, and tell how much there is
    #[command(after_help = "Examples:
  twokeys store check twokeys-data
  twokeys store check twokeys-data --master-key-file twokeys-data.key")]
    Check(Kept),
    /// Copy the database into a new file; the master key is not in it
    #[command(after_help = "Examples:
  twokeys store backup twokeys-data copy.db
  twokeys store backup twokeys-data copy.db --master-key-file twokeys-data.key")]
    Backup {
        #[command(flatten)]
        kept: Kept,
        /// The new file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Make a new access key for root, shown once; the older ones end
    #[command(after_help = "Examples:
  twokeys store root-key twokeys-data
  twokeys store root-key twokeys-data --master-key-file twokeys-data.key")]
    RootKey(Kept),
}

/// A data folder and its key.
#[derive(Debug, Args)]
struct Kept {
    /// The data folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The key that seals seeds and secrets [default: the folder's name with `.key` behind it]
    #[arg(long, value_name = "FILE", conflicts_with = "master_passphrase_stdin")]
    master_key_file: Option<PathBuf>,
    /// Read a passphrase from standard input instead of a key file
    #[arg(long)]
    master_passphrase_stdin: bool,
}

fn trouble(error: impl std::fmt::Display) -> Failure {
    Problem::new("store", error.to_string()).into()
}

impl Store {
    /// Exit status: 0 done, 2 the folder cannot be used.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        match &self.command {
            What::Check(kept) => {
                let mut folder = kept.open(io)?;
                let records = folder.store.load().map_err(trouble)?;
                let mut kinds = std::collections::BTreeMap::new();
                for record in &records {
                    *kinds.entry(record.kind().as_str()).or_insert(0_usize) += 1;
                }
                writeln!(
                    io.out,
                    "{}: schema {SCHEMA}, {} records, check ok",
                    kept.folder.display(),
                    records.len()
                )?;
                for (kind, count) in kinds {
                    writeln!(io.out, "  {kind:12} {count}")?;
                }
            }
            What::Backup { kept, file } => {
                kept.open(io)?.store.backup(file).map_err(trouble)?;
                writeln!(
                    io.err,
                    "{}: copied; what is sealed in it opens with the same master key only",
                    file.display()
                )?;
            }
            What::RootKey(kept) => {
                let master = kept.master(io)?;
                let now = twokeys_server::http::now();
                for shown in new_root_key(&kept.folder, &master, now).map_err(trouble)? {
                    super::serve::show(io, &shown)?;
                }
            }
        }
        Ok(Exit::Yes)
    }
}

impl Kept {
    fn open(&self, io: &mut Io<'_>) -> Result<Folder, Failure> {
        let master = self.master(io)?;
        Folder::open(&self.folder, &master, &System).map_err(trouble)
    }

    /// The key of a folder that is there: nothing is made here, neither a folder nor a key.
    fn master(&self, io: &mut Io<'_>) -> Result<Master, Failure> {
        if !self.folder.join("twokeys.db").is_file() {
            let message =
                format!("`{}` is no data folder: there is no twokeys.db in it", self.folder.display());
            return Err(Problem::new("store", message)
                .help("a data folder is made by `twokeys serve --data DIR`")
                .into());
        }
        if self.master_passphrase_stdin {
            let text = io.input.read(Path::new("-"), "a passphrase")?;
            return Ok(Master::Passphrase(secret(text.text().trim_end_matches(['\r', '\n']).to_owned())));
        }
        Ok(Master::File(self.master_key_file.clone().unwrap_or_else(|| default_key_file(&self.folder))))
    }
}
