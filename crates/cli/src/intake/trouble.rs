//! What is wrong with the files of an account, told where it stands in them.

use std::collections::BTreeMap;

use twokeys::account::{self, File, Place, ProblemKind, Problems};
use twokeys::source::{Diagnostic, Span, escaped};

use crate::failure::{Failure, Problem};
use crate::folder::Piece;
use crate::input::Document;

/// A dump, and the files it was put together from, if it was.
#[derive(Debug)]
pub(super) struct Dump {
    pub(super) document: Document,
    pub(super) pieces: Vec<Piece>,
}

/// More mistakes of a dump are counted, not told.
const MOST_TOLD: usize = 20;

/// The files behind an account, to tell where something is wrong.
#[derive(Clone, Copy)]
pub(super) struct Files<'f> {
    pub(super) dumps: &'f [Dump],
    pub(super) managed: &'f [Document],
}

impl<'f> Files<'f> {
    pub(super) fn document(self, file: File) -> Option<&'f Document> {
        match file {
            File::Dump(at) => self.dumps.get(at).map(|dump| &dump.document),
            File::Managed(at) => self.managed.get(at),
        }
    }

    /// The file of a folder that the policy at this place is.
    pub(super) fn piece(self, place: Place) -> Option<&'f Piece> {
        let File::Dump(at) = place.file else { return None };
        let pieces = &self.dumps.get(at)?.pieces;
        let found = pieces.binary_search_by_key(&place.span.start, |piece| piece.start).ok()?;
        pieces.get(found)
    }

    pub(super) fn told(self, problems: &Problems) -> Failure {
        Failure::Problems(self.problems(problems))
    }

    /// All that is wrong, what many share once.
    pub(super) fn problems(self, problems: &Problems) -> Vec<Problem> {
        let mut missing: BTreeMap<&str, Vec<&account::Problem>> = BTreeMap::new();
        let mut told = Vec::new();
        let several = problems.iter().count() > 1;
        for problem in problems.iter() {
            match &problem.kind {
                // Where something else is wrong, that is the reason.
                ProblemKind::NoAccount if several => {}
                ProblemKind::MissingPolicy(arn) => missing.entry(arn).or_default().push(problem),
                _ => told.extend(self.problem(problem)),
            }
        }
        for who in missing.into_values() {
            let others = who.len() - 1;
            let more = match others {
                0 => String::new(),
                1 => " (one more has it, too)".to_owned(),
                _ => format!(" ({others} more have it, too)"),
            };
            let first = who.into_iter().take(1).flat_map(|problem| self.problem(problem));
            told.extend(first.map(|problem| problem.with_more(&more)));
        }
        let more = told.len().saturating_sub(MOST_TOLD);
        told.truncate(MOST_TOLD);
        if more > 0 {
            told.push(Problem::new("dump-problems", format!("there are {more} more problems of this dump")));
        }
        told
    }

    fn problem(self, problem: &account::Problem) -> Vec<Problem> {
        let is_managed = problem.place.is_some_and(|place| matches!(place.file, File::Managed(_)));
        let diagnostics = with_help(problem, if is_managed { MANAGED } else { DUMP });
        let Some(place) = problem.place else {
            return diagnostics.into_iter().map(|diagnostic| Problem::of(&diagnostic)).collect();
        };
        let Some(document) = self.document(place.file) else { return Vec::new() };
        let pieces = match place.file {
            File::Dump(at) => self.dumps.get(at).map_or(&[][..], |dump| &dump.pieces),
            File::Managed(_) => &[],
        };
        let piece_at = |start: u32| pieces.iter().rev().find(|piece| piece.start <= start);
        if let Some(text) = &problem.text {
            // A file that is no JSON stands in the dump as a string; places in the string are its own.
            let file = piece_at(place.span.start).filter(|piece| piece.start == place.span.start);
            let document = file.map(|piece| piece.document.clone());
            let document =
                document.unwrap_or_else(|| Document::new(escaped(&problem.subject), text.as_bytes()));
            return diagnostics.into_iter().map(|diagnostic| Problem::at(&document, diagnostic)).collect();
        }
        let each = diagnostics.into_iter().map(|mut diagnostic| {
            let Some(piece) = piece_at(diagnostic.span.start) else {
                return Problem::at(document, diagnostic);
            };
            let back = |at: u32| at.saturating_sub(piece.start).saturating_add(piece.offset);
            let moved = |span: Span| Span { start: back(span.start), end: back(span.end) };
            diagnostic.span = moved(diagnostic.span);
            diagnostic.other = diagnostic.other.map(|(span, words)| (moved(span), words));
            Problem::at(&piece.document, diagnostic)
        });
        each.collect()
    }
}

/// A problem of a file that is told without a place.
pub(super) fn plain(document: &Document, problem: &account::Problem, again: &str) -> Failure {
    let diagnostics = with_help(problem, again);
    let name = &document.name;
    let each =
        diagnostics.iter().map(|diagnostic| Problem::of(diagnostic).with_more(&format!(" (`{name}`)")));
    Failure::Problems(each.collect())
}

/// What is wrong, always with a next step.
fn with_help(problem: &account::Problem, again: &str) -> Vec<Diagnostic> {
    let mut diagnostics = problem.diagnostics();
    for diagnostic in &mut diagnostics {
        diagnostic.help.get_or_insert_with(|| again.to_owned());
    }
    diagnostics
}

const DUMP: &str = "make the dump anew with `aws iam get-account-authorization-details`";
const MANAGED: &str = "write it as {\"policies\": [{\"arn\": …, \"document\": …}]}";
pub(super) const REPORT: &str =
    "give the table of `aws iam get-credential-report` of this account, decoded from Base64";
pub(super) const DEVICES: &str =
    "give the output of `aws iam list-virtual-mfa-devices` or `list-mfa-devices`";
