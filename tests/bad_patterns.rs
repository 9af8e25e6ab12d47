//! Patterns made to stall or to deceive a matcher (RL-024, group M; RE-012).
//!
//! Nothing here is timed. A matcher that goes back further than to its last star would take longer than a
//! human life on the first of them.

use serde_json::Value;
use twokeys::engine::{Decision, PolicySet, evaluate};
use twokeys::name::Pattern;
use twokeys::request::{Context, Request};
use twokeys_naive::pattern_covers;

use crate::ask::{ALICE, identity};
use crate::bad_inputs::cases_as_json;

/// The longest pattern and the longest text that are ever compared.
const LONGEST: usize = 64 << 10;

#[test]
fn rl_024_every_pattern_comes_out_as_pinned() {
    let mut wrong = Vec::new();
    let mut ran = 0;
    for case in cases_as_json().filter(|case| case["target"] == "match") {
        ran += 1;
        let id = case["id"].as_str().unwrap();
        let (pattern, subject) = pair(&case);
        let got = match id {
            // Actions and what has no letter case of its own.
            "M005" | "M007" | "M008" => decided(&pattern, "*", &subject, "*"),
            // With a user whose name is a star.
            _ => decided("*", &pattern, "s3:GetObject", &subject),
        };
        let expected = ["true", "literal"].contains(&case["expect"].as_str().unwrap());
        if got != expected {
            wrong.push(format!("{id} ({}): {got}", case["why"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(ran, 12, "M001 to M012");
}

#[test]
fn m010_an_escaped_star_is_no_wildcard() {
    assert!(!decided("*", "arn:aws:s3:::b/${*}", "s3:GetObject", "arn:aws:s3:::b/x"));
}

fn pair(case: &Value) -> (String, String) {
    if let Some(text) = case["text"].as_str() {
        return serde_json::from_str(text).unwrap();
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let made = |recipe: &Value| text(&recipe[0]).repeat(number(&recipe[1])) + &text(&recipe[2]);
    let arn = |text: String| format!("arn:aws:s3:::{text}");
    let recipe = |name: &str| case.pointer(&format!("/gen/{name}")).unwrap();
    (arn(made(recipe("pattern"))), arn(made(recipe("subject"))))
}

/// Does a policy with these patterns allow this? What is no action at all is not.
fn decided(action: &str, resource: &str, asked: &str, of: &str) -> bool {
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}}}"#
    );
    let set = PolicySet::builder().identity(identity(&policy).1).build().unwrap();
    let Ok(asked) = asked.parse() else { return false };
    let context = Context::builder().set("aws:username", ["*"]).build().unwrap();
    let request = Request::new(ALICE.parse().unwrap(), asked, of.parse().unwrap(), context);
    evaluate(&set, &request).decision() == Decision::Allowed
}

#[test]
fn re_012_the_longest_patterns_come_to_an_end() {
    let letters = "a".repeat(LONGEST);
    for (pattern, expected) in [
        ("*a".repeat(LONGEST / 2 - 1) + "b", false),
        ("*a".repeat(LONGEST / 2), true),
        (format!("*{}b*", "a".repeat(LONGEST - 3)), false),
        (format!("*{}*", "a".repeat(LONGEST - 2)), true),
        ("*".repeat(LONGEST), true),
        (format!("{}*{}", "a".repeat(LONGEST / 2), "a".repeat(LONGEST / 2 - 1)), true),
        (format!("*{}b*", "aaaaaaa?".repeat(1_024)), false),
        (format!("*{}*", "aaaaaaa?".repeat(1_024)), true),
    ] {
        let start = pattern.get(..20).unwrap();
        assert_eq!(Pattern::new(&pattern).matches(&letters), expected, "{start}…");
    }
}

#[test]
fn re_012_hostile_patterns_of_middling_length_match_as_the_table_says() {
    for length in [1, 2, 7, 60] {
        let a = "a".repeat(length);
        for pattern in [
            format!("*{a}b*"),
            format!("*{a}?b*"),
            "*a".repeat(length) + "b",
            "*?a".repeat(length),
            format!("{a}*{a}"),
        ] {
            for subject in [a.clone(), format!("{a}b"), a.repeat(3), format!("{a}é{a}b{a}")] {
                assert_eq!(
                    Pattern::new(&pattern).matches(&subject),
                    pattern_covers(&pattern, &subject),
                    "{pattern} on {subject}"
                );
            }
        }
    }
}
