//! Looking things up in a tree that was read from JSON or YAML.

use twokeys::json::{Member, Node, Value};

/// The value of a member.
pub(super) fn get<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<&'n Node<'t>> {
    members(node).iter().find(|member| member.key == key).map(|member| &member.value)
}

/// The members of an object; nothing else has any.
pub(super) fn members<'n, 't>(node: &'n Node<'t>) -> &'n [Member<'t>] {
    if let Value::Object(members) = &node.value { members } else { &[] }
}

/// The entries of a list; nothing else has any.
pub(super) fn items<'n, 't>(node: &'n Node<'t>) -> &'n [Node<'t>] {
    if let Value::Array(items) = &node.value { items } else { &[] }
}

/// The text of a string.
pub(super) fn text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    if let Value::String(text) = &node.value { Some(text) } else { None }
}

/// The text of a member.
pub(super) fn text_of<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    get(node, key).and_then(text)
}

/// A value that was found: the object it is a member or an entry of, the value, and the path to it.
pub(super) struct At<'n, 't> {
    pub(super) parent: &'n Node<'t>,
    pub(super) value: &'n Node<'t>,
    pub(super) path: String,
}

/// All values at a path such as `Roles[].AssumeRolePolicyDocument`, with the numbers in it.
///
/// Where a template has a condition, all of its cases are looked at.
pub(super) fn walk<'n, 't>(node: &'n Node<'t>, path: &str, here: &str) -> Vec<At<'n, 't>> {
    let mut found = Vec::new();
    descend(node, path, here, &mut found);
    found
}

fn descend<'n, 't>(node: &'n Node<'t>, path: &str, here: &str, found: &mut Vec<At<'n, 't>>) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let name = first.strip_suffix("[]").unwrap_or(first);
    let Some(value) = get(node, name) else { return };
    for (value, here) in cases(value, format!("{here}.{name}")) {
        let entries = if first.ends_with("[]") {
            let numbered = items(value).iter().enumerate();
            numbered.flat_map(|(index, item)| cases(item, format!("{here}[{index}]"))).collect()
        } else {
            vec![(value, here)]
        };
        for (value, path) in entries {
            match rest {
                Some(rest) => descend(value, rest, &path, found),
                None => found.push(At { parent: node, value, path }),
            }
        }
    }
}

/// The cases of a condition, or the value itself.
fn cases<'n, 't>(node: &'n Node<'t>, path: String) -> Vec<(&'n Node<'t>, String)> {
    let Some([_, yes, no]) = get(node, "Fn::If").map(items) else { return vec![(node, path)] };
    let case = |(case, index)| cases(case, format!("{path}.Fn::If[{index}]"));
    [(yes, 1), (no, 2)].into_iter().flat_map(case).collect()
}

#[cfg(test)]
mod tests {
    use twokeys::json::{Limits, read};

    use super::*;

    #[test]
    fn a_path_finds_every_place_with_its_number() {
        let text = br#"{"A": [{"B": 1}, {"C": 2}, {"Fn::If": ["x", {"B": 3}, {"B": 4}]}], "D": 4}"#;
        let root = read(text, &Limits::default()).root.unwrap();
        let found = |path: &str| walk(&root, path, "$").into_iter().map(|at| at.path).collect::<Vec<_>>();
        assert_eq!(found("A[].B"), ["$.A[0].B", "$.A[2].Fn::If[1].B", "$.A[2].Fn::If[2].B"]);
        assert_eq!(found("D"), ["$.D"]);
        assert!(found("D[]").is_empty() && found("D.E").is_empty() && found("F").is_empty());
    }
}
