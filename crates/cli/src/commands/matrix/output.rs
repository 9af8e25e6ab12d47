//! Cells in each format. Records are written by the thread that asked; the order is put right after.

use std::collections::BTreeSet;
use std::io::{self, Write};

use twokeys::account::{Cell, PrincipalRef, Trust};
use twokeys::name::Action;
use twokeys::report::html::{About, Facts, Page};
use twokeys::report::matrix::{
    CSV_COLUMNS, CellObject, Letter, States, Table, UNKNOWN, csv_row, legend, line,
};
use twokeys::report::{SCHEMA_VERSION, Style, json_line};
use twokeys::request::Resource;
use twokeys::source::escaped;

use super::{Format, Only};
use crate::look::Look;
use crate::survey::{Answered, Deciding, Survey};

/// With more columns than this a table helps nobody; cells are then told one a line.
pub(super) const MOST_COLUMNS: usize = 60;

/// Writes down what principals answer; shared by all threads.
pub(super) struct Teller<'t> {
    pub(super) form: Form,
    survey: &'t Survey<'t>,
    states: States,
    only: Option<Only>,
    style: Style,
    /// What a page is about, if it is to be one.
    about: Option<About>,
}

/// What the cells become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A table of letters, for people or in Markdown.
    Table {
        markdown: bool,
    },
    /// A cell a line, likewise.
    Lines {
        markdown: bool,
    },
    Csv,
    Json,
    Jsonl,
    Html,
}

/// What one principal comes to.
#[derive(Debug, Default)]
pub(super) struct Made {
    label: String,
    /// Records, or lines for people.
    text: String,
    /// The row of a table.
    letters: Vec<Letter>,
    /// The letters of the lines.
    used: BTreeSet<char>,
    /// For a page.
    facts: Option<Facts>,
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

impl<'t> Teller<'t> {
    pub(super) fn new(
        format: Format,
        survey: &'t Survey<'t>,
        states: States,
        only: Option<Only>,
        look: Look,
        today: String,
    ) -> Self {
        let columns = survey.actions.as_slice().len() * survey.resources.len().max(1);
        let is_table = columns <= MOST_COLUMNS;
        let form = match format {
            Format::Human if is_table => Form::Table { markdown: false },
            Format::Human => Form::Lines { markdown: false },
            Format::Md if is_table => Form::Table { markdown: true },
            Format::Md => Form::Lines { markdown: true },
            Format::Csv => Form::Csv,
            Format::Json => Form::Json,
            Format::Jsonl => Form::Jsonl,
            Format::Html => Form::Html,
        };
        let account = survey.home.account.id().to_string();
        let about = (form == Form::Html)
            .then(|| About::new(account, today, survey.resources.is_empty(), survey.actions.as_slice()));
        Self { form, survey, states, only, style: look.style(), about }
    }

    /// Writes down what one principal answered.
    pub(super) fn made(&self, answered: &Answered<'_>) -> Made {
        let mut made = Made { label: answered.principal.label(), ..Made::default() };
        made.facts =
            self.about.as_ref().map(|about| Facts::new(made.label.clone(), self.guarded(answered), about));
        if answered.indeterminate().is_some() {
            self.indeterminate(&mut made);
            return made;
        }
        let mut deciding = Deciding::new(self.survey, self.states);
        let resources = self.survey.resources.len().max(1);
        for (at, (row, cell)) in answered.cells().enumerate() {
            let gap = self.states.is_gap(&cell);
            made.counts.see(self.states, &cell, gap);
            let taken = Only::takes(self.only, self.states, &cell);
            made.counts.shown += usize::from(taken);
            match self.form {
                Form::Table { .. } => {
                    let letter = Letter { letter: self.states.letter(&cell), gap };
                    made.letters.push(if taken { letter } else { Letter::BLANK });
                }
                Form::Html => {
                    // Only gaps need their statement, and most cells are none.
                    let by = if gap { deciding.by(row, &cell) } else { None };
                    if let Some((facts, about)) = made.facts.as_mut().zip(self.about.as_ref()) {
                        facts.add(about, at / resources, &cell, by);
                    }
                }
                Form::Lines { markdown } if taken => {
                    let letter = self.states.letter(&cell);
                    let by = deciding.by(row, &cell).map(|by| line(&made.label, by, self.style));
                    let on = on(cell.resource.as_str());
                    let what = format!("{}{on}", escaped(cell.action.as_str()));
                    made.text.push_str(&one_line(markdown, &made.label, (letter, gap), &what, by.as_deref()));
                    made.used.insert(letter);
                }
                Form::Csv | Form::Json | Form::Jsonl if taken => {
                    let by = deciding.by(row, &cell);
                    self.record(&mut made.text, &CellObject::new(&made.label, &cell, self.states, by));
                }
                _ => {}
            }
        }
        made
    }

    /// Does a role let in nobody without MFA? None for a user.
    fn guarded(&self, answered: &Answered<'_>) -> Option<bool> {
        match answered.principal {
            PrincipalRef::User(_) => None,
            PrincipalRef::Role(role) => {
                let trust = Trust::of(role, &self.survey.circumstances);
                Some(trust.is_ok_and(|trust| !trust.lets_in_without_mfa()))
            }
        }
    }

