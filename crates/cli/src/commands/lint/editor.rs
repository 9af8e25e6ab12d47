//! The linter for an editor: an open document, looked at as `twokeys lint FILE` without flags would look at the file.
//!
//! Files that `exclude` names and those that hold no policy are left alone, as they are in a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use memchr::memmem;
use twokeys::report::lint::LintFinding;

use super::effective::{Effective, Everywhere};
use super::judge::{self, Judged};
use super::suppress::Baseline;
use super::{Lint, mend, number_equal_fingerprints};
use crate::failure::Failure;
use crate::input::{Document, Input};
use crate::intake::Found;

/// That there is no policy, and that a kind is guessed: it would stand beside every file that is ever opened.
const OF_A_RUN: [&str; 2] = ["L903", "L906"];

/// What there is to be found in a document. What is accepted is left out.
pub(in crate::commands) fn look_at(
    document: &Document,
    path: &Path,
    input: &mut Input,
) -> Result<Vec<LintFinding>, Failure> {
    let Some((looker, judged)) = Looker::of(document, path, input)? else { return Ok(Vec::new()) };
    let mut findings = judged.findings;
    number_equal_fingerprints(&mut findings);
    if let Some(baseline) = looker.effective.baseline() {
        // What its entries for other files silence is not known here.
        Baseline::read(&input.read(&baseline, "baseline")?)?.apply(&mut findings);
    }
    findings.retain(|finding| finding.suppressed.is_none() && !OF_A_RUN.contains(&finding.code));
    Ok(findings)
}

/// The document after `--fix`, if that changes it.
pub(in crate::commands) fn mended(
    document: &Document,
    path: &Path,
    input: &mut Input,
) -> Result<Option<Document>, Failure> {
    let Some((looker, judged)) = Looker::of(document, path, input)? else { return Ok(None) };
    let mended = mend::mend(&judged, false, &|document| looker.judge(document));
    Ok((mended.made > 0).then_some(mended.document))
}

/// The policies of a document, as far as it can be read.
pub(in crate::commands) fn policies(document: &Document) -> Vec<Found> {
    judge::open(document, true).found
}

/// What counts for a document.
struct Looker {
    effective: Arc<Effective>,
    relative: PathBuf,
    today: NaiveDate,
}

impl Looker {
    fn of(document: &Document, path: &Path, input: &mut Input) -> Result<Option<(Self, Judged)>, Failure> {
        /// The flags, with none of them given.
        #[derive(clap::Parser)]
        struct Flags {
            #[command(flatten)]
            lint: Lint,
        }
        let today = input.now()?.date_naive();
        let flags = <Flags as clap::Parser>::parse_from(["lint"]).lint;
        let effective = Everywhere::new(&flags, input)?.of(path, input)?;
        let looker = Self { relative: effective.relative(path), effective, today };
        if looker.effective.excludes(&looker.relative) {
            return Ok(None);
        }
        let judged = looker.judge(document);
        Ok(judged.map(|judged| (looker, judged)))
    }

    fn judge(&self, document: &Document) -> Option<Judged> {
        let named = is_meant(&document.bytes);
        judge::judge(document, &self.relative, named, &self.effective, self.today)
    }
}

/// Is it certainly meant as a policy, be it without statements? To open a file is not to name it.
fn is_meant(bytes: &[u8]) -> bool {
    let has = |part: &str| memmem::find(bytes, part.as_bytes()).is_some();
    has("\"2012-10-17\"") || has("\"2008-10-17\"") || (has("\"Effect\"") && has("Action\""))
}
