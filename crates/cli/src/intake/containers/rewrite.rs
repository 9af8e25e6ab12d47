//! A policy as nodes of YAML or of a template, written as the JSON text that the reader takes.
//!
//! What is filled in later is replaced by a filler and noted as a hole. Where a condition of the template decides,
//! all of its cases stand in the text if the place takes a list; else the first one does, and the statement is not judged.

use twokeys::json::{Member, Node, Value};
use twokeys::source::Span;

use super::fill::{self, Kind, Spot, Types};
use super::intrinsic::{Meaning, Part, is_no_value, meaning};
use super::node::items;
use super::trail::Trail;
use super::write::Writer;

/// A policy's text, the way back, and what must not be judged in it.
#[derive(Debug)]
pub(super) struct Rewritten {
    pub(super) text: String,
    pub(super) trail: Trail,
    pub(super) holes: Vec<(Span, String)>,
}

/// A place in the grammar of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Document,
    Version,
    Statements,
    Statement,
    Effect,
    Action,
    Resource,
    Principal,
    Ids(Kind),
    Condition,
    Operator,
    /// Values of a condition; those of the MFA keys decide what the whole statement is.
    Values {
        mfa: bool,
    },
    Other,
}

/// Writes a policy out.
pub(super) fn rewrite(file: &str, node: &Node<'_>, types: &Types) -> Rewritten {
    let writer = Writer::new(file);
    let mut rewriter = Rewriter { file, types, writer, holes: Vec::new(), unsure: Vec::new() };
    rewriter.node(node, Place::Document);
    rewriter.finish()
}

/// Writes a policy around a statement that stands alone.
pub(super) fn rewrite_statement(file: &str, node: &Node<'_>, types: &Types) -> Rewritten {
    let Span { start, end } = node.span;
    let writer = Writer::new(file);
    let mut rewriter = Rewriter { file, types, writer, holes: Vec::new(), unsure: Vec::new() };
    rewriter.writer.raw("{\"Version\": \"2012-10-17\", \"Statement\": ", Span { start, end: start });
    rewriter.node(node, Place::Statement);
    rewriter.writer.raw("}", Span { start: end, end });
    rewriter.finish()
}

/// Does a policy hold anything that has to be filled in?
pub(super) fn has_functions(file: &str, node: &Node<'_>) -> bool {
    match &node.value {
        Value::Object(members) => {
            !matches!(meaning(file, node), Meaning::Plain)
                || members.iter().any(|member| is_function(&member.key) || has_functions(file, &member.value))
        }
        Value::Array(items) => items.iter().any(|item| has_functions(file, item)),
        _ => false,
    }
}

fn is_function(key: &str) -> bool {
    key.starts_with("Fn::")
}

struct Rewriter<'f> {
    file: &'f str,
    types: &'f Types,
    writer: Writer<'f>,
    holes: Vec<(Span, String)>,
    /// What makes the statement that is being written unsure as a whole.
    unsure: Vec<String>,
}