    /// Nothing is known, so each cell counts as denied and says so.
    fn indeterminate(&self, made: &mut Made) {
        let given: Vec<&str> = self.survey.resources.iter().map(Resource::as_str).collect();
        let resources = if given.is_empty() { vec!["*"] } else { given };
        let actions = self.survey.actions.as_slice();
        made.counts.indeterminate += 1;
        made.counts.cells += actions.len() * resources.len();
        made.facts = made.facts.take().map(Facts::indeterminate);
        match self.form {
            Form::Table { .. } => {
                let unknown = Letter { letter: UNKNOWN, gap: false };
                made.letters = vec![unknown; actions.len() * resources.len()];
                made.counts.shown += made.letters.len();
            }
            Form::Lines { markdown } => {
                let what = "a policy is missing, so all counts as denied";
                made.text.push_str(&one_line(markdown, &made.label, (UNKNOWN, false), what, None));
                made.used.insert(UNKNOWN);
            }
            Form::Html => {}
            Form::Csv | Form::Json | Form::Jsonl => {
                // Whatever cells are wanted, these may be among them.
                for action in actions {
                    for resource in &resources {
                        let cell =
                            CellObject::indeterminate(&made.label, action.as_str(), resource, self.states);
                        self.record(&mut made.text, &cell);
                        made.counts.shown += 1;
                    }
                }
            }
        }
    }

    fn record(&self, text: &mut String, cell: &CellObject<'_>) {
        match self.form {
            Form::Csv => text.push_str(&csv_row(cell)),
            form => {
                let record = json_line(cell).unwrap_or_default();
                let (before, after) = if form == Form::Json { (BETWEEN, "") } else { ("", "\n") };
                text.extend([before, &record, after]);
            }
        }
    }
}

/// What stands between two records of a list.
const BETWEEN: &str = ",\n    ";

impl Counts {
    fn see(&mut self, states: States, cell: &Cell<'_>, gap: bool) {
        self.cells += 1;
        self.allowed += usize::from(states.is_allowed(cell.answers));
        self.gaps += usize::from(gap);
        self.changed += usize::from(cell.is_changed_by_mfa());
        self.undecided += usize::from(states.is_undecided(cell.answers));
    }
}

fn on(resource: &str) -> String {
    if resource == "*" { String::new() } else { format!(" on {}", escaped(resource)) }
}

fn one_line(
    markdown: bool,
    label: &str,
    (letter, gap): (char, bool),
    what: &str,
    by: Option<&str>,
) -> String {
    let label = escaped(label);
    if markdown {
        let by = by.map(|by| format!(", via {by}")).unwrap_or_default();
        let mark = if gap { " **!**" } else { "" };
        return format!("- `{letter}`{mark} `{label}`: {what}{by}\n");
    }
    let by = by.map(|by| format!("  via {by}")).unwrap_or_default();
    let mark = if gap { '!' } else { ' ' };
    format!("{label:<24} {letter} {mark} {what}{by}\n")
}

/// Where it all goes.
pub(super) struct Output {
    form: Form,
    states: States,
    table: Table,
    page: Option<Page>,
    style: Style,
    quiet: bool,
    used: BTreeSet<char>,
    records: usize,
}

impl Output {
    pub(super) fn new(teller: &Teller<'_>, look: Look) -> Self {
        let heads = if let Form::Table { .. } = teller.form { heads(teller.survey) } else { Vec::new() };
        Self {
            form: teller.form,
            states: teller.states,
            table: Table::new(teller.states, heads),
            page: teller.about.clone().map(Page::new),
            style: teller.style,
            quiet: look.quiet,
            used: BTreeSet::new(),
            records: 0,
        }
    }

    /// Tells what one principal came to.
    pub(super) fn take(&mut self, made: Made, out: &mut dyn Write) -> io::Result<()> {
        let first = self.records == 0;
        self.records += made.counts.shown;
        self.used.extend(made.used);
        let text = made.text.as_str();
        match self.form {
            Form::Table { .. } if made.counts.shown > 0 => self.table.row(&made.label, made.letters),
            Form::Table { .. } => {}
            Form::Html => {
                if let Some((page, facts)) = self.page.as_mut().zip(made.facts) {
                    page.add(facts);
                }
            }
            Form::Csv if first && !text.is_empty() => write!(out, "{CSV_COLUMNS}\n{text}")?,
            Form::Json if first && !text.is_empty() => {
                let text = text.strip_prefix(BETWEEN).unwrap_or(text);
                write!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"cells\": [\n    {text}")?;
            }
            Form::Lines { .. } | Form::Csv | Form::Json | Form::Jsonl => out.write_all(text.as_bytes())?,
        }
        // For whoever reads along; a row at once is as good as a record.
        out.flush()
    }

    /// Closes what is open.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match self.form {
            Form::Table { markdown: false } if self.table.is_empty() => Ok(()),
            Form::Table { markdown: false } => out.write_all(self.table.human(self.style).as_bytes()),
            Form::Table { markdown: true } => out.write_all(self.table.markdown().as_bytes()),
            Form::Lines { markdown: false } if !self.quiet => {
                let used =
                    |line: &&String| line.chars().next().is_some_and(|letter| self.used.contains(&letter));
                let legend = legend(self.states, true, false);
                legend.iter().filter(used).try_for_each(|line| writeln!(out, "{line}"))
            }
            Form::Csv if self.records == 0 => writeln!(out, "{CSV_COLUMNS}"),
            Form::Json if self.records == 0 => {
                writeln!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"cells\": []\n}}")
            }
            Form::Json => out.write_all(b"\n  ]\n}\n"),
            Form::Html => self.page.map_or(Ok(()), |page| out.write_all(page.render().as_bytes())),
            Form::Lines { .. } | Form::Csv | Form::Jsonl => Ok(()),
        }
    }
}

fn heads(survey: &Survey<'_>) -> Vec<String> {
    let actions = survey.actions.as_slice().iter().map(Action::as_str);
    match survey.resources.as_slice() {
        [] => actions.map(str::to_owned).collect(),
        resources => actions
            .flat_map(|action| {
                resources.iter().map(move |resource| format!("{action} on {}", resource.as_str()))
            })
            .collect(),
    }
}
