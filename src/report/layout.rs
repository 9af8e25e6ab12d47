//! Lines for a terminal: width, wrapping, marks, color.
//!
//! Lines break at spaces only, so that a name or an ARN can be selected and searched as one piece;
//! one that is longer than the line stands out of it.

use super::snippet::Colors;

/// How text for people is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of a line; none to leave lines as long as they are.
    pub width: Option<usize>,
    /// Only ASCII of our own; what users wrote stays as it is.
    pub ascii: bool,
    /// With escape codes for color?
    pub colors: Colors,
    /// List everything that is usually only counted?
    pub verbose: bool,
    /// Leave out remarks?
    pub quiet: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: Some(80), ascii: false, colors: Colors::Plain, verbose: false, quiet: false }
    }
}

/// The signs that stand before words, never instead of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Yes,
    No,
    Open,
    Silent,
    None,
}

impl Style {
    pub(super) fn mark(self, mark: Mark) -> String {
        let (sign, ascii, color) = match mark {
            Mark::Yes => ("✓", "+", "32"),
            Mark::No => ("✗", "x", "31"),
            Mark::Open => ("?", "?", "33"),
            Mark::Silent => ("·", ".", "2"),
            Mark::None => ("–", "-", "2"),
        };
        self.painted(if self.ascii { ascii } else { sign }, color)
    }

    pub(super) fn arrow(self) -> &'static str {
        if self.ascii { "->" } else { "→" }
    }

    /// Text that stands out.
    pub fn strong(self, text: &str) -> String {
        self.painted(text, "1")
    }

    pub(super) fn alert(self, text: &str) -> String {
        self.painted(text, "1;33")
    }

    /// The mark and a word after it, in the color of the mark.
    pub(super) fn marked(self, mark: Mark, word: &str) -> String {
        let color = match mark {
            Mark::Yes => "32",
            Mark::No => "31",
            Mark::Open => "33",
            Mark::Silent | Mark::None => "2",
        };
        format!("{} {}", self.mark(mark), self.painted(word, color))
    }

    pub(super) fn painted(self, text: &str, color: &str) -> String {
        match self.colors {
            Colors::Plain => text.to_owned(),
            Colors::Ansi => format!("\u{1b}[{color}m{text}\u{1b}[0m"),
        }
    }

    /// Adds a line that starts with `first` and goes on, where it must be broken, `hang` columns in.
    pub fn push(self, out: &mut String, first: &str, text: &str, hang: usize) {
        self.push_pieces(out, first, text.split(' '), hang);
    }

    /// The same, broken only between these pieces.
    pub(super) fn push_pieces<'p>(
        self,
        out: &mut String,
        first: &str,
        pieces: impl IntoIterator<Item = &'p str>,
        hang: usize,
    ) {
        let mut line = first.to_owned();
        let mut column = columns(first);
        let mut at_start = true;
        for piece in pieces {
            let width = columns(piece.trim_end());
            let fits = self.width.is_none_or(|most| column + usize::from(!at_start) + width <= most);
            if !at_start && !fits {
                out.push_str(line.trim_end());
                out.push('\n');
                line = " ".repeat(hang);
                column = hang;
                at_start = true;
            }
            if !at_start {
                line.push(' ');
                column += 1;
            }
            line.push_str(piece);
            column += columns(piece);
            at_start = false;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// How many columns a text takes; escape codes take none.
pub(super) fn columns(text: &str) -> usize {
    let mut count = 0;
    let mut in_code = false;
    for character in text.chars() {
        match character {
            '\u{1b}' => in_code = true,
            'm' if in_code => in_code = false,
            _ if in_code => {}
            _ => count += 1,
        }
    }
    count
}

/// The text, filled up with spaces.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_016_lines_break_at_spaces_and_arns_stay_whole() {
        let style = Style { width: Some(20), ..Style::default() };
        let mut out = String::new();
        style.push(&mut out, "  a  ", "one two arn:aws:iam::111122223333:user/alice end", 5);
        assert_eq!(out, "  a  one two\n     arn:aws:iam::111122223333:user/alice\n     end\n");
    }

    #[test]
    fn escape_codes_take_no_columns() {
        let style = Style { colors: Colors::Ansi, ..Style::default() };
        assert_eq!(columns(&style.marked(Mark::Yes, "ALLOW")), 7);
        assert_eq!(columns(&padded(&style.mark(Mark::No), 4)), 4);
    }
}
