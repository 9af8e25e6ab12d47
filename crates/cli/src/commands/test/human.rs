//! The report for people: a line a case, and below a failed one the difference.

use std::fmt::Write as _;

use twokeys::report::Style;
use twokeys::source::escaped;

use super::coverage::Coverage;
use super::outcome::{CaseOutcome, FileOutcome, Status, Summary};
use crate::look::Look;

/// Files with more cases than this tell those that passed in one line, unless all are asked for.
const MOST_LISTED: usize = 25;
const INDENT: &str = "        ";

/// One file, ending in a line break.
pub(super) fn file(file: &FileOutcome, look: &Look) -> String {
    let style = look.style();
    let all_well = |case: &&CaseOutcome| case.status() == Status::Passed;
    let quiet = style.quiet && file.problems.is_empty() && file.cases.iter().all(|case| all_well(&case));
    if quiet {
        return String::new();
    }
    let mut text = String::new();
    style.push(&mut text, "", &style.strong(&escaped(&file.path)), 2);
    problems(&mut text, &file.problems, look);
    let listed = style.verbose || file.cases.len() <= MOST_LISTED;
    for case in &file.cases {
        match case.status() {
            Status::Passed if style.quiet || !listed => {}
            Status::Passed => {
                let decisions = plural(case.decisions, "decision");
                style.push(&mut text, "  ok    ", &format!("{} ({decisions})", escaped(&case.name)), 8);
            }
            Status::Failed => {
                style.push(&mut text, "  FAIL  ", &style.strong(&escaped(&case.name)), 8);
                failures(&mut text, case, style);
            }
            Status::Error => {
                style.push(&mut text, "  ERROR ", &style.strong(&escaped(&case.name)), 8);
                problems(&mut text, &case.problems, look);
            }
        }
    }
    let passed: Vec<&CaseOutcome> = file.cases.iter().filter(all_well).collect();
    if !listed && !style.quiet && !passed.is_empty() {
        let decisions = passed.iter().map(|case| case.decisions).sum();
        let (cases, decisions) = (plural(passed.len(), "case"), plural(decisions, "decision"));
        style.push(&mut text, "  ok    ", &format!("{cases} ({decisions}; -v lists them)"), 8);
    }
    text
}

fn failures(text: &mut String, case: &CaseOutcome, style: Style) {
    let mut failures = case.failures.iter().peekable();
    while let Some(failure) = failures.next() {
        let lines = failure.lines(style);
        let mut states = vec![&*failure.answer.mfa];
        // What differs by the state of MFA alone is told once.
        while let Some(next) = failures.next_if(|next| next.is_like(failure) && next.lines(style) == lines) {
            states.push(&next.answer.mfa);
        }
        style.push(text, INDENT, &escaped(&failure.headline(&states.join(", "))), INDENT.len() + 2);
        for line in lines {
            // Lines of two columns keep them.
            let start = line.len() - line.trim_start().len();
            let (gap, words) = line.split_at_checked(start).unwrap_or(("", &line));
            style.push(text, &format!("{INDENT}{gap}"), words, INDENT.len() + start + 4);
        }
    }
}

fn problems(text: &mut String, problems: &[crate::failure::Problem], look: &Look) {
    for problem in problems {
        for line in problem.to_text(look.style().colors).lines() {
            let _ = writeln!(text, "{}", format!("{INDENT}{line}").trim_end());
        }
    }
}

/// The last line.
pub(super) fn summary(files: &[FileOutcome], coverage: Option<&Coverage>, style: Style) -> String {
    let summary = Summary::of(files);
    let mut parts = vec![format!("{} passed", summary.passed), format!("{} failed", summary.failed)];
    if summary.errors > 0 {
        parts.push(plural(summary.errors, "error"));
    }
    let mut line = format!("{}; {}", parts.join(", "), plural(summary.decisions, "decision"));
    let mut text = String::new();
    if let Some(coverage) = coverage {
        let ((statements, of), (outcomes, of_outcomes)) = (coverage.statements(), coverage.conditions());
        let _ = write!(
            line,
            "; statement coverage {statements}/{of}, condition outcomes {outcomes}/{of_outcomes}"
        );
    }
    style.push(&mut text, "", &line, 2);
    for missed in coverage.iter().flat_map(|coverage| coverage.missed()) {
        style.push(&mut text, "  missed  ", &escaped(&missed.in_words()), 10);
    }
    text
}

pub(super) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
