//! The functions of CloudFormation: what is known of their values before the template is deployed.

use twokeys::json::{Node, Value};
use twokeys::source::Span;

use super::node::{get, items, members, text};
use super::scalar;
use super::trail::Trail;

/// A value of a template.
#[derive(Debug)]
pub(super) enum Meaning<'n, 't> {
    /// What is written.
    Plain,
    /// One of these, by a condition. What is left out in a case is missing.
    Either(Vec<&'n Node<'t>>),
    /// A text, in parts.
    Text(Vec<Part>),
    /// Not known.
    Unknown(String),
}

/// A part of a text.
#[derive(Debug)]
pub(super) enum Part {
    /// It stands in the file.
    Known(String, Trail),
    /// It is filled in later.
    Hole(Later),
}

/// A text that is filled in later.
#[derive(Debug)]
pub(super) struct Later {
    /// For people: `Ref Bucket`, `${AWS::Region}`.
    pub(super) what: String,
    /// What is referred to: a parameter, a pseudo-parameter, or a resource.
    pub(super) subject: String,
    /// Which attribute of the resource.
    pub(super) attribute: Option<String>,
    /// Where it stands.
    pub(super) place: Span,
}

/// What a node means.
pub(super) fn meaning<'n, 't>(file: &str, node: &'n Node<'t>) -> Meaning<'n, 't> {
    let [member] = members(node) else { return Meaning::Plain };
    let argument = &member.value;
    match member.key.as_ref() {
        "Fn::If" if items(argument).len() == 3 => Meaning::Either(branches(node)),
        "Ref" | "Fn::GetAtt" | "Fn::Sub" | "Fn::Join" => match parts(file, node) {
            Some(parts) => Meaning::Text(parts),
            None => Meaning::Unknown(named(&member.key, argument)),
        },
        name if name.starts_with("Fn::") => Meaning::Unknown(named(name, argument)),
        _ => Meaning::Plain,
    }
}

/// What stands in the cases of a condition, those of conditions inside it among them.
fn branches<'n, 't>(node: &'n Node<'t>) -> Vec<&'n Node<'t>> {
    match get(node, "Fn::If").filter(|_| members(node).len() == 1).map(items) {
        Some([_, yes, no]) => [yes, no].into_iter().flat_map(branches).collect(),
        _ if is_no_value(node) => Vec::new(),
        _ => vec![node],
    }
}

/// Does it stand for something that is left out?
pub(super) fn is_no_value(node: &Node<'_>) -> bool {
    get(node, "Ref").and_then(text) == Some("AWS::NoValue")
}

