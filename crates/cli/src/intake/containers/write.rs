//! Writes the JSON text of a policy that its file holds in another form, with the way back.

use twokeys::json::{Node, Value};
use twokeys::source::Span;

use super::scalar;
use super::trail::Trail;

/// A JSON text in the making.
#[derive(Debug)]
pub(super) struct Writer<'f> {
    file: &'f str,
    /// The text so far.
    pub(super) text: String,
    /// The way back.
    pub(super) trail: Trail,
}

impl<'f> Writer<'f> {
    pub(super) fn new(file: &'f str) -> Self {
        Self { file, text: String::new(), trail: Trail::default() }
    }

    /// Where the text ends.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Text that stands for something in the file, as a whole or byte for byte.
    pub(super) fn raw(&mut self, text: &str, file: Span) {
        self.text.push_str(text);
        self.trail.push(text.len(), file);
    }

    /// A number, a boolean or null.
    pub(super) fn literal(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Bool(true) => self.raw("true", node.span),
            Value::Bool(false) => self.raw("false", node.span),
            Value::Number(digits) => self.raw(digits, node.span),
            _ => self.raw("null", node.span),
        }
    }

    /// A string that stands at `span` of the file.
    pub(super) fn string(&mut self, value: &str, span: Span) {
        self.quoted(value, &scalar::trail(self.file, span, value), self.quotes(span));
    }

    /// Where the quotation marks of a string stand, or would stand.
    pub(super) fn quotes(&self, span: Span) -> [Span; 2] {
        let Span { start, end } = span;
        if scalar::is_quoted(self.file, span) {
            [Span { start, end: start + 1 }, Span { start: end - 1, end }]
        } else {
            [Span { start, end: start }, Span { start: end, end }]
        }
    }

    /// A string with a way back of its own.
    pub(super) fn quoted(&mut self, value: &str, trail: &Trail, quotes: [Span; 2]) {
        self.raw("\"", quotes[0]);
        let mut plain = 0;
        for (at, character) in value.char_indices() {
            let escape = match character {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\n' => "\\n".to_owned(),
                control if u32::from(control) < 0x20 => format!("\\u{:04x}", u32::from(control)),
                _ => continue,
            };
            self.part(value, trail, plain, at);
            plain = at + character.len_utf8();
            self.raw(&escape, trail.span(Span::new(at, plain)));
        }
        self.part(value, trail, plain, value.len());
        self.raw("\"", quotes[1]);
    }

    fn part(&mut self, value: &str, trail: &Trail, start: usize, end: usize) {
        self.text.push_str(value.get(start..end).unwrap_or_default());
        self.trail.extend(trail, Span::new(start, end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_must_escape_leads_back_to_what_was_written() {
        let file = "x: 'a\"b\\'";
        let mut writer = Writer::new(file);
        writer.string("a\"b\\", Span::new(3, 9));
        assert_eq!(writer.text, r#""a\"b\\""#);
        for (start, end, expected) in
            [(0, 1, "'"), (1, 2, "a"), (2, 4, "\""), (4, 5, "b"), (5, 7, "\\"), (0, 8, "'a\"b\\'")]
        {
            assert_eq!(file.get(writer.trail.span(Span::new(start, end)).range()).unwrap(), expected);
        }
    }
}
