//! Each bad input for the reader of requests comes out as the corpus says (RL-024).

use serde_json::Value;
use twokeys::engine::{PolicySet, explain};
use twokeys::request::{Context, Request, RequestObject};

use crate::ask::{ALICE, identity};
use crate::bad_inputs::{Case, cases, input};

#[test]
fn rl_024_every_context_and_request_comes_out_as_pinned() {
    let mut wrong = Vec::new();
    let mut ran = 0;
    for case in cases().filter(|case| ["context", "request"].contains(&case.target.as_str())) {
        // A header of an HTTP request is the business of whoever serves HTTP.
        if case.id == "C010" {
            continue;
        }
        ran += 1;
        if let Err(reason) = run(&case) {
            wrong.push(format!("{} ({}): {reason}", case.id, case.why));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(ran, 13, "J023 to J026, C001 to C009");
}

fn run(case: &Case) -> Result<(), String> {
    let input = input(case);
    let read = match case.target.as_str() {
        "context" => RequestObject::read_context(&input).map(|_| ()),
        // `policy` says in words which policy is meant; the tests below write it out.
        _ => RequestObject::read(&request_of(&input)).map(|_| ()),
    };
    match (case.expect.as_str(), read) {
        ("reject", Err(errors)) if errors.iter().all(|error| error.span().range().end <= input.len()) => {
            Ok(())
        }
        ("reject", Err(errors)) => Err(format!("`{errors}` lies outside of the text")),
        ("reject", Ok(())) => Err("is accepted".to_owned()),
        ("accept" | "deny-missing" | "no-hit" | "as-true", Ok(())) => Ok(()),
        (_, Err(errors)) => Err(format!("is refused: {errors}")),
        (other, Ok(())) => Err(format!("unknown expectation `{other}`")),
    }
}

/// The request of a case, without the policy that stands beside it.
fn request_of(text: &[u8]) -> Vec<u8> {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(text) else { return text.to_vec() };
    if members.remove("policy").is_none() {
        return text.to_vec();
    }
    serde_json::to_vec(&members).unwrap()
}

/// The context of a case.
fn context_of(id: &str) -> Context {
    let case = cases().find(|case| case.id == id).unwrap();
    let text = input(&case);
    let builder = match case.target.as_str() {
        "context" => RequestObject::read_context(&text).unwrap(),
        _ => RequestObject::read(&request_of(&text)).unwrap().context,
    };
    builder.build().unwrap()
}

/// Does a condition hold in the context of a case, and which warnings does it give?
fn holds(id: &str, operator: &str, key: &str, value: &str) -> (bool, Vec<&'static str>) {
    let text = format!(
        r#"{{"Statement": {{"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {{"{operator}": {{"{key}": "{value}"}}}}}}}}"#
    );
    let (_, policy) = identity(&text);
    let set = PolicySet::builder().identity(policy).build().unwrap();
    let names = (ALICE.parse().unwrap(), "s3:GetObject".parse().unwrap(), "*".parse().unwrap());
    let request = Request::new(names.0, names.1, names.2, context_of(id));
    let explanation = explain(&set, &request);
    let met = explanation.met().iter().map(|met| met.kind.code()).collect();
    (explanation.evaluation().by().is_some(), met)
}

const PRESENT: &str = "aws:MultiFactorAuthPresent";

#[test]
fn j025_two_to_the_53rd_plus_one_keeps_its_last_digit() {
    assert!(!holds("J025", "NumericEquals", "aws:MultiFactorAuthAge", "9007199254740992").0);
    assert!(holds("J025", "NumericEquals", "aws:MultiFactorAuthAge", "9007199254740993").0);
}

#[test]
fn c001_a_missing_key_is_not_false() {
    assert!(!holds("C001", "Bool", PRESENT, "false").0);
    assert!(holds("C001", "BoolIfExists", PRESENT, "false").0);
}

#[test]
fn c002_an_empty_text_is_there_and_no_boolean() {
    for operator in ["Bool", "BoolIfExists"] {
        for value in ["true", "false"] {
            let (hit, met) = holds("C002", operator, PRESENT, value);
            assert!(!hit, "{operator} {value}");
            assert_eq!(met, ["unparsable-value"], "{operator} {value}");
        }
    }
    assert!(holds("C002", "Null", PRESENT, "false").0);
}

#[test]
fn c003_the_letter_case_of_booleans_does_not_count() {
    assert!(holds("C003", "Bool", PRESENT, "true").0);
    assert!(!holds("C003", "Bool", PRESENT, "false").0);
}

#[test]
fn c004_two_values_are_never_any_of_them() {
    for operator in ["Bool", "BoolIfExists", "StringEquals", "StringNotEquals", "StringNotEqualsIfExists"] {
        for value in ["true", "false", "other"] {
            let (hit, met) = holds("C004", operator, PRESENT, value);
            assert!(!hit, "{operator} {value}");
            assert_eq!(met, ["set-operator-needed"], "{operator} {value}");
        }
    }
}