/// The parts of a text; none if nothing tells that it is one.
pub(super) fn parts(file: &str, node: &Node<'_>) -> Option<Vec<Part>> {
    match &node.value {
        Value::String(value) => {
            Some(vec![Part::Known(value.to_string(), scalar::trail(file, node.span, value))])
        }
        Value::Number(digits) => {
            Some(vec![Part::Known((*digits).to_owned(), scalar::trail(file, node.span, digits))])
        }
        Value::Object(members) => {
            let [member] = members.as_slice() else { return None };
            let argument = &member.value;
            let hole = |subject: &str, attribute: Option<&str>| {
                Some(vec![Part::Hole(Later {
                    what: named(&member.key, argument),
                    subject: subject.to_owned(),
                    attribute: attribute.map(str::to_owned),
                    place: node.span,
                })])
            };
            match member.key.as_ref() {
                "Ref" => hole(text(argument)?, None),
                "Fn::GetAtt" => match (text(argument), items(argument)) {
                    (Some(path), _) => {
                        let (subject, attribute) = path.split_once('.').unwrap_or((path, ""));
                        hole(subject, Some(attribute))
                    }
                    (None, [subject, attribute]) => {
                        hole(text(subject)?, Some(text(attribute).unwrap_or_default()))
                    }
                    _ => None,
                },
                "Fn::Sub" => match items(argument) {
                    [template, values] => substituted(file, template, Some(values)),
                    _ => substituted(file, argument, None),
                },
                "Fn::Join" => joined(file, argument),
                name if name.starts_with("Fn::") => hole("", None),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `${Name}`, `${Resource.Attribute}` and `${!Literal}` in a text.
fn substituted(file: &str, template: &Node<'_>, values: Option<&Node<'_>>) -> Option<Vec<Part>> {
    let value = text(template)?;
    let trail = scalar::trail(file, template.span, value);
    let known = |start: usize, end: usize| {
        let mut part = Trail::default();
        part.extend(&trail, Span::new(start, end));
        Part::Known(value.get(start..end).unwrap_or_default().to_owned(), part)
    };
    let mut parts = Vec::new();
    let mut plain = 0;
    for (at, _) in value.match_indices("${") {
        let Some(length) = value.get(at..).and_then(|rest| rest.find('}')) else { break };
        let name = value.get(at + 2..at + length).unwrap_or_default();
        if at < plain {
            continue;
        }
        parts.push(known(plain, at));
        plain = at + length + 1;
        if name.starts_with('!') {
            parts.push(known(at, at + 2));
            parts.push(known(at + 3, plain));
            continue;
        }
        let given = values.and_then(|values| get(values, name)).and_then(|given| self::parts(file, given));
        if let Some(given) = given {
            parts.extend(given);
            continue;
        }
        let (subject, attribute) =
            name.split_once('.').map_or((name, None), |(name, of)| (name, Some(of.to_owned())));
        parts.push(Part::Hole(Later {
            what: format!("${{{name}}}"),
            subject: subject.to_owned(),
            attribute,
            place: trail.span(Span::new(at, plain)),
        }));
    }
    parts.push(known(plain, value.len()));
    Some(parts)
}

fn joined(file: &str, argument: &Node<'_>) -> Option<Vec<Part>> {
    let [delimiter, list] = items(argument) else { return None };
    let (between, Value::Array(list)) = (text(delimiter)?, &list.value) else { return None };
    let mut all = Vec::new();
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            all.push(Part::Known(between.to_owned(), scalar::trail(file, delimiter.span, between)));
        }
        all.extend(parts(file, item)?);
    }
    Some(all)
}

/// A function with its argument, for people.
fn named(function: &str, argument: &Node<'_>) -> String {
    let argument = match &argument.value {
        Value::String(text) => text.to_string(),
        Value::Array(items) => items.iter().filter_map(text).collect::<Vec<_>>().join("."),
        _ => String::new(),
    };
    format!("{function} {argument}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use twokeys::json::{Limits, read};

    use super::*;

    fn shown(file: &str) -> String {
        let root = read(file.as_bytes(), &Limits::default()).root.unwrap();
        match meaning(file, &root) {
            Meaning::Plain => "plain".to_owned(),
            Meaning::Either(nodes) => {
                nodes.iter().map(|node| file.get(node.span.range()).unwrap()).collect::<Vec<_>>().join(" or ")
            }
            Meaning::Text(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Known(text, _) => text.clone(),
                    Part::Hole(later) => format!("<{}>", later.what),
                })
                .collect(),
            Meaning::Unknown(what) => format!("unknown: {what}"),
        }
    }

    #[test]
    fn what_can_be_known_of_a_text_is_known() {
        for (file, expected) in [
            (r#""a""#, "plain"),
            (r#"{"Ref": "AWS::Region"}"#, "<Ref AWS::Region>"),
            (r#"{"Fn::GetAtt": ["Bucket", "Arn"]}"#, "<Fn::GetAtt Bucket.Arn>"),
            (r#"{"Fn::Sub": "a${B}c${!aws:username}d${E.Arn}"}"#, "a<${B}>c${aws:username}d<${E.Arn}>"),
            (r#"{"Fn::Sub": ["a${B}", {"B": "b"}]}"#, "ab"),
            (r#"{"Fn::Join": [":", ["a", {"Ref": "B"}, {"Fn::Sub": "${C}d"}]]}"#, "a:<Ref B>:<${C}>d"),
            (r#"{"Fn::Join": [":", {"Ref": "List"}]}"#, "unknown: Fn::Join :"),
            (r#"{"Fn::ImportValue": "x"}"#, "unknown: Fn::ImportValue x"),
            (r#"{"Fn::If": ["C", 1, {"Fn::If": ["D", {"Ref": "AWS::NoValue"}, 2]}]}"#, "1 or 2"),
            (r#"{"Fn::Sub": "half ${open"}"#, "half ${open"),
            (r#"{"Fn::Sub": {"a": 1}}"#, "unknown: Fn::Sub"),
        ] {
            assert_eq!(shown(file), expected, "{file}");
        }
    }
}
