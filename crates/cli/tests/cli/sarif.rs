//! What `lint --format sarif` writes is what the schema of the standard says.
//!
//! The checker below knows the words that this schema uses and refuses all others.

use serde_json::{Map, Value};

use super::scratch::Scratch;

fn schema() -> Value {
    serde_json::from_str(include_str!("data/sarif/sarif-2.1.0.schema.json")).unwrap()
}

fn mismatches(value: &Value) -> Vec<String> {
    let schema = schema();
    let mut found = Vec::new();
    check(&schema, &schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let words: &Map<String, Value> = schema.as_object().unwrap();
    let matching = |schemas: &Value| {
        let fits = |one: &&Value| {
            let mut inner = Vec::new();
            check(root, one, value, at, &mut inner);
            inner.is_empty()
        };
        schemas.as_array().unwrap().iter().filter(fits).count()
    };
    for (word, rule) in words {
        let fits = match word.as_str() {
            "$schema" | "$id" | "definitions" | "title" | "description" | "default" | "format" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/definitions/").unwrap();
                check(root, &root["definitions"][name], value, at, found);
                true
            }
            "type" => match rule.as_str().unwrap() {
                "boolean" => value.is_boolean(),
                "integer" => value.is_u64() || value.is_i64(),
                "number" => value.is_number(),
                "string" => value.is_string(),
                "array" => value.is_array(),
                "object" => value.is_object(),
                other => panic!("no type `{other}`"),
            },
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
            "uniqueItems" => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                rule != &Value::Bool(true) || list.iter().enumerate().all(|(n, one)| !list[..n].contains(one))
            }
            "anyOf" => matching(rule) > 0,
            "oneOf" => matching(rule) == 1,
            "required" => rule.as_array().unwrap().iter().all(|name| {
                value.as_object().is_none_or(|object| object.contains_key(name.as_str().unwrap()))
            }),
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if let Some(of_member) = rule.get(name) {
                        check(root, of_member, member, &format!("{at}.{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = words.get("properties").and_then(Value::as_object);
                let others = value.as_object().into_iter().flatten();
                let mut others =
                    others.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
                match rule {
                    Value::Bool(allowed) => *allowed || others.next().is_none(),
                    rule => {
                        for (name, member) in others {
                            check(root, rule, member, &format!("{at}.{name}"), found);
                        }
                        true
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}[{index}]"), found);
                }
                true
            }
            "pattern" => {
                let pattern = regex_lite::Regex::new(rule.as_str().unwrap()).unwrap();
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            _ => panic!("the checker does not know `{word}`"),
        };
        if !fits {
            found.push(format!("{at}: {word} {rule}, but it is {value}"));
        }
    }
}

#[test]
fn sarif_is_what_the_standard_says() {
    let scratch = Scratch::new("sarif");
    super::linting::examples(&scratch);
    scratch.put("gone/.keep", "");
    for words in [
        &["lint", "-f", "sarif", "."][..],
        &["lint", "-f", "sarif", "--show-suppressed", "--select", "ALL,X9", "."],
        &["lint", "-f", "sarif", "nowhere.json", "force-mfa.json"],
    ] {
        let outcome = scratch.run(words);
        let log: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
        assert_eq!(mismatches(&log), [""; 0], "{words:?}");
        assert!(!log["runs"][0]["results"].as_array().unwrap().is_empty(), "{words:?}");
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let wrong = serde_json::json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": {} }, "columnKind": "bytes" }] });
    assert_eq!(mismatches(&wrong).len(), 2);
}
