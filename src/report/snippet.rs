//! A diagnostic with the line it is about, a caret under the place, and what to do.
//!
//! The text may be hostile or damaged: a line of a megabyte is cut to a window around the caret,
//! control characters and direction marks are shown by number (RL-025), and so are bytes that are
//! not UTF-8.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::source::{Diagnostic, Position, Severity, Span, escaped, is_hidden};

/// This many characters of a line are shown before the place and after it.
const AROUND: usize = 50;

/// Should the output be colored?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colors {
    /// Text only.
    #[default]
    Plain,
    /// With ANSI escape codes.
    Ansi,
}

/// All `diagnostics` of one text, a blank line between them.
pub fn snippets(name: &str, text: &[u8], diagnostics: &[Diagnostic], colors: Colors) -> String {
    let each = diagnostics.iter().map(|diagnostic| snippet(name, text, diagnostic, colors));
    each.collect::<Vec<_>>().join("\n")
}

/// One diagnostic: message, place, line with caret, other place, help.
///
/// ```
/// use twokeys::policy::Policy;
/// use twokeys::report::{Colors, snippet};
///
/// let text = r#"{"Statement": {"Effect": "Permit", "Action": "*"}}"#;
/// let errors = Policy::parse(text).unwrap_err();
/// let shown = snippet("a.json", text.as_bytes(), &errors.first().to_diagnostic(), Colors::Plain);
/// assert!(shown.starts_with("error[E110]: `Permit` is no effect\n --> a.json:1:26\n"), "{shown}");
/// ```
pub fn snippet(name: &str, text: &[u8], diagnostic: &Diagnostic, colors: Colors) -> String {
    snippet_from(1, name, text, diagnostic, colors)
}

/// The same for a text that begins at line `first_line` of a longer one.
pub fn snippet_from(
    first_line: usize,
    name: &str,
    text: &[u8],
    diagnostic: &Diagnostic,
    colors: Colors,
) -> String {
    render(first_line, name, text, diagnostic, &[], colors)
}

/// A line below the snippet: `= word: text`.
#[derive(Debug, Clone)]
pub(super) struct Note {
    word: &'static str,
    text: String,
}

impl Note {
    pub(super) fn new(word: &'static str, text: String) -> Self {
        Self { word, text }
    }
}

/// A snippet with lines below it.
pub(super) fn snippet_with(
    name: &str,
    text: &[u8],
    diagnostic: &Diagnostic,
    notes: &[Note],
    colors: Colors,
) -> String {
    render(1, name, text, diagnostic, notes, colors)
}

fn render(
    first_line: usize,
    name: &str,
    text: &[u8],
    diagnostic: &Diagnostic,
    notes: &[Note],
    colors: Colors,
) -> String {
    let line_of = |offset: usize| {
        let place = Position::of(text, offset);
        Position { line: place.line + first_line.saturating_sub(1), ..place }
    };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let place = line_of(diagnostic.span.range().start);
    let name = escaped(name);
    let origin = Origin::path(name.as_str()).line(place.line).char_column(place.column);
    let view = View::of(text, diagnostic.span);
    let caret = AnnotationKind::Primary.span(view.shown(diagnostic.span));
    let mut lines = Snippet::source(view.line.as_str()).line_start(place.line).annotation(
        if diagnostic.label.is_empty() { caret } else { caret.label(escaped(&diagnostic.label)) },
    );
    let mut group = level.primary_title(escaped(&diagnostic.message)).id(diagnostic.code).element(origin);
    let mut elsewhere = None;
    if let Some((span, words)) = &diagnostic.other {
        if view.holds(*span) {
            let context = AnnotationKind::Context.span(view.shown(*span));
            lines = lines.annotation(context.label(escaped(words)));
        } else {
            elsewhere = Some((*span, words));
        }
    }
    group = group.element(lines);
    if let Some((span, words)) = elsewhere {
        let there = line_of(span.range().start);
        let view = View::of(text, span);
        let context = AnnotationKind::Context.span(view.shown(span)).label(escaped(words));
        group = group.element(Origin::path(name.as_str()).line(there.line).char_column(there.column));
        group = group.element(Snippet::source(view.line).line_start(there.line).annotation(context));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(escaped(help)));
    }
    for note in notes {
        group = group.element(Level::NOTE.with_name(note.word).message(escaped(&note.text)));
    }
    let renderer = match colors {
        Colors::Plain => Renderer::plain(),
        Colors::Ansi => Renderer::styled(),
    };
    without_empty_places(&renderer.render(&[group]))
}

