//! The text of statements, as it stands in their files.

use std::fmt::Write;

use twokeys::report::{By, DecisionObject};
use twokeys::source::escaped;

use crate::input::Document;
use crate::intake::World;

/// No more lines than this are shown of one statement.
const MOST_LINES: usize = 60;

/// The text of each statement that decided, once, in the order of the answers.
pub(crate) fn of_deciding<'d>(
    decisions: impl Iterator<Item = &'d DecisionObject>,
    world: &World,
) -> Vec<String> {
    let mut seen: Vec<&By> = Vec::new();
    for by in decisions.flat_map(|decision| &decision.answers).filter_map(|answer| answer.by.as_ref()) {
        if !seen.contains(&by) {
            seen.push(by);
        }
    }
    let shown = seen.into_iter().filter_map(|by| {
        let [start, end] = by.span?;
        Some(lines(&world.document(by.file.as_ref()?)?, start, end))
    });
    shown.collect()
}

/// The lines from one byte to another, numbered, below the name of the file. (A `String` takes all text.)
fn lines(document: &Document, start: u32, end: u32) -> String {
    let text = document.text();
    let line_of = |offset: u32| text.get(..offset as usize).unwrap_or_default().matches('\n').count();
    let (first, last) = (line_of(start), line_of(end));
    let count = last - first + 1;
    let width = (last + 1).to_string().len();
    let mut shown = format!("{} --> {}:{}\n", " ".repeat(width), escaped(&document.name), first + 1);
    for (number, line) in text.lines().enumerate().skip(first).take(count.min(MOST_LINES)) {
        let _ = writeln!(shown, "{:>width$} | {}", number + 1, escaped(line));
    }
    if count > MOST_LINES {
        let _ = writeln!(shown, "{:>width$} | and {} lines more", "", count - MOST_LINES);
    }
    shown
}
