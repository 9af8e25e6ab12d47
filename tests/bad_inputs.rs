//! Each bad input that the policy reader must stand comes out as the corpus says (RL-024).
//!
//! Cases of other readers (requests, matching, …) are run where those are tested.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use twokeys::json;
use twokeys::policy::{ParseErrors, Policy, PolicyType};

/// A thread of a caller may have little stack; the main thread's would hide a runaway recursion.
const STACK: usize = 512 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) target: String,
    pub(crate) expect: String,
    pub(crate) why: String,
    #[serde(rename = "basis")]
    _basis: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(default)]
    text: Value,
    base64: Option<String>,
    r#gen: Option<Value>,
}

#[test]
fn rl_024_every_input_for_the_policy_reader_comes_out_as_pinned() {
    let work = || {
        let mut wrong = Vec::new();
        let mut ran = 0;
        for case in cases().filter(|case| ["policy", "any-json"].contains(&case.target.as_str())) {
            ran += 1;
            if let Err(reason) = run(&case) {
                wrong.push(format!("{} ({}): {reason}", case.id, case.why));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(ran, 59, "J001 to J022, J027 to J031, P001 to P032");
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
}

fn run(case: &Case) -> Result<(), String> {
    let input = input(case);
    let begin = Instant::now();
    let outcome = refusal(&input);
    let took = begin.elapsed();
    // Against hangs on a busy machine; speed itself is measured by `benches`.
    let bound = if case.id == "J030" { 1000 } else { 50 } * if cfg!(debug_assertions) { 200 } else { 20 };
    if took > Duration::from_millis(bound) {
        return Err(format!("took {took:?}"));
    }
    match (case.expect.as_str(), outcome) {
        ("reject", Some(errors)) => located(&errors, input.len()),
        ("reject", None) => Err("is accepted".to_owned()),
        ("accept" | "accept+finding", None) => Ok(()),
        ("accept-same", None) => same(case),
        ("accept" | "accept+finding" | "accept-same", Some(errors)) => Err(format!("is refused: {errors}")),
        (other, _) => Err(format!("unknown expectation `{other}`")),
    }
}

/// Why the reader refuses the bytes as an identity policy.
fn refusal(bytes: &[u8]) -> Option<ParseErrors> {
    match Policy::parse_bytes(bytes) {
        Ok(policy) => ParseErrors::from_vec(policy.refusals(PolicyType::Identity)),
        Err(errors) => Some(errors),
    }
}

fn located(errors: &ParseErrors, length: usize) -> Result<(), String> {
    for error in errors.iter() {
        let range = error.span().range();
        if range.start > range.end || range.end > length {
            return Err(format!("{error} at {range:?} of {length} bytes"));
        }
    }
    Ok(())
}

/// The plain spelling of what a case writes in an unusual way.
fn same(case: &Case) -> Result<(), String> {
    let plain = match case.id.as_str() {
        "J029" => {
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}"#
        }
        "P022" => {
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#
        }
        other => return Err(format!("the plain spelling of {other} is not written down")),
    };
    let (unusual, plain) = (Policy::parse_bytes(&input(case)), Policy::parse(plain));
    if unusual == plain { Ok(()) } else { Err(format!("{unusual:?} is not {plain:?}")) }
}

#[test]
fn j020_brackets_without_end_do_not_overflow_the_stack_in_the_json_reader_either() {
    let work = || {
        for unit in ["[", "{\"a\":", "[[{\"a\":[", "{\"a\" ", "[1 "] {
            let text = unit.repeat(100_000);
            let reading = json::read(text.as_bytes(), &json::Limits::default());
            assert!(!reading.errors.is_empty(), "{unit}");
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
}

#[test]
fn lm_001_the_size_of_a_policy_is_counted_with_and_without_white_space() {
    let case = |id: &str| cases().find(|case| case.id == id).unwrap();
    let size = |id: &str| Policy::parse_bytes(&input(&case(id))).unwrap().size;
    assert_eq!(size("P031").without_white_space, 6145);
    assert_eq!((size("P032").without_white_space, size("P032").all), (6144, 2_000_000));
    let accented = "{\"Statement\":\r\n\t [], \"Id\": \"é \"}";
    let size = Policy::parse(accented).unwrap().size;
    assert_eq!((size.all, size.without_white_space), (32, 26));
}

pub(crate) fn cases() -> impl Iterator<Item = Case> {
    cases_as_json().map(|case| serde_json::from_value(case).unwrap())
}

/// The cases with all that stands in them.
pub(crate) fn cases_as_json() -> impl Iterator<Item = Value> {
    include_str!("data/bad-inputs.jsonl").lines().map(|line| serde_json::from_str(line).unwrap())
}

pub(crate) fn input(case: &Case) -> Vec<u8> {
    match (case.text.as_str(), &case.base64, &case.r#gen) {
        (Some(text), None, None) => text.as_bytes().to_vec(),
        (None, Some(text), None) => decoded(text),
        (None, None, Some(recipe)) => generated(recipe).into_bytes(),
        _ => panic!("{} has not exactly one input", case.id),
    }
}

fn generated(recipe: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    if let Some(repeat) = recipe.get("repeat") {
        text(&recipe["head"]) + &text(&repeat[0]).repeat(number(&repeat[1])) + &text(&recipe["tail"])
    } else if let Some(wrap) = recipe.get("wrap") {
        let count = number(&wrap[2]);
        let (open, close) = (text(&wrap[1]).repeat(count), text(&wrap[4]).repeat(count));
        text(&wrap[0]) + &open + &text(&wrap[3]) + &close + &text(&wrap[5])
    } else if let Some(count) = recipe.get("colliding-keys") {
        colliding_keys(number(count))
    } else if let Some(size) = recipe.get("statement-padding-to") {
        padded(number(size), recipe.get("whitespace-to").map_or(0, number))
    } else {
        panic!("unknown recipe {recipe}")
    }
}

/// `Aa` and `BB` are equal under the hash that multiplies by 31, and so is what is made of them.
fn colliding_keys(count: usize) -> String {
    let key = |number: usize| {
        (0..18).map(|bit| if number >> bit & 1 == 0 { "Aa" } else { "BB" }).collect::<String>()
    };
    let members: Vec<String> = (0..count).map(|number| format!("\"{}\":1", key(number))).collect();
    format!("{{{}}}", members.join(","))
}

/// A policy of `size` characters, and of `all` with white space between the elements.
fn padded(size: usize, all: usize) -> String {
    let (head, tail) = (
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::"#,
        r#"*"}]}"#,
    );
    let padding = "x".repeat(size - head.len() - tail.len());
    " ".repeat(all.saturating_sub(size)) + head + &padding + tail
}

fn decoded(base64: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{byte} is no digit of base64"),
    };
    let digits: Vec<u8> = base64.bytes().filter(|byte| *byte != b'=').map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits = (0..4).fold(0_u32, |bits, at| bits << 6 | u32::from(four.get(at).copied().unwrap_or(0)));
        bits.to_be_bytes().into_iter().skip(1).take(four.len() - 1)
    });
    bytes.collect()
}
