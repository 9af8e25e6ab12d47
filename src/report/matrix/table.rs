//! Principals and actions as a table of letters, for terminals and Markdown.

use super::{States, UNKNOWN, legend};
use crate::report::layout::{Style, columns, padded};
use crate::report::snippet::Colors;
use crate::source::escaped;

/// A table that is filled row by row.
#[derive(Debug, Clone)]
pub struct Table {
    states: States,
    /// The actions, perhaps with resources.
    heads: Vec<String>,
    rows: Vec<(String, Vec<Letter>)>,
}

/// A cell: its letter, and whether it is a gap. A cell that is filtered out is blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The letter.
    pub letter: char,
    /// Is it a sensitive MFA gap?
    pub gap: bool,
}

impl Letter {
    /// A cell that is not told.
    pub const BLANK: Self = Self { letter: ' ', gap: false };
}

/// Between two columns.
const GAP: usize = 2;
/// Between the names of principals and the first column, and between the table and its legend.
const MARGIN: usize = 3;
const BEFORE_LEGEND: usize = 4;

impl Table {
    /// An empty table with these columns.
    pub fn new(states: States, heads: Vec<String>) -> Self {
        Self { states, heads: heads.iter().map(|head| escaped(head)).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, principal: &str, letters: Vec<Letter>) {
        self.rows.push((escaped(principal), letters));
    }

    /// Are there no rows?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, cut into blocks where it is wider than the terminal.
    pub fn human(&self, style: Style) -> String {
        let names = self.rows.iter().map(|(name, _)| columns(name)).max().unwrap_or_default() + MARGIN;
        let width = |head: &String| columns(head).max(4);
        let mut blocks: Vec<std::ops::Range<usize>> = Vec::new();
        let mut used = usize::MAX;
        for (at, head) in self.heads.iter().enumerate() {
            let needed = used.saturating_add(GAP + width(head));
            match blocks.last_mut() {
                Some(block) if style.width.is_none_or(|most| needed <= most) => {
                    block.end = at + 1;
                    used = needed;
                }
                _ => {
                    blocks.push(at..at + 1);
                    used = names + width(head);
                }
            }
        }
        let legend = self.legend();
        let widest = legend.iter().map(|line| columns(line)).max().unwrap_or_default();
        // Beside the table if there is room for it, else below.
        let beside =
            blocks.len() == 1 && style.width.is_none_or(|most| used + BEFORE_LEGEND + widest <= most);
        let mut out = String::new();
        for (number, block) in blocks.iter().enumerate() {
            if number > 0 {
                out.push('\n');
            }
            self.block(&mut out, block.clone(), names, style, if beside { &legend } else { &[] });
        }
        if !beside {
            out.push('\n');
            legend.iter().for_each(|line| out.extend([line.as_str(), "\n"]));
        }
        out
    }

    fn block(
        &self,
        out: &mut String,
        block: std::ops::Range<usize>,
        names: usize,
        style: Style,
        legend: &[String],
    ) {
        let heads = self.heads.get(block.clone()).unwrap_or_default();
        let widths: Vec<usize> = heads.iter().map(|head| columns(head).max(4)).collect();
        let mut head = " ".repeat(names);
        for (at, (text, width)) in heads.iter().zip(&widths).enumerate() {
            head.push_str(&padded(text, if at + 1 < heads.len() { width + GAP } else { *width }));
        }
        let full = columns(&head);
        out.extend([head.trim_end(), "\n"]);
        let mut legend = legend.iter();
        for (name, letters) in &self.rows {
            let mut line = padded(name, names);
            let cells = letters.get(block.clone()).unwrap_or_default();
            for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
                let text = format!("{}{}", " ".repeat((width - 2) / 2), cell.painted(style));
                line.push_str(&padded(&text, if at + 1 < cells.len() { width + GAP } else { *width }));
            }
            if let Some(words) = legend.next() {
                line = padded(&line, full + BEFORE_LEGEND) + words;
            }
            out.extend([line.trim_end(), "\n"]);
        }
        for words in legend {
            out.extend([&" ".repeat(full + BEFORE_LEGEND), words.as_str(), "\n"]);
        }
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::from("| |");
        self.heads.iter().for_each(|head| out.push_str(&format!(" {} |", cell(head))));
        out.push_str("\n|---|");
        self.heads.iter().for_each(|_| out.push_str(":---:|"));
        out.push('\n');
        for (name, letters) in &self.rows {
            out.push_str(&format!("| {} |", cell(name)));
            for letter in letters {
                out.push_str(&format!(" {}{} |", letter.letter, if letter.gap { " **!**" } else { "" }));
            }
            out.push('\n');
        }
        out.push('\n');
        for line in self.legend() {
            let (letter, words) = line.split_once("  ").unwrap_or(("", &line));
            out.push_str(&format!("- `{letter}` {}\n", words.replace("   !  ", "; **!** ")));
        }
        out
    }

    fn legend(&self) -> Vec<String> {
        let mut letters = self.rows.iter().flat_map(|(_, letters)| letters);
        let unknown = letters.clone().any(|letter| letter.letter == UNKNOWN);
        legend(self.states, unknown, letters.any(|letter| letter.gap))
    }
}

impl Letter {
    fn painted(self, style: Style) -> String {
        let mark = if self.gap { "  !" } else { "" };
        let text = format!("{}{mark}", self.letter);
        if style.colors == Colors::Plain {
            return text;
        }
        match self.letter {
            _ if self.gap => style.painted(&text, "1;31"),
            'M' => style.painted(&text, "32"),
            'A' | 'K' | 'S' | UNKNOWN => style.painted(&text, "33"),
            'I' => style.painted(&text, "31"),
            _ => style.painted(&text, "2"),
        }
    }
}

/// A text inside a cell of a Markdown table.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if "|\\`*_<>[]&".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let heads = ["iam:CreateUser", "s3:DeleteBucket", "ec2:RunInstances"].map(str::to_owned);
        let mut table = Table::new(States::Compare, heads.into());
        for (name, letters) in [
            ("user/alice", ['M', 'M', 'M']),
            ("user/bob", ['.', '!', 'K']),
            ("user/carol", ['.', '.', '.']),
            ("user/ci-deploy", ['.', '!', 'A']),
        ] {
            let letter = |letter| match letter {
                '!' => Letter { letter: 'A', gap: true },
                letter => Letter { letter, gap: false },
            };
            table.row(name, letters.map(letter).into());
        }
        table
    }

    #[test]
    fn ux_062_letters_stand_below_their_action_and_the_legend_beside() {
        let wide = Style { width: None, ..Style::default() };
        insta::assert_snapshot!(table().human(wide));
    }

    #[test]
    fn ux_016_a_table_that_is_too_wide_goes_on_below() {
        let narrow = Style { width: Some(50), ..Style::default() };
        let text = table().human(narrow);
        assert!(text.lines().all(|line| line.chars().count() <= 50), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn markdown_holds_no_markup_of_others() {
        let mut table = Table::new(States::Missing, vec!["a:B".into()]);
        table.row("user/<b>|x_", vec![Letter { letter: 'A', gap: true }]);
        insta::assert_snapshot!(table.markdown(), @r"
        | | a:B |
        |---|:---:|
        | user/\<b\>\|x\_ | A **!** |

        - `A` allowed with an access key (missing)
        - `.` denied
        - `!` sensitive MFA gap
        ");
    }
}