/// The places are given apart from the lines, as columns must count the characters of the file and
/// not of the window; the renderer then marks the lines as being nowhere, with a bare `:::`.
fn without_empty_places(rendered: &str) -> String {
    let mut kept = String::with_capacity(rendered.len() + 1);
    for line in rendered.lines().filter(|line| visible(line).trim() != ":::") {
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// A line without its color codes.
fn visible(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut visible = parts.next().unwrap_or_default().to_owned();
    visible.extend(parts.filter_map(|part| part.split_once('m')).map(|(_, text)| text));
    visible
}

/// The part of a line that is shown.
struct View {
    /// What is shown, made safe.
    line: String,
    /// For each shown character of the text its offset there and in `line`, and last the end.
    offsets: Vec<(usize, usize)>,
}

impl View {
    /// The line on which `span` starts, or a window of it.
    fn of(text: &[u8], span: Span) -> Self {
        let at = span.range().start.min(text.len());
        let (before, after) = text.split_at(at);
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let end = at + memchr::memchr(b'\n', after).unwrap_or(after.len());
        // Four bytes a character at most; characters are cut off exactly below.
        let from = start.max(at.saturating_sub(4 * AROUND));
        let to = end.min(at + 8 * AROUND);
        let window = text.get(from..to).unwrap_or_default();
        let mut pieces = pieces(window, from);
        let place = pieces.partition_point(|(offset, _)| *offset < at);
        let last = pieces.len().min(place + 2 * AROUND);
        let first = if start == from && place <= 2 * AROUND { 0 } else { place.saturating_sub(AROUND) };
        let cut_right = to < end || last < pieces.len();
        pieces.truncate(last);
        let mut view = Self { line: String::new(), offsets: Vec::new() };
        if first > 0 || from > start {
            view.line.push('…');
        }
        for (offset, shown) in pieces.iter().skip(first) {
            view.offsets.push((*offset, view.line.len()));
            view.line.push_str(shown);
        }
        let end = if cut_right { pieces.last().map_or(to, |(offset, _)| offset + 1) } else { to };
        view.offsets.push((end, view.line.len()));
        if cut_right {
            view.line.push('…');
        }
        view
    }

    fn holds(&self, span: Span) -> bool {
        let range = span.range();
        let first = self.offsets.first().map_or(0, |(offset, _)| *offset);
        let last = self.offsets.last().map_or(0, |(offset, _)| *offset);
        range.start >= first && range.end <= last
    }

    /// Where a span of the text stands in the shown line; what is not shown is cut off.
    fn shown(&self, span: Span) -> std::ops::Range<usize> {
        let place = |offset: usize| {
            let at = self.offsets.partition_point(|(from, _)| *from < offset);
            self.offsets.get(at).or(self.offsets.last()).map_or(0, |(_, shown)| *shown)
        };
        let range = span.range();
        place(range.start)..place(range.end.max(range.start))
    }
}

/// The characters of `bytes`, each with its offset and in a form that can be shown.
fn pieces(bytes: &[u8], mut offset: usize) -> Vec<(usize, String)> {
    let mut pieces = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let shown = match character {
                '\r' => String::new(),
                '\t' => "    ".to_owned(),
                '\0' => "␀".to_owned(),
                hidden if is_hidden(hidden) => hidden.escape_unicode().collect(),
                plain => plain.to_string(),
            };
            pieces.push((offset, shown));
            offset += character.len_utf8();
        }
        for byte in chunk.invalid() {
            pieces.push((offset, format!("\\x{byte:02X}")));
            offset += 1;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(span: Span, other: Option<Span>) -> Diagnostic {
        Diagnostic {
            code: "E000",
            severity: Severity::Error,
            message: "wrong".to_owned(),
            span,
            label: "here".to_owned(),
            other: other.map(|span| (span, "there".to_owned())),
            help: Some("mend it".to_owned()),
        }
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut_to_a_window() {
        let text = format!("{}!{}", "a".repeat(500_000), "é".repeat(300_000));
        let shown =
            snippet("a.json", text.as_bytes(), &diagnostic(Span::new(500_000, 500_001), None), Colors::Plain);
        assert!(shown.lines().all(|line| line.chars().count() < 160), "{shown}");
        assert!(shown.contains("--> a.json:1:500001\n"), "{shown}");
        let (line, caret) = (shown.lines().nth(3).unwrap(), shown.lines().nth(4).unwrap());
        let column = line.chars().position(|c| c == '!').unwrap();
        assert_eq!(caret.chars().position(|c| c == '^'), Some(column), "{shown}");
    }

    #[test]
    fn another_place_is_shown_in_its_own_line_if_it_is_far() {
        let text = format!("first\n{}\nlast", "middle\n".repeat(1000));
        let end = text.len();
        let far = diagnostic(Span::new(end - 4, end), Some(Span::new(0, 5)));
        insta::assert_snapshot!(snippet("a.json", text.as_bytes(), &far, Colors::Plain), @r"
        error[E000]: wrong
            --> a.json:1003:1
             |
        1003 | last
             | ^^^^ here
            ::: a.json:1:1
             |
           1 | first
             | ----- there
             |
             = help: mend it
        ");
    }

    #[test]
    fn rl_025_what_could_forge_the_output_is_shown_by_number() {
        let text = b"\t\"a\x1b[2K\xe2\x80\xae\xff\0b\r\n";
        let shown = snippet("a\u{202e}\n.json", text, &diagnostic(Span::new(1, 3), None), Colors::Plain);
        insta::assert_snapshot!(shown, @r#"
        error[E000]: wrong
         --> a\u{202e}\u{a}.json:1:2
          |
        1 |     "a\u{1b}[2K\u{202e}\xFF␀b
          |     ^^ here
          |
          = help: mend it
        "#);
        let colored = snippet("a.json", text, &diagnostic(Span::new(1, 3), None), Colors::Ansi);
        assert!(colored.contains("\u{1b}[") && !colored.contains("\u{1b}[2K") && !colored.contains(":::"));
    }

    #[test]
    fn spans_at_the_edges_are_shown() {
        for (text, span, column) in [
            ("", Span::new(0, 0), 1),
            ("ab", Span::new(2, 2), 3),
            ("ab\n", Span::new(3, 3), 1),
            ("ab", Span::new(7, 9), 3),
            ("{\n  1\n}", Span::new(0, 7), 1),
            ("é", Span::new(1, 2), 2),
        ] {
            let shown = snippet("a", text.as_bytes(), &diagnostic(span, Some(span)), Colors::Plain);
            assert!(shown.contains(&format!(":{column}\n")) && shown.contains('^'), "{text:?}\n{shown}");
        }
    }
}
