//! JSON laid out for people and for version control: members in their order, two blanks a level.

use twokeys::json::{Member, Node, Value};

/// A member that is to be left out: the one in this place of the tree.
pub(super) type Without<'w> = &'w dyn Fn(&Member<'_>) -> bool;

/// The value as text, without a line break at the end.
pub(super) fn text(node: &Node<'_>, without: Without<'_>) -> String {
    let mut out = String::new();
    value(&mut out, node, 0, without);
    out
}

/// A string as JSON.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn value(out: &mut String, node: &Node<'_>, level: usize, without: Without<'_>) {
    match &node.value {
        // What is broken was refused when it was read.
        Value::Null | Value::Broken => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(digits) => out.push_str(digits),
        Value::String(text) => out.push_str(&string(text)),
        Value::Array(entries) => {
            let each =
                entries.iter().map(|entry| move |out: &mut String| value(out, entry, level + 1, without));
            list(out, ['[', ']'], level, each);
        }
        Value::Object(members) => {
            let members = members.iter().filter(|member| !without(member));
            let each = members.map(|member| {
                move |out: &mut String| {
                    out.push_str(&string(&member.key));
                    out.push_str(": ");
                    value(out, &member.value, level + 1, without);
                }
            });
            list(out, ['{', '}'], level, each);
        }
    }
}

fn list(
    out: &mut String,
    [open, close]: [char; 2],
    level: usize,
    entries: impl Iterator<Item = impl FnOnce(&mut String)>,
) {
    out.push(open);
    let mut any = false;
    for entry in entries {
        out.push_str(if any { ",\n" } else { "\n" });
        out.push_str(&"  ".repeat(level + 1));
        entry(out);
        any = true;
    }
    if any {
        out.push('\n');
        out.push_str(&"  ".repeat(level));
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use twokeys::json::{Limits, read};

    #[test]
    fn order_and_digits_stay_and_what_is_left_out_is_gone() {
        let text_in =
            r#"{"b": [1.50, {}, [], {"x": null, "Document": {"y": 1}}], "a": "é\n\u0007", "c": true}"#;
        let reading = read(text_in.as_bytes(), &Limits::default());
        let out = text(&reading.root.unwrap(), &|member| member.key == "Document");
        insta::assert_snapshot!(out, @r#"
        {
          "b": [
            1.50,
            {},
            [],
            {
              "x": null
            }
          ],
          "a": "é\n\u0007",
          "c": true
        }
        "#);
    }
}
