//! Gathers the policies of one file, in whatever form they stand there.

use std::collections::HashMap;
use std::sync::Arc;

use twokeys::json::{self, Limits, Node, Value};
use twokeys::policy::PolicyType;
use twokeys::source::{Diagnostic, Severity, Span};

use super::Contents;
use super::fill::{Spot, Types};
use super::intrinsic::{Meaning, Part, meaning};
use super::percent;
use super::rewrite::{Rewritten, assemble, has_functions, rewrite, rewrite_statement};
use super::scalar;
use super::trail::Trail;
use crate::intake::found::{Accepted, Found, Map};

/// What the place of a policy tells about it.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    pub(super) kind: Option<PolicyType>,
    pub(super) service: Option<String>,
    pub(super) name: Option<String>,
    pub(super) path: String,
    pub(super) attached_to: Vec<String>,
    pub(super) accepted: Vec<Accepted>,
}

/// The policies of a file, as they are found.
pub(super) struct Finder<'f> {
    pub(super) file: &'f str,
    /// Is the file JSON? Then an object in it is a policy text as it stands.
    json: bool,
    /// Types of the template's resources; none if there are no functions in the file.
    template: Option<Types>,
    found: Vec<Found>,
    wrong: Vec<Diagnostic>,
    /// Where the reader of policies tells mistakes of the file once more.
    covered: Vec<Span>,
    /// The groups of each user.
    groups: HashMap<String, Vec<String>>,
}

impl<'f> Finder<'f> {
    /// A finder for a file with what is wrong with it already.
    pub(super) fn new(file: &'f str, json: bool, wrong: Vec<Diagnostic>) -> Self {
        let (found, covered) = (Vec::new(), Vec::new());
        Self { file, json, template: None, found, wrong, covered, groups: HashMap::new() }
    }

    /// From now on objects may hold functions of a template.
    pub(super) fn in_template(&mut self, types: Types) {
        self.template = Some(types);
    }

    /// A user is in these groups.
    pub(super) fn belongs(&mut self, user: String, groups: Vec<String>) {
        self.groups.entry(user).or_default().extend(groups);
    }

    /// Something that is not known yet where a policy would be.
    pub(super) fn unknown(&mut self, span: Span, what: &str, about: &About) {
        let name = about.name.as_deref().unwrap_or(&about.path);
        let message = format!("the policy of `{name}` is not known yet ({what}): nothing of it was linted");
        let (label, other, help) = (String::new(), None, None);
        self.wrong.push(Diagnostic {
            code: "L904",
            severity: Severity::Info,
            message,
            span,
            label,
            other,
            help,
        });
    }

    /// A policy, or what stands in its place.
    pub(super) fn take(&mut self, node: &Node<'_>, about: About) {
        if self.template.is_some() {
            match meaning(self.file, node) {
                Meaning::Plain => {}
                Meaning::Text(parts)
                    if parts
                        .iter()
                        .any(|part| matches!(part, Part::Known(text, _) if text.contains('{'))) =>
                {
                    return self.parts(&parts, about);
                }
                Meaning::Text(parts) => {
                    let what = parts.iter().find_map(|part| match part {
                        Part::Hole(later) => Some(later.what.clone()),
                        Part::Known(..) => None,
                    });
                    return self.unknown(node.span, &what.unwrap_or_else(|| "Fn::Sub".to_owned()), &about);
                }
                Meaning::Either(cases) => {
                    for (index, case) in cases.into_iter().enumerate() {
                        let path = format!("{}.Fn::If[{}]", about.path, index + 1);
                        self.take(case, About { path, ..about.clone() });
                    }
                    return;
                }
                Meaning::Unknown(what) => return self.unknown(node.span, &what, &about),
            }
        }
        match &node.value {
            Value::Null | Value::Broken => {}
            Value::String(text) => {
                if !text.trim().is_empty() {
                    self.embedded(text, scalar::trail(self.file, node.span, text), Vec::new(), about);
                }
            }
            _ => self.object(node, about),
        }
    }

    /// A statement without a policy around it.
    pub(super) fn statement(&mut self, node: &Node<'_>, about: About) {
        let types = self.template.take().unwrap_or_default();
        let written = rewrite_statement(self.file, node, &types);
        self.template = Some(types);
        self.rewritten(written, about);
    }

    fn object(&mut self, node: &Node<'_>, about: About) {
        let none = Types::new();
        let types = self.template.as_ref().unwrap_or(&none);
        if self.json && !(self.template.is_some() && has_functions(self.file, node)) {
            self.covered.push(node.span);
            let text = self.file.as_bytes().get(node.span.range()).unwrap_or_default();
            return self.push(text.into(), Map::Shifted(node.span.start), Vec::new(), false, about);
        }
        if !self.json {
            self.covered.push(node.span);
        }
        let written = rewrite(self.file, node, types);
        self.rewritten(written, about);
    }

