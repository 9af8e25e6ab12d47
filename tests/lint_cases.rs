//! The worked cases of the catalog of rules: policies with the codes expected and not expected.
//!
//! Only rules that exist are held to their cases; which do is read from the table of rules, so the
//! test grows with it.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;
use twokeys::lint::{Attached, Options, RULES, lint};
use twokeys::policy::{Policy, PolicyType};

/// The codes that the reader gives, and a policy's place; all others belong to rules.
const REFUSALS: &[&str] = &[
    "E101", "E102", "E103", "E104", "E106", "E107", "E108", "E109", "E110", "E111", "E112", "E113", "E114",
    "E115", "E128", "E130", "E131",
];

/// The findings of the P group of bad inputs: texts that are read although something is wrong.
const ACCEPTED_WITH: &[(&str, &str)] = &[
    ("P011", "M409"),
    ("P014", "E141"),
    ("P015", "E105"),
    ("P016", "I501"),
    ("P017", "I504"),
    ("P018", "I504"),
    ("P021", "M412"),
    ("P023", "E135"),
    ("P024", "E136"),
    ("P025", "E116"),
    ("P026", "W216"),
    ("P027", "W216"),
    ("P028", "W215"),
    ("P029", "S322"),
    ("P030", "M420"),
    ("P031", "E154"),
];

