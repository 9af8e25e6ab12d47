//! YAML read into the same tree as JSON, with the place of every node.
//!
//! The short forms of CloudFormation become the long ones: `!Sub x` is `{"Fn::Sub": x}`. Aliases are written out, within a limit, so that
//! a file of a few lines cannot become a tree of billions. Keys given twice stay twice: if they stand in a policy, its
//! reader refuses them.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, Tag};
use twokeys::json::{Limits, Member, Node, Value};
use twokeys::source::{Diagnostic, Severity, Span, shown};

/// Nodes that aliases may make in all. A template with more is an attack.
const ALIASED: usize = 100_000;

/// What came out of a text.
#[derive(Debug, Default)]
pub(super) struct Reading<'t> {
    /// The documents, the last perhaps cut short by a mistake.
    pub(super) roots: Vec<Node<'t>>,
    /// What is wrong.
    pub(super) problems: Vec<Diagnostic>,
}

/// Reads all documents of a text, up to the first mistake of syntax.
pub(super) fn read(text: &str) -> Reading<'_> {
    let mut builder = Builder { places: Places::new(text), text, ..Builder::default() };
    for event in Parser::new_from_str(text) {
        let done = match event {
            Ok((event, marks)) => builder.event(event, marks),
            Err(error) => {
                let at = builder.places.byte(error.marker().index());
                builder.fail(
                    "E101",
                    Span::new(at, at),
                    format!("this is no YAML: {}", shown(error.info())),
                    None,
                );
                builder.stopped = true;
                Err(Stop)
            }
        };
        if done.is_err() {
            // What was begun is closed, so that policies before the mistake are linted all the same.
            while !builder.open.is_empty() {
                builder.close(text.len());
            }
            break;
        }
    }
    Reading { roots: builder.roots, problems: builder.problems }
}

/// Reading ends here; the reason has been told.
struct Stop;

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    places: Places,
    open: Vec<Open<'t>>,
    anchors: HashMap<usize, Node<'t>>,
    /// Nodes read and nodes made of aliases.
    count: [usize; 2],
    roots: Vec<Node<'t>>,
    problems: Vec<Diagnostic>,
    stopped: bool,
}

/// A list or object that is not closed yet.
struct Open<'t> {
    start: usize,
    anchor: usize,
    tag: Option<String>,
    value: Value<'t>,
    /// The key whose value is due.
    key: Option<(Cow<'t, str>, Span)>,
}

