//! `twokeys fmt`: one layout for all policies, and the same decisions.

use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;
use twokeys::policy::Policy;
use twokeys::source::escaped;

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};

/// Lay policies out in one way, without changing what they say
///
/// Elements stand in the order of AWS's documentation, one entry a line; names and values stay as they
/// are written. What comes out is read again and compared before a file is touched. A file that is
/// no policy is shown with its mistake and left alone; the others are still laid out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys fmt --check policies/mfa/self-manage.json
  twokeys fmt --diff policies/mfa/self-manage.json policies/power-user.json
  twokeys fmt - < policies/mfa/self-manage.json")]
pub(crate) struct Fmt {
    /// Policy files; `-` reads standard input and writes to standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; name the files that would change
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    diff: bool,
}

/// What became of one file.
enum Done {
    AsItWas,
    Changed,
}

/// What became of all of them.
#[derive(Default)]
struct Count {
    changed: usize,
    as_it_was: usize,
    left_alone: usize,
}

impl Count {
    /// One line; `changed` says what happened, or would, to those that change.
    fn told(&self, changed: &str) -> String {
        let parts = [
            (self.changed, changed),
            (self.as_it_was, "laid out already"),
            (self.left_alone, "left alone because of mistakes"),
        ];
        let told = parts.iter().filter(|(count, _)| *count > 0);
        told.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
    }
}

impl Fmt {
    /// Exit status: 0 all is laid out, 1 with `--check` or `--diff` something would change, 2 trouble.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let mut problems = Vec::new();
        let mut count = Count::default();
        for path in &self.paths {
            match self.one(path, io) {
                Ok(Done::Changed) => count.changed += 1,
                Ok(Done::AsItWas) => count.as_it_was += 1,
                Err(Failure::Problems(more)) => {
                    count.left_alone += 1;
                    problems.extend(more);
                }
                Err(gone @ Failure::ClosedPipe) => return Err(gone),
            }
        }
        io.out.flush()?;
        if !io.look.quiet && self.paths.iter().any(|path| path.as_os_str() != "-") {
            writeln!(io.err, "{}", count.told(if self.writes() { "laid out" } else { "would change" }))?;
        }
        match problems.is_empty() {
            false => Err(Failure::Problems(problems)),
            true if count.changed > 0 && !self.writes() => Ok(Exit::No),
            true => Ok(Exit::Yes),
        }
    }

    fn writes(&self) -> bool {
        !self.check && !self.diff
    }

    /// Lays out one file.
    fn one(&self, path: &Path, io: &mut Io<'_>) -> Result<Done, Failure> {
        let document = io.input.read(path, "policy")?;
        let laid_out = layout(&document)?;
        let done = if *laid_out.as_bytes() == *document.bytes { Done::AsItWas } else { Done::Changed };
        if self.diff {
            let text = document.text();
            let diff = TextDiff::from_lines(&*text, &laid_out);
            let shown = diff.unified_diff().header(&document.name, &document.name).to_string();
            for line in shown.lines() {
                let cells: Vec<String> = line.split('\t').map(escaped).collect();
                writeln!(io.out, "{}", cells.join("\t"))?;
            }
        } else if self.check {
            if let Done::Changed = done {
                writeln!(io.out, "{}", escaped(&document.name))?;
            }
        } else if path.as_os_str() == "-" {
            io.out.write_all(laid_out.as_bytes())?;
        } else if let Done::Changed = done {
            input::replace(path, laid_out.as_bytes()).map_err(|error| {
                Problem::new("unwritable", format!("`{}` cannot be written: {error}", document.name))
                    .help("check the permissions of the file and its folder")
            })?;
        }
        Ok(done)
    }
}

/// The policy in its one layout, sure to say the same.
fn layout(document: &Document) -> Result<String, Failure> {
    let policy = Policy::parse_bytes(&document.bytes).map_err(|errors| {
        let told = errors.to_diagnostics().into_iter().map(|diagnostic| Problem::at(document, diagnostic));
        Failure::Problems(told.collect())
    })?;
    let laid_out = policy.to_json();
    // RL-055: equal policies decide equally. If ours ever lost something, the file must stay as it is.
    match Policy::parse(&laid_out) {
        Ok(again) if again == policy => Ok(laid_out),
        _ => Err(Problem::new("internal", format!("laying out `{}` would change it", document.name))
            .help("the file was left alone; please report this with the policy")
            .into()),
    }
}