/// A case with the very policy of its counterpart and the opposite answer.
const CONTRADICTED: &[&str] = &["i524-good"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Case {
    id: String,
    #[serde(rename = "rule")]
    _rule: String,
    policy_type: String,
    policy: Option<Box<serde_json::value::RawValue>>,
    policy_text: Option<String>,
    expected_codes: Vec<String>,
    expected_not_codes: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever adds a rule wants to know what is left")]
fn every_case_of_the_catalog_has_its_codes() {
    let text = fs::read_to_string("tests/data/lint-cases.json").unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let known: BTreeSet<&str> =
        RULES.iter().map(|rule| rule.meta().code).chain(REFUSALS.iter().copied()).collect();
    let (mut held, mut skipped, mut wrong) = (0, 0, Vec::new());
    for case in &cases {
        let text = case.policy_text.clone().unwrap_or_else(|| case.policy.as_ref().unwrap().to_string());
        let codes = codes(&text, &options(&case.policy_type));
        for (expected, wanted) in [(&case.expected_codes, true), (&case.expected_not_codes, false)] {
            for code in expected {
                if !known.contains(code.as_str()) || CONTRADICTED.contains(&case.id.as_str()) {
                    skipped += 1;
                } else if codes.contains(code.as_str()) == wanted {
                    held += 1;
                } else {
                    let verb = if wanted { "misses" } else { "has" };
                    wrong.push(format!("{}: {verb} {code}, found {codes:?}", case.id));
                }
            }
        }
    }
    eprintln!("{} cases: {held} codes held, {skipped} skipped for want of their rules", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(held > 150, "only {held} codes held");
}

#[test]
fn bad_inputs_that_are_accepted_are_told() {
    let text = fs::read_to_string("tests/data/bad-inputs.jsonl").unwrap();
    let mut wrong = Vec::new();
    let mut told = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let (id, expect) = (case["id"].as_str().unwrap(), case["expect"].as_str().unwrap());
        if !id.starts_with('P') || !expect.starts_with("accept") {
            continue;
        }
        let text = case["text"].as_str().map_or_else(|| generated(&case["gen"]), str::to_owned);
        let mut codes = codes(&text, &Options::new(PolicyType::Identity));
        if expect != "accept+finding" {
            // Rules about MFA and security speak of what the policy does; it is well written all the same.
            codes.retain(|code| code.starts_with(['E', 'W']));
        }
        let row = ACCEPTED_WITH.iter().find(|(case, _)| *case == id);
        // What reads as it was meant may still be unwise; that is no matter of how it is written.
        let silent = !codes.iter().any(|code| code.starts_with(['E', 'W']));
        let fine = row.map_or(expect != "accept+finding" && silent, |(_, code)| codes.contains(code));
        if !fine {
            wrong.push(format!("{id}: found {codes:?}"));
        }
        told += usize::from(row.is_some());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(told, ACCEPTED_WITH.len());
}

/// Rules about how a policy is laid out: the order of its members, and its length with white space.
const ABOUT_LAYOUT: &[&str] = &["I527", "E154"];

#[test]
fn the_order_of_members_and_white_space_change_no_finding() {
    let text = fs::read_to_string("tests/data/lint-cases.json").unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let of_cases =
        cases.iter().filter_map(|case| Some((case.policy.as_ref()?.to_string(), &case.policy_type)));
    let identity = "identity".to_owned();
    let examples = RULES.iter().flat_map(|rule| [&rule.meta().bad, &rule.meta().good]);
    let examples = examples.map(|example| (example.text.to_owned(), &identity));
    let (mut compared, mut wrong) = (0, Vec::new());
    for (text, kind) in of_cases.chain(examples).filter(|(text, _)| Policy::parse(text).is_ok()) {
        let told = |text: &str| {
            let mut codes = codes(text, &options(kind));
            codes.retain(|code| !ABOUT_LAYOUT.contains(code));
            codes
        };
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let before = told(&text);
        for (backwards, gap) in [(false, ""), (true, ""), (true, "\r\n\t "), (false, "\n")] {
            let mut other = String::new();
            laid_out(&value, backwards, gap, &mut other);
            let after = told(&other);
            compared += 1;
            if after != before {
                wrong.push(format!("{before:?} {after:?}\n{text}\n{other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(compared > 1000, "{compared}");
}

/// The same JSON with the members of its objects in another order, and with a gap wherever one may be.
fn laid_out(value: &serde_json::Value, backwards: bool, gap: &str, out: &mut String) {
    let mut list = |open: char, items: Vec<(Option<&String>, &serde_json::Value)>, close: char| {
        out.extend([open]);
        for (at, (key, value)) in items.into_iter().enumerate() {
            out.push_str(if at > 0 { "," } else { "" });
            out.push_str(gap);
            if let Some(key) = key {
                out.push_str(&format!("{}{gap}:{gap}", serde_json::Value::from(key.as_str())));
            }
            laid_out(value, backwards, gap, out);
            out.push_str(gap);
        }
        out.push(close);
    };
    match value {
        serde_json::Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(key, value)| (Some(key), value)).collect();
            if backwards {
                members.reverse();
            }
            list('{', members, '}');
        }
        serde_json::Value::Array(items) => list('[', items.iter().map(|item| (None, item)).collect(), ']'),
        other => out.push_str(&other.to_string()),
    }
}

fn codes(text: &str, options: &Options) -> BTreeSet<&'static str> {
    match Policy::parse(text) {
        Err(errors) => errors.iter().map(twokeys::policy::ParseError::code).collect(),
        Ok(policy) => {
            let refusals = policy.refusals(options.kind);
            let refusals = refusals.iter().map(twokeys::policy::ParseError::code);
            refusals.chain(lint(&policy, options).iter().map(twokeys::lint::Finding::code)).collect()
        }
    }
}

/// `resource:s3`, `identity@role` and the like, in account 111122223333; every rule runs, opt-in ones too.
fn options(kind: &str) -> Options {
    let (kind, service) = kind.split_once(':').unwrap_or((kind, ""));
    let (kind, attached_to) = kind.split_once('@').unwrap_or((kind, ""));
    let kind = PolicyType::ALL.into_iter().find(|known| known.as_str() == kind).unwrap();
    let mut options = Options::new(kind);
    options.service = Some(service.to_owned()).filter(|service| !service.is_empty());
    options.attached_to = (attached_to == "role").then_some(Attached::Role);
    options.template = attached_to == "template";
    options.own_accounts = vec!["111122223333".parse().unwrap()];
    // 2026-11-24.
    options.now = Some(1_795_478_400);
    options.select = vec!["ALL".to_owned()];
    options
}

/// A policy of exactly so many characters without white space, and with so many in all.
fn generated(recipe: &serde_json::Value) -> String {
    let size = |key: &str| recipe[key].as_u64().map(|size| usize::try_from(size).unwrap());
    let policy = |padding: usize, spaces: usize| {
        format!(
            r#"{{"Version":"2012-10-17",{}"Statement":{{"Sid":"{}","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}}}"#,
            " ".repeat(spaces),
            "a".repeat(padding)
        )
    };
    let padding = size("statement-padding-to").unwrap() - policy(0, 0).len();
    let spaces = size("whitespace-to").map_or(0, |size| size - policy(padding, 0).len());
    policy(padding, spaces)
}
