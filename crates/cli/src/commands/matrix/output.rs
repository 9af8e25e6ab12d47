//! Cells in each format. Records are written by the thread that asked; the order is put right after.

use std::fmt::Write as _;
use std::io::{self, Write};

use twokeys::report::matrix::{CSV_COLUMNS, CellObject, Letter, States, Table, UNKNOWN, csv_row, line};
use twokeys::report::{SCHEMA_VERSION, Style};
use twokeys::source::escaped;

use super::{Format, Only};
use crate::look::Look;
use crate::survey::{Answered, Deciding, Survey};

/// With more columns than this a table helps nobody; cells are then told one a line.
const MOST_COLUMNS: usize = 60;

/// What one principal comes to.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Records, or lines for people.
    text: String,
    /// The row of a table.
    letters: Vec<Letter>,
    label: String,
    pub(super) counts: Counts,
}

/// What is counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) cells: usize,
    pub(super) shown: usize,
    pub(super) allowed: usize,
    pub(super) gaps: usize,
    pub(super) changed: usize,
    pub(super) undecided: usize,
    pub(super) indeterminate: usize,
}

/// Where it all goes.
pub(super) struct Output {
    format: Format,
    table: Option<Table>,
    style: Style,
    records: usize,
}

/// How cells are told.
fn is_table(format: Format, survey: &Survey<'_>) -> bool {
    let columns = survey.actions.as_slice().len() * survey.resources.len().max(1);
    matches!(format, Format::Human | Format::Md) && columns <= MOST_COLUMNS
}

/// Asks for nothing more: writes down what one principal answered.
pub(super) fn made(
    format: Format,
    survey: &Survey<'_>,
    states: States,
    only: Option<Only>,
    look: Look,
    answered: &Answered<'_>,
) -> Made {
    let mut made = Made { label: answered.principal.label(), ..Made::default() };
    if answered.indeterminate().is_some() {
        indeterminate(format, survey, states, only, &mut made);
        return made;
    }
    let table = is_table(format, survey);
    let mut deciding = Deciding::new(survey, states);
    for (row, cell) in answered.cells() {
        let (allowed, gap, undecided) =
            (states.is_allowed(cell.answers), states.is_gap(&cell), states.is_undecided(cell.answers));
        let counts = &mut made.counts;
        counts.cells += 1;
        counts.allowed += usize::from(allowed);
        counts.gaps += usize::from(gap);
        counts.changed += usize::from(cell.is_changed_by_mfa());
        counts.undecided += usize::from(undecided);
        let taken = Only::takes(only, states, &cell);
        if table {
            let letter = Letter { letter: states.letter(&cell), gap };
            made.letters.push(if taken { letter } else { Letter::BLANK });
        }
        if !taken {
            continue;
        }
        made.counts.shown += 1;
        if table {
            continue;
        }
        let by = deciding.by(row, &cell);
        match format {
            Format::Human | Format::Md => {
                let text = by.map(|by| line(&made.label, by, look.style()));
                let resource = cell.resource.as_str();
                let (letter, action) = (states.letter(&cell), cell.action.as_str());
                one_line(
                    &mut made.text,
                    format,
                    &made.label,
                    (letter, gap),
                    action,
                    resource,
                    text.as_deref(),
                );
            }
            _ => record(&mut made.text, format, &CellObject::new(&made.label, &cell, states, by)),
        }
    }
    made
}

/// Nothing is known, so each cell counts as denied and says so.
fn indeterminate(format: Format, survey: &Survey<'_>, states: States, only: Option<Only>, made: &mut Made) {
    let resources: Vec<&str> = survey.resources.iter().map(twokeys::request::Resource::as_str).collect();
    let resources = if resources.is_empty() { vec!["*"] } else { resources };
    made.counts.indeterminate += 1;
    for action in survey.actions.as_slice() {
        for resource in &resources {
            made.counts.cells += 1;
            if is_table(format, survey) {
                made.letters.push(Letter { letter: UNKNOWN, gap: false });
            } else if only.is_none() && !matches!(format, Format::Human | Format::Md) {
                let cell = CellObject::indeterminate(&made.label, action.as_str(), resource, states);
                record(&mut made.text, format, &cell);
            }
            made.counts.shown += 1;
        }
    }
    if !is_table(format, survey) && matches!(format, Format::Human | Format::Md) {
        one_line(
            &mut made.text,
            format,
            &made.label,
            (UNKNOWN, false),
            "a policy is missing, all counts as denied",
            "*",
            None,
        );
    }
}

