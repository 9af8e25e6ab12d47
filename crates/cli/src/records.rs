//! Decisions on their way out: for people, as one JSON document, as a record a line, as Markdown.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;
use twokeys::report::{
    DecisionObject, SCHEMA_VERSION, human, json_line, json_pretty, markdown, markdown_rows, one_line,
    push_json_line,
};

use crate::failure::Problem;
use crate::look::Look;

/// The formats of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// One JSON record a line
    Jsonl,
    /// Markdown
    Md,
}

/// How many decisions are to come, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expecting {
    /// Exactly one.
    One,
    /// A few, each told in full.
    Several,
    /// As many as there are lines in a file.
    Stream,
}

/// Writes decisions in one format, one after the other.
pub(crate) struct Records {
    format: Format,
    expecting: Expecting,
    look: Look,
    /// How many were written.
    written: usize,
}

impl Format {
    /// Is it read by programs?
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

impl Records {
    /// Nothing is written before the first decision.
    pub(crate) fn new(format: Format, expecting: Expecting, look: Look) -> Self {
        Self { format, expecting, look, written: 0 }
    }

    /// Adds the line of a decision to `text`, in the format that writes one line for each. Did it?
    pub(crate) fn line_of(format: Format, decision: &DecisionObject, text: &mut Vec<u8>) -> bool {
        format == Format::Jsonl && push_json_line(text, decision).is_ok()
    }

    /// Counts lines that [`line_of`](Self::line_of) made.
    pub(crate) fn count(&mut self, lines: usize) {
        self.written += lines;
    }

    /// Writes a decision.
    pub(crate) fn decision(&mut self, out: &mut dyn Write, decision: &DecisionObject) -> io::Result<()> {
        let style = self.look.style();
        let first = self.written == 0;
        self.written += 1;
        match (self.format, self.expecting) {
            (Format::Json, Expecting::One) => {
                writeln!(out, "{}", json_pretty(decision)?)
            }
            (Format::Json, _) => Self::element(out, decision, first),
            (Format::Jsonl, _) => Self::line(out, decision),
            (Format::Human, Expecting::Stream) => out.write_all(one_line(decision, style).as_bytes()),
            (Format::Human, _) => {
                let gap = if first { "" } else { "\n" };
                out.write_all(format!("{gap}{}", human(decision, style)).as_bytes())
            }
            (Format::Md, Expecting::Stream) => out.write_all(markdown_rows(decision, first).as_bytes()),
            (Format::Md, _) => {
                let gap = if first { "" } else { "\n" };
                out.write_all(format!("{gap}{}", markdown(decision)).as_bytes())
            }
        }
    }

    /// Writes what stands in the place of a decision whose line could not be read. False if this format
    /// has no place for it; then it must be told elsewhere.
    pub(crate) fn bad_line(
        &mut self,
        out: &mut dyn Write,
        line: usize,
        problem: &Problem,
    ) -> io::Result<bool> {
        let record = json!({ "schema_version": SCHEMA_VERSION, "line": line, "error": problem.to_json() });
        match self.format {
            Format::Json => {
                let first = self.written == 0;
                self.written += 1;
                Self::element(out, &record, first)?;
            }
            Format::Jsonl => Self::line(out, &record)?,
            Format::Human | Format::Md => return Ok(false),
        }
        Ok(true)
    }

    /// Closes what is open.
    pub(crate) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match (self.format, self.expecting, self.written) {
            (Format::Json, Expecting::One, _) | (Format::Human | Format::Jsonl | Format::Md, ..) => Ok(()),
            (Format::Json, _, 0) => {
                writeln!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"decisions\": []\n}}")
            }
            (Format::Json, ..) => out.write_all(b"\n  ]\n}\n"),
        }
    }

    /// One element of the list in the one document; the list is never held in memory.
    fn element(out: &mut dyn Write, record: &impl Serialize, first: bool) -> io::Result<()> {
        if first {
            write!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"decisions\": [\n    ")?;
        } else {
            out.write_all(b",\n    ")?;
        }
        let text = json_pretty(record)?;
        out.write_all(text.replace('\n', "\n    ").as_bytes())
    }

    fn line(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
        writeln!(out, "{}", json_line(record)?)
    }
}
