//! `twokeys account unpack` and `pack`: a dump as a folder for version control, and back.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use clap::Args;
use twokeys::source::escaped;

use super::summary::given;
use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::folder::{self, Extras, Names};
use crate::input::{self, Document, Input};
use crate::intake::{AccountArgs, Organization};
use crate::words::counted;

/// Write an account into a folder, one file a policy, with names that stay the same
///
/// The folder is new or empty, or holds the same account already, which is then replaced. Nothing is ever
/// written beside it, whatever things are called in the account.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys account unpack my-account --account tests/data/account/moto.json
  twokeys account unpack my-account --account tests/data/account/moto.json && \\
    twokeys matrix --world my-account -a iam:CreateUser")]
pub(super) struct Unpack {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    account: AccountArgs,
    /// Folder of an organization, to be put beside it
    #[arg(long, value_name = "DIR", help_heading = "Account")]
    org: Option<PathBuf>,
}

/// Put an unpacked account together as the AWS CLI would print it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys account unpack my-account --account tests/data/account/moto.json && \\
    twokeys account pack my-account --output again.json
  twokeys account unpack my-account --account tests/data/account/moto.json && \\
    twokeys account pack my-account | twokeys account summary --account -")]
pub(super) struct Pack {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

impl Unpack {
    /// Exit status: 0 written, 2 trouble.
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        // Broken and missing policies are no reason not to unpack: to mend them is one.
        let files = self.account.files();
        let home = given(&self.account, true, io)?;
        if files.folder.is_some() {
            return Err(Problem::new("no-account", "what is unpacked is a dump, not a folder")
                .help("give the dump: --account FILE")
                .into());
        }
        let unfit = home.unfit_for_a_folder();
        if !unfit.is_empty() {
            return Err(Failure::Problems(unfit));
        }
        let report = match &files.credential_report {
            Some(path) => Some(io.input.read(path, "credential report")?),
            None => None,
        };
        let org = match &self.org {
            Some(folder) => organization(folder, &mut io.input)?,
            None => Vec::new(),
        };
        let extras = Extras { credential_report: report.as_ref(), org };
        let done = folder::unpack(&self.folder, &home.dumps(), &home.account, &extras)?;
        for problem in home.left_out.iter().filter(|_| !io.look.quiet) {
            writeln!(io.err, "note: written as it is, {}", escaped(&problem.to_string()))?;
        }
        if !io.look.quiet {
            let shown = self.folder.display().to_string();
            let (entities, policies) = (counted(done.entities, "entity"), counted(done.policies, "policy"));
            writeln!(
                io.err,
                "{entities} and {policies} of account {} are in {}",
                home.account.id(),
                escaped(&shown)
            )?;
        }
        Ok(Exit::Yes)
    }
}

impl Pack {
    /// Exit status: 0 written, 2 trouble.
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let packed = folder::pack(&self.folder, &Names::new(), &mut io.input)?;
        let text = folder::laid_out(&packed.dump)?;
        match &self.output {
            None => io.out.write_all(text.as_bytes())?,
            Some(path) => write_new(path, text.as_bytes()).map_err(|error| {
                Problem::new("unwritable", format!("`{}` cannot be written: {error}", path.display()))
                    .help("check the permissions of the file and its folder")
            })?,
        }
        Ok(Exit::Yes)
    }
}

/// Writes a file as a whole or not at all, whether it is there already or not.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.exists() {
        return input::replace(path, bytes);
    }
    let made = File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if made.is_err() {
        let _ = std::fs::remove_file(path);
    }
    made
}

/// The files of an organization with their paths below its folder.
fn organization(folder: &Path, input: &mut Input) -> Result<Vec<(String, Document)>, Failure> {
    let organization = Organization::read(folder, input)?;
    let mut files = vec![("org.json".to_owned(), input.read(&folder.join("org.json"), "organization")?)];
    let names: BTreeSet<&str> = organization.files().into_iter().map(|(name, _, _)| name).collect();
    for name in names {
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || name == "org.json" {
            let message = format!("the organization names a policy outside its folder: `{name}`");
            return Err(Problem::new("bad-organization", message)
                .help("put the policy into the folder before it is unpacked")
                .into());
        }
        let tidy: Vec<_> =
            Path::new(name).components().map(|part| part.as_os_str().to_string_lossy()).collect();
        files.push((tidy.join("/"), input.read(&folder.join(name), "policy of an organization")?));
    }
    Ok(files)
}