fn record(text: &mut String, format: Format, cell: &CellObject<'_>) {
    match format {
        Format::Csv => text.push_str(&csv_row(cell)),
        Format::Json => {
            text.push_str(",\n    ");
            text.push_str(&serde_json::to_string(cell).unwrap_or_default());
        }
        _ => {
            text.push_str(&serde_json::to_string(cell).unwrap_or_default());
            text.push('\n');
        }
    }
}

fn one_line(
    text: &mut String,
    format: Format,
    label: &str,
    (letter, gap): (char, bool),
    action: &str,
    resource: &str,
    by: Option<&str>,
) {
    let mark = if gap { '!' } else { ' ' };
    let on = if resource == "*" { String::new() } else { format!(" on {}", escaped(resource)) };
    // A `String` takes all text.
    let _ = if format == Format::Md {
        let by = by.map(|by| format!(", via {by}")).unwrap_or_default();
        writeln!(
            text,
            "- `{letter}`{} `{}`: {}{}{by}",
            if gap { " **!**" } else { "" },
            escaped(label),
            escaped(action),
            on
        )
    } else {
        let by = by.map(|by| format!("  via {by}")).unwrap_or_default();
        writeln!(text, "{:<24} {letter} {mark} {}{on}{by}", escaped(label), escaped(action))
    };
}

impl Output {
    pub(super) fn new(
        format: Format,
        survey: &Survey<'_>,
        states: States,
        only: Option<Only>,
        look: Look,
    ) -> Self {
        let _ = only;
        let table = is_table(format, survey).then(|| Table::new(states, heads(survey)));
        Self { format, table, style: look.style(), records: 0 }
    }

    /// Tells what one principal came to.
    pub(super) fn take(&mut self, made: Made, out: &mut dyn Write) -> io::Result<()> {
        if let Some(table) = &mut self.table {
            if made.counts.shown > 0 {
                table.row(&made.label, made.letters);
            }
            return Ok(());
        }
        let first = self.records == 0;
        self.records += made.counts.shown;
        let text = match self.format {
            Format::Csv if first && !made.text.is_empty() => {
                writeln!(out, "{CSV_COLUMNS}")?;
                made.text.as_str()
            }
            Format::Json if first && !made.text.is_empty() => {
                write!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"cells\": [\n    ")?;
                made.text.trim_start_matches(",\n    ")
            }
            _ => made.text.as_str(),
        };
        out.write_all(text.as_bytes())?;
        // A record at a time for whoever reads along; a whole row of them at once is as good.
        if self.format == Format::Jsonl { out.flush() } else { Ok(()) }
    }

    /// Closes what is open.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match (self.format, self.table) {
            (Format::Human, Some(table)) if !table.is_empty() => {
                out.write_all(table.human(self.style).as_bytes())
            }
            (Format::Md, Some(table)) => out.write_all(table.markdown().as_bytes()),
            (Format::Csv, _) if self.records == 0 => writeln!(out, "{CSV_COLUMNS}"),
            (Format::Json, _) if self.records == 0 => {
                writeln!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"cells\": []\n}}")
            }
            (Format::Json, _) => out.write_all(b"\n  ]\n}\n"),
            _ => Ok(()),
        }
    }
}

fn heads(survey: &Survey<'_>) -> Vec<String> {
    let actions = survey.actions.as_slice().iter().map(twokeys::name::Action::as_str);
    match survey.resources.as_slice() {
        [] => actions.map(str::to_owned).collect(),
        resources => actions
            .flat_map(|action| {
                resources.iter().map(move |resource| format!("{action} on {}", resource.as_str()))
            })
            .collect(),
    }
}