impl<'t> Builder<'t> {
    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Stop> {
        let [start, end] = [marks.start, marks.end].map(|mark| self.places.byte(mark.index()));
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let tag = name_of(tag.as_deref());
                let (span, value) =
                    self.scalar(Span::new(start, end), value.into_owned(), style, tag.is_some());
                let node = Node { value, span };
                self.add(tagged(node, tag, start), anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(start, anchor, tag.as_deref(), Value::Array(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.open(start, anchor, tag.as_deref(), Value::Object(Vec::new()))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(end);
                Ok(())
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return self.stop(Span::new(start, end), "an alias stands inside what it stands for");
                };
                let [size, depth] = size(&node);
                self.count[1] += size;
                if self.count[1] > ALIASED {
                    return self.stop(Span::new(start, end), "aliases make this text too large");
                }
                if self.open.len() + depth > Limits::DEPTH {
                    return self
                        .stop(Span::new(start, end), "lists and objects are nested more than 64 deep");
                }
                self.add(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, start: usize, anchor: usize, tag: Option<&Tag>, value: Value<'t>) -> Result<(), Stop> {
        if self.open.len() >= Limits::DEPTH {
            let message = "lists and objects are nested more than 64 deep";
            return self.stop(Span::new(start, start), message);
        }
        self.open.push(Open { start, anchor, tag: name_of(tag), value, key: None });
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(Open { start, anchor, tag, mut value, .. }) = self.open.pop() else { return };
        // The end of a block is only known when something else begins; what belongs to it ends before.
        let last = match &value {
            Value::Array(items) => items.last().map(|item| item.span),
            Value::Object(members) => members.last().map(|member| member.key_span.to(member.value.span)),
            _ => None,
        };
        let closed = self.text.get(..end).is_some_and(|before| before.ends_with([']', '}']));
        let end = if closed { end } else { last.map_or(start, |last| last.end as usize) };
        if let Value::Object(members) = &mut value {
            self.finish(members);
        }
        let first = without_properties(self.text, start, end);
        let node = Node { value, span: Span::new(first.min(end), end) };
        // Closing adds nothing that was not counted when it was opened.
        let _ = self.add(tagged(node, tag, start), anchor);
    }

    /// Joins what `<<` stands for, and tells keys that are given twice.
    fn finish(&mut self, members: &mut Vec<Member<'t>>) {
        while let Some(at) = members.iter().position(|member| member.key == "<<") {
            let merged = members.remove(at).value;
            let parts = if let Value::Array(parts) = merged.value { parts } else { vec![merged] };
            for part in parts {
                let Value::Object(more) = part.value else { continue };
                for member in more {
                    if member.key != "<<" && members.iter().all(|known| known.key != member.key) {
                        members.push(member);
                    }
                }
            }
        }
        let mut first = HashMap::new();
        for member in members.iter() {
            if let Some(before) = first.insert(member.key.as_ref(), member.key_span) {
                let message = format!("`{}` is given twice in one object", shown(&member.key));
                self.problems.push(problem(
                    "E102",
                    member.key_span,
                    message,
                    Some((before, "first here".to_owned())),
                ));
            }
        }
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node<'t>, anchor: usize) -> Result<(), Stop> {
        self.count[0] += 1;
        if self.count[0] > Limits::VALUES {
            return self.stop(node.span, "the document has more than 1000000 values");
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.roots.push(node);
            return Ok(());
        };
        match &mut parent.value {
            Value::Array(items) => items.push(node),
            Value::Object(members) => match parent.key.take() {
                Some((key, key_span)) => members.push(Member { key, key_span, value: node }),
                None => {
                    let key = match node.value {
                        Value::String(key) => key,
                        Value::Number(digits) => Cow::Borrowed(digits),
                        Value::Null | Value::Bool(_) => {
                            Cow::Borrowed(self.text.get(node.span.range()).unwrap_or_default())
                        }
                        _ => {
                            return self.stop(node.span, "a key is a text, not a list or an object");
                        }
                    };
                    parent.key = Some((key, node.span));
                }
            },
            _ => {}
        }
        Ok(())
    }

    /// The value of a scalar by the core schema, and where it stands without tag and anchor.
    fn scalar(&self, marks: Span, value: String, style: ScalarStyle, has_tag: bool) -> (Span, Value<'t>) {
        let (start, end) = (marks.start as usize, marks.end as usize);
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let written = self.text.get(..end).unwrap_or_default().trim_end().len().max(start);
            return (Span::new(header(self.text, start), written), Value::String(Cow::Owned(value)));
        }
        let start = without_properties(self.text, start, end);
        let span = Span::new(start, end);
        let raw = self.text.get(span.range()).unwrap_or_default();
        let value = match (style, raw) {
            (ScalarStyle::Plain, _) if has_tag => Value::String(Cow::Owned(value)),
            (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Null,
            (ScalarStyle::Plain, "true" | "True" | "TRUE") => Value::Bool(true),
            (ScalarStyle::Plain, "false" | "False" | "FALSE") => Value::Bool(false),
            (ScalarStyle::Plain, _) if is_number(raw) => Value::Number(raw),
            _ => Value::String(Cow::Owned(value)),
        };
        (span, value)
    }

    fn stop(&mut self, span: Span, message: &str) -> Result<(), Stop> {
        // Closing what is open may run into the same once more.
        if !self.stopped {
            self.fail("E101", span, message.to_owned(), None);
        }
        self.stopped = true;
        Err(Stop)
    }

    fn fail(&mut self, code: &'static str, span: Span, message: String, other: Option<(Span, String)>) {
        self.problems.push(problem(code, span, message, other));
    }
}

fn problem(code: &'static str, span: Span, message: String, other: Option<(Span, String)>) -> Diagnostic {
    Diagnostic { code, severity: Severity::Error, message, span, label: String::new(), other, help: None }
}

/// The intrinsic function that a tag is short for. Tags of YAML itself only name the type.
fn name_of(tag: Option<&Tag>) -> Option<String> {
    let Tag { handle, suffix } = tag?;
    match (handle.as_str(), suffix.as_str()) {
        ("!", "") => None,
        ("!", "Ref" | "Condition") => Some(suffix.clone()),
        ("!", _) => Some(format!("Fn::{suffix}")),
        _ => None,
    }
}

fn tagged(node: Node<'_>, tag: Option<String>, start: usize) -> Node<'_> {
    let Some(name) = tag else { return node };
    let span = Span::new(start, node.span.end as usize);
    let key_span = Span::new(start, (node.span.start as usize).max(start));
    Node { value: Value::Object(vec![Member { key: Cow::Owned(name), key_span, value: node }]), span }
}

/// Where a node begins behind its tag and anchor.
fn without_properties(text: &str, start: usize, end: usize) -> usize {
    let mut at = start;
    while let Some(ahead) = text.get(at..end)
        && ahead.starts_with(['!', '&'])
    {
        let word = ahead.find(|character: char| character.is_ascii_whitespace()).unwrap_or(ahead.len());
        let rest = ahead.get(word..).unwrap_or_default();
        at += word + (rest.len() - rest.trim_ascii_start().len());
    }
    at
}

/// Where the `|` or `>` of the block stands whose text begins at `start`, or whose tag does.
fn header(text: &str, start: usize) -> usize {
    let is_header = |rest: &str| {
        let rest = rest.trim_start_matches(['|', '>']).trim_start_matches(['+', '-']);
        let rest =
            rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).trim_start_matches(['+', '-']);
        rest.trim().is_empty() || rest.trim_start().starts_with('#')
    };
    let before = text.get(..start).unwrap_or_default().trim_ascii_end();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let own_line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let here = text.get(start..).is_some_and(|rest| rest.starts_with(['!', '&', '|', '>']));
    let candidates = [(line, before.get(line..).unwrap_or_default()), (start, own_line)];
    let order = if here { [1, 0] } else { [0, 1] };
    for (from, line) in order.into_iter().filter_map(|index| candidates.get(index)) {
        let mut marks = line.match_indices(['|', '>']);
        if let Some((at, _)) = marks.find(|(at, _)| is_header(line.get(*at..).unwrap_or_default())) {
            return from + at;
        }
    }
    start
}

/// Is it a number as JSON has it? Account numbers with a leading zero are none.
fn is_number(raw: &str) -> bool {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && raw.len() <= Limits::NUMBER
        && serde_json::from_str::<serde_json::Number>(raw).is_ok()
}

/// The number of nodes and of levels.
fn size(node: &Node<'_>) -> [usize; 2] {
    let add = |[nodes, depth]: [usize; 2], child: &Node<'_>| {
        let [more, deep] = size(child);
        [nodes + more, depth.max(deep + 1)]
    };
    match &node.value {
        Value::Array(items) => items.iter().fold([1, 1], add),
        Value::Object(members) => members.iter().map(|member| &member.value).fold([1, 1], add),
        _ => [1, 0],
    }
}

/// From characters, as the parser counts, to bytes.
#[derive(Default)]
struct Places {
    /// The byte of each character; empty if all are of one byte.
    bytes: Vec<u32>,
    len: usize,
}

impl Places {
    fn new(text: &str) -> Self {
        let offset = |(at, _): (usize, char)| u32::try_from(at).unwrap_or(u32::MAX);
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(offset).collect() };
        Self { bytes, len: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.len);
        }
        self.bytes.get(character).map_or(self.len, |byte| *byte as usize)
    }
}
