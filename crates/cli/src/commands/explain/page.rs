//! A page of reference text: a title, paragraphs, tables.

use twokeys::report::Style;

/// Text that grows from top to bottom.
pub(super) struct Page {
    style: Style,
    text: String,
}

impl Page {
    /// A page with its first line.
    pub(super) fn new(style: Style, title: &str, aside: &str) -> Self {
        let mut page = Self { style, text: String::new() };
        let gap = if aside.is_empty() { "" } else { "   " };
        let title = format!("{}{gap}{aside}", style.strong(title));
        style.push(&mut page.text, "", &title, 2);
        page
    }

    /// A paragraph.
    pub(super) fn paragraph(&mut self, words: &str) {
        self.text.push('\n');
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        self.style.push(&mut self.text, "", &words, 0);
    }

    /// A line in front of what follows it.
    pub(super) fn heading(&mut self, words: &str) {
        self.text.push('\n');
        self.style.push(&mut self.text, "", words, 2);
    }

    /// Text in its own layout, such as a policy.
    pub(super) fn verbatim(&mut self, text: &str) {
        for line in text.lines() {
            self.text.push_str("    ");
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Names with what they mean, one below the other.
    pub(super) fn list<'a>(&mut self, rows: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let rows: Vec<_> = rows.into_iter().collect();
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        for (name, meaning) in rows {
            let first = format!("  {name:width$}  ");
            self.style.push(&mut self.text, &first, meaning, width + 4);
        }
    }

    /// Rows of cells below a row of names; columns are as wide as they need to be.
    pub(super) fn table(&mut self, names: &[&str], rows: &[Vec<String>]) {
        let cells = |row: &[String]| row.iter().map(|cell| cell.chars().count()).collect::<Vec<_>>();
        let mut widths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
        for row in rows.iter().map(|row| cells(row)) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.max(*width);
            }
        }
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let named = names.iter().any(|name| !name.is_empty());
        for row in named.then_some(&names).into_iter().chain(rows) {
            let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let line = padded.collect::<Vec<_>>().join("  ");
            self.text.push_str("  ");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// The finished text, ending in a line break.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// The cell for an answer of the engine.
pub(super) fn cell(holds: Option<bool>) -> String {
    match holds {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
    .to_owned()
}