impl Rewriter<'_> {
    fn finish(self) -> Rewritten {
        let Self { writer, mut holes, unsure, .. } = self;
        holes.extend(unsure.into_iter().map(|what| (Span::new(0, writer.len()), what)));
        holes.sort();
        Rewritten { text: writer.text, trail: writer.trail, holes }
    }

    fn node(&mut self, node: &Node<'_>, place: Place) {
        match meaning(self.file, node) {
            Meaning::Plain => self.plain(node, place),
            Meaning::Either(cases) => self.cases(&cases, node.span, place),
            Meaning::Text(parts) => self.parts(&parts, node.span, place),
            Meaning::Unknown(what) => self.unknown(what, node.span, place),
        }
    }

    fn plain(&mut self, node: &Node<'_>, place: Place) {
        match &node.value {
            // A statement that is not in a list.
            Value::Object(_) if place == Place::Statements => self.node(node, Place::Statement),
            Value::Object(members) => self.object(members, node.span, place),
            Value::Array(list) => {
                let place = if place == Place::Statements { Place::Statement } else { place };
                self.list(&list.iter().collect::<Vec<_>>(), node.span, place);
            }
            Value::String(value) => self.writer.string(value, node.span),
            _ => self.writer.literal(node),
        }
    }

    fn object(&mut self, members: &[Member<'_>], span: Span, place: Place) {
        let start = self.writer.len();
        // An error at the brace is one at the first key.
        let first = members.first().map_or(span, |member| member.key_span);
        self.writer.raw("{", first);
        let mut last = None;
        for Member { key, key_span, value } in members {
            if is_function(key) {
                self.unsure.push(key.to_string());
                continue;
            }
            if is_no_value(value) {
                continue;
            }
            self.separate(&mut last, value.span);
            self.writer.string(key, *key_span);
            self.writer.raw(":", Span { start: key_span.end, end: key_span.end });
            self.node(value, below(place, key));
        }
        self.writer.raw("}", Span { start: span.end.saturating_sub(1).max(span.start), end: span.end });
        if place == Place::Statement {
            let whole = Span::new(start, self.writer.len());
            self.holes.extend(self.unsure.drain(..).map(|what| (whole, what)));
        }
    }

    /// A list, with the entries of all cases of a condition.
    fn list(&mut self, entries: &[&Node<'_>], span: Span, place: Place) {
        self.writer.raw("[", Span { start: span.start, end: span.start });
        let mut last = None;
        self.entries(entries, place, &mut last);
        self.writer.raw("]", Span { start: span.end, end: span.end });
    }

    fn entries(&mut self, entries: &[&Node<'_>], place: Place, last: &mut Option<u32>) {
        for entry in entries {
            match meaning(self.file, entry) {
                Meaning::Either(cases) => {
                    for case in cases {
                        match &case.value {
                            Value::Array(list) => self.entries(&list.iter().collect::<Vec<_>>(), place, last),
                            _ => self.entries(&[case], place, last),
                        }
                    }
                }
                // A statement that is not there cannot be judged, nor can it be made up.
                _ if is_no_value(entry) => {}
                Meaning::Unknown(what) if place == Place::Statement => {
                    self.holes.push((Span::new(self.writer.len(), self.writer.len()), what));
                }
                Meaning::Text(_) if place == Place::Statement => {}
                _ => {
                    self.separate(last, entry.span);
                    self.node(entry, place);
                }
            }
        }
    }

    fn separate(&mut self, last: &mut Option<u32>, next: Span) {
        if let Some(end) = last.replace(next.end) {
            self.writer.raw(", ", Span { start: end, end });
        }
    }

    fn cases(&mut self, cases: &[&Node<'_>], span: Span, place: Place) {
        let listed = match place {
            Place::Statements => Some(Place::Statement),
            Place::Action | Place::Resource | Place::Ids(_) | Place::Values { .. } => Some(place),
            _ => None,
        };
        if let Some(place) = listed {
            if matches!(place, Place::Values { mfa: true }) {
                self.unsure.push("Fn::If".to_owned());
            }
            let entries: Vec<_> = cases
                .iter()
                .flat_map(|case| match &case.value {
                    Value::Array(_) => items(case).iter().collect(),
                    _ => vec![*case],
                })
                .collect();
            return self.list(&entries, span, place);
        }
        if place != Place::Statement {
            self.unsure.push("Fn::If".to_owned());
        }
        match cases.first() {
            Some(first) => self.node(first, place),
            None => self.writer.raw("null", span),
        }
    }

    fn parts(&mut self, parts: &[Part], span: Span, place: Place) {
        let (text, trail, holes) = assemble(parts, spot(place), self.types);
        if holes.is_empty() {
            return self.writer.quoted(&text, &trail, self.writer.quotes(span));
        }
        let whats = holes.into_iter().map(|(_, what)| what);
        if let Some(instead) = decisive(place) {
            self.unsure.extend(whats);
            return self.writer.raw(instead, span);
        }
        let start = self.writer.len();
        self.writer.quoted(&text, &trail, self.writer.quotes(span));
        self.hole(start, whats.collect::<Vec<_>>().join(", "), place);
    }

    fn unknown(&mut self, what: String, span: Span, place: Place) {
        if let Some(instead) = decisive(place) {
            self.unsure.push(what);
            return self.writer.raw(instead, span);
        }
        let start = self.writer.len();
        let later = super::intrinsic::Later {
            what: what.clone(),
            subject: String::new(),
            attribute: None,
            place: span,
        };
        let text = match place {
            Place::Version => "2012-10-17".to_owned(),
            _ => fill::filler(&later, "", spot(place), self.types),
        };
        let text = if place == Place::Principal {
            format!("{{\"AWS\": \"{text}\"}}")
        } else {
            format!("\"{text}\"")
        };
        self.writer.raw(&text, span);
        self.hole(start, what, place);
    }

    fn hole(&mut self, start: usize, what: String, place: Place) {
        if place == (Place::Values { mfa: true }) {
            return self.unsure.push(what);
        }
        self.holes.push((Span::new(start, self.writer.len()), what));
    }
}

/// Puts parts together: the text, the way back, and the holes in it.
pub(super) fn assemble(parts: &[Part], spot: Spot, types: &Types) -> (String, Trail, Vec<(Span, String)>) {
    let (mut text, mut trail, mut holes) = (String::new(), Trail::default(), Vec::new());
    for part in parts {
        let start = text.len();
        match part {
            Part::Known(known, way) => {
                text.push_str(known);
                trail.extend(way, Span::new(0, known.len()));
            }
            Part::Hole(later) => {
                text.push_str(&fill::filler(later, &text, spot, types));
                trail.push(text.len() - start, later.place);
                holes.push((Span::new(start, text.len()), later.what.clone()));
            }
        }
    }
    (text, trail, holes)
}

fn spot(place: Place) -> Spot {
    match place {
        Place::Ids(kind) => Spot::Principal(kind),
        Place::Principal => Spot::Principal(Kind::Aws),
        Place::Resource => Spot::Resource,
        _ => Spot::Other,
    }
}

/// What stands where an unknown value decides about the whole statement.
fn decisive(place: Place) -> Option<&'static str> {
    match place {
        Place::Effect => Some("\"Allow\""),
        Place::Action => Some("\"sts:GetCallerIdentity\""),
        Place::Condition | Place::Operator => Some("{}"),
        Place::Document => Some("{\"Statement\": []}"),
        Place::Statements => Some("[]"),
        _ => None,
    }
}

/// The place of a member's value. Names in conditions compare without case.
fn below(place: Place, key: &str) -> Place {
    match (place, key) {
        (Place::Document, "Version") => Place::Version,
        (Place::Document, "Statement") => Place::Statements,
        (Place::Statement, "Effect") => Place::Effect,
        (Place::Statement, "Action" | "NotAction") => Place::Action,
        (Place::Statement, "Resource" | "NotResource") => Place::Resource,
        (Place::Statement, "Principal" | "NotPrincipal") => Place::Principal,
        (Place::Statement, "Condition") => Place::Condition,
        (Place::Principal, "AWS") => Place::Ids(Kind::Aws),
        (Place::Principal, "Service") => Place::Ids(Kind::Service),
        (Place::Principal, _) => Place::Ids(Kind::Other),
        (Place::Condition, _) => Place::Operator,
        (Place::Operator, key) => {
            Place::Values { mfa: key.to_ascii_lowercase().starts_with("aws:multifactorauth") }
        }
        _ => Place::Other,
    }
}
