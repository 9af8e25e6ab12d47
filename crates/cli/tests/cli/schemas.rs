//! What is printed as JSON is what the published schemas say.
//!
//! The checker below knows the few words that our schemas use and refuses all others, so that a schema
//! cannot pass because half of it is not understood.

use serde_json::{Map, Value};

use super::{root, run, run_with};

pub(crate) fn schema(name: &str) -> Value {
    let path = root().join(format!("docs/schema/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Where `value` is not what `schema` says.
pub(crate) fn mismatches(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let words: &Map<String, Value> = schema.as_object().unwrap();
    for (word, rule) in words {
        let fits = match word.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                check(root, &root["$defs"][name], value, at, found);
                true
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|wanted| is_of(value, wanted)),
                wanted => is_of(value, wanted),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "anyOf" => rule.as_array().unwrap().iter().any(|one| {
                let mut inner = Vec::new();
                check(root, one, value, at, &mut inner);
                inner.is_empty()
            }),
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
                let others = others.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
                match rule {
                    Value::Bool(false) => others.count() == 0,
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
            // Only requests have patterns; the reader's own tests hold those.
            "pattern" => true,
            _ => panic!("the checker does not know `{word}`"),
        };
        if !fits {
            found.push(format!("{at}: {word} {rule}, but it is {value}"));
        }
    }
}

fn is_of(value: &Value, wanted: &Value) -> bool {
    match wanted.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type `{other}`"),
    }
}

#[test]
fn ux_086_decisions_are_what_the_schema_says() {
    let schema = schema("decision");
    for words in [
        &["--policy", "policies/mfa/self-manage.json", "-a", "s3:GetObject"][..],
        &[
            "--policy",
            "policies/mfa/self-manage.json",
            "policies/abac-project.json",
            "-a",
            "iam:GetUser",
            "--explain",
            "-r",
            "arn:aws:iam::111122223333:user/alice",
            "--principal-tag",
            "project=red",
        ],
        &[
            "--policy",
            "policies/mfa/recent-mfa-for-production.json",
            "-a",
            "s3:GetObject",
            "--missing",
            "unknown",
            "-c",
            "aws:ResourceTag/*:unknown",
            "--resource-account",
            "444455556666",
            "--explain",
        ],
        &[
            "--policy",
            "policies/administrator.json",
            "-p",
            "role/ops",
            "--credential",
            "role",
            "-a",
            "sts:GetSessionToken",
            "--explain",
            "--scp",
            "policies/scp-region-lock.json",
        ],
        &[
            "--policy",
            "policies/administrator.json",
            "-a",
            "s3:GetObject",
            "-c",
            "aws:MultiFactorAuthPresent=yes",
        ],
    ] {
        let words: Vec<&str> = ["simulate", "-f", "json"].iter().chain(words).copied().collect();
        let outcome = run(&words);
        let value: Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{words:?}\n{outcome}"));
        assert_eq!(mismatches(&schema, &value), [""; 0], "{words:?}\n{outcome}");
    }
}

#[test]
fn ux_087_errors_are_what_the_schema_says() {
    let schema = schema("error");
    let policy = ["simulate", "--policy", "policies/administrator.json"];
    for (words, stdin) in [
        (&["-a", "s3:*"][..], ""),
        (&["--request", "-"], r#"{"acton": "s3:GetObject"}"#),
        (&["--polcy", "x"], ""),
    ] {
        let words: Vec<&str> = policy.iter().chain(words).chain(&["--format", "json"]).copied().collect();
        let outcome = run_with(&words, stdin);
        assert_eq!(outcome.code, 2, "{outcome}");
        let value: Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{words:?}\n{outcome}"));
        assert_eq!(mismatches(&schema, &value), [""; 0], "{outcome}");
    }
    let words = [&policy[..], &["--requests", "-", "--format", "jsonl"]].concat();
    let outcome = run_with(&words, "{\"action\": 5}\n");
    let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(mismatches(&schema, &value), [""; 0], "{outcome}");
}

#[test]
fn ux_082_requests_that_are_read_are_what_the_schema_says() {
    let schema = schema("request");
    let read = r#"{"id": "r", "principal": "anonymous", "action": "s3:GetObject", "resource": "*", "mfa": true,
        "mfaAge": 5, "context": {"a:b": [1, "x", true], "a:c": null}, "unknown": ["a:d"], "expect": "deny@scp",
        "principalDetails": {"credential": "long-term"}}"#;
    assert_eq!(mismatches(&schema, &serde_json::from_str(read).unwrap()), [""; 0]);
    for wrong in [r#"{"acton": "s3:GetObject"}"#, r#"{"context": {"a:b": {}}}"#, r#"{"mfaAge": -1}"#] {
        assert_ne!(mismatches(&schema, &serde_json::from_str(wrong).unwrap()), [""; 0], "{wrong}");
    }
}