    fn rewritten(&mut self, written: Rewritten, about: About) {
        let Rewritten { text, trail, holes } = written;
        self.push(text.into_bytes().into(), trail.into_map(), holes, false, about);
    }

    /// A policy in a string, perhaps percent-encoded.
    fn embedded(&mut self, text: &str, trail: Trail, holes: Vec<(Span, String)>, about: About) {
        let (text, trail) = match percent::decode(text) {
            Some((decoded, inner))
                if !text.trim_start().starts_with('{') && decoded.trim_start().starts_with('{') =>
            {
                (decoded, inner.through(&trail))
            }
            _ => (text.to_owned(), trail),
        };
        self.push(text.into_bytes().into(), trail.into_map(), holes, true, about);
    }

    /// A policy in a string that is put together.
    fn parts(&mut self, parts: &[Part], about: About) {
        let none = Types::new();
        let (text, trail, holes) = assemble(parts, Spot::Other, self.template.as_ref().unwrap_or(&none));
        let root = json::read(text.as_bytes(), &Limits::default()).root;
        let holes = holes.into_iter().map(|(hole, what)| {
            (root.as_ref().map_or(Span::new(0, text.len()), |root| string_around(root, hole)), what)
        });
        let holes = holes.collect();
        self.embedded(&text, trail, holes, about);
    }

    fn push(&mut self, text: Arc<[u8]>, map: Map, holes: Vec<(Span, String)>, embedded: bool, about: About) {
        let About { kind, service, name, path, attached_to, accepted } = about;
        let (template, beside) = (self.template.is_some(), Vec::new());
        self.found.push(Found {
            text,
            map,
            kind,
            service,
            attached_to,
            template,
            name,
            path,
            embedded,
            holes,
            accepted,
            beside,
        });
    }

    /// Everything that was found, in the order of the file.
    pub(super) fn finish(self) -> Contents {
        let Self { mut found, mut wrong, covered, groups, .. } = self;
        found.sort_by_key(|found| found.map.to_file(Span::new(0, 1)).start);
        let inside =
            |span: Span| covered.iter().any(|policy| policy.start <= span.start && span.end <= policy.end);
        wrong.retain(|problem| problem.code == "L904" || !inside(problem.span));
        wrong.sort_by_key(|problem| problem.span);
        link(&mut found, &groups);
        Contents { found, wrong }
    }
}

/// The string of a document that holds a part of it, or the whole document if it lies in none.
fn string_around(node: &Node<'_>, part: Span) -> Span {
    let holds = |span: Span| span.start <= part.start && part.end <= span.end;
    let inner = match &node.value {
        Value::Array(items) => items.iter().find(|item| holds(item.span)),
        Value::Object(members) => {
            if let Some(member) = members.iter().find(|member| holds(member.key_span)) {
                return member.key_span.to(member.value.span);
            }
            members.iter().map(|member| &member.value).find(|value| holds(value.span))
        }
        _ => None,
    };
    inner.map_or(node.span, |inner| string_around(inner, part))
}

/// Says which policies lie beside each other: those that apply to everyone it applies to.
fn link(found: &mut [Found], groups: &HashMap<String, Vec<String>>) {
    let mut held: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, one) in found.iter().enumerate().filter(|(_, one)| one.kind == Some(PolicyType::Identity)) {
        for holder in &one.attached_to {
            held.entry(holder.clone()).or_default().push(index);
        }
    }
    let of = |holder: &String| {
        let inherited = groups.get(holder).into_iter().flatten();
        std::iter::once(holder)
            .chain(inherited)
            .filter_map(|holder| held.get(holder))
            .flatten()
            .copied()
            .collect::<Vec<_>>()
    };
    let mut links = Vec::new();
    for (index, one) in found.iter().enumerate().filter(|(_, one)| one.kind == Some(PolicyType::Identity)) {
        let mut holders = one.attached_to.iter();
        let Some(first) = holders.next() else { continue };
        let mut beside = of(first);
        for holder in holders {
            if beside.len() < 2 {
                break;
            }
            let others = of(holder);
            beside.retain(|index| others.contains(index));
        }
        beside.retain(|other| *other != index);
        beside.sort_unstable();
        beside.dedup();
        links.push((index, beside));
    }
    for (index, beside) in links {
        if let Some(one) = found.get_mut(index) {
            one.beside = beside;
        }
    }
}
