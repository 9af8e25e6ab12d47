//! Properties of the readers: they take any bytes.

use twokeys::account::{Account, ReadOptions};
use twokeys::json::{self, ErrorKind, Limits, Node, Value};
use twokeys::policy::{Policy, PolicyType};
use twokeys::report::{Colors, snippets};

/// Whatever bytes it is given, the reader of policies reads or refuses them, and points inside the text.
pub fn policy_never_panics(data: &[u8]) {
    let errors = match Policy::parse_bytes(data) {
        Ok(policy) => {
            for kind in PolicyType::ALL {
                for error in policy.refusals(kind) {
                    assert!(data.get(error.span().range()).is_some(), "{error}: outside");
                }
            }
            return;
        }
        Err(errors) => errors,
    };
    for error in errors.iter() {
        assert!(data.get(error.span().range()).is_some(), "{error} at {:?}", error.span());
        assert!(error.help().is_some(), "no next step for {error}");
    }
    let shown = snippets("a.json", data, &errors.to_diagnostics(), Colors::Plain);
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
}

/// Whatever the reader accepts, the writer can write and the reader reads back the same.
pub fn policy_round_trip(data: &[u8]) {
    let Ok(first) = Policy::parse_bytes(data) else { return };
    let written = first.to_json();
    let second = Policy::parse(&written)
        .unwrap_or_else(|errors| panic!("the writer wrote what the reader refuses: {errors}\n{written}"));
    assert_eq!(first, second, "reading back changed the policy:\n{written}");
    assert_eq!(second.to_json(), written, "writing again changed the text");
}

/// What our JSON reader accepts, `serde_json` reads the same; what it refuses beyond that, it refuses on
/// purpose.
pub fn json_agrees_with_serde(data: &[u8]) {
    let reading = json::read(data, &Limits::default());
    let theirs = serde_json::from_slice::<serde_json::Value>(data);
    match (reading.errors.is_empty(), theirs) {
        (true, Ok(theirs)) => {
            let ours = reading.root.expect("a text without mistakes has a value");
            assert!(same(&ours, &theirs), "{ours:?} is not {theirs:?}");
        }
        (true, Err(error)) => panic!("we read what `serde_json` refuses: {error}"),
        (false, Ok(_)) => {
            let unfounded = reading.errors.iter().find(|error| !is_stricter(error.kind()));
            assert!(unfounded.is_none(), "we refuse what `serde_json` reads: {unfounded:?}");
        }
        (false, Err(_)) => {}
    }
}

/// What RFC 8259 allows and we refuse all the same: excess, names with two values, numbers without a size.
fn is_stricter(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::DuplicateKey { .. }
            | ErrorKind::NumberOutOfRange { .. }
            | ErrorKind::DocumentTooLong { .. }
            | ErrorKind::TooDeep { .. }
            | ErrorKind::StringTooLong { .. }
            | ErrorKind::KeyTooLong { .. }
            | ErrorKind::NumberTooLong { .. }
            | ErrorKind::TooManyValues { .. }
            | ErrorKind::TooMany { .. }
    )
}

fn same(node: &Node<'_>, theirs: &serde_json::Value) -> bool {
    match (&node.value, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(one), serde_json::Value::Bool(other)) => one == other,
        (Value::Number(text), serde_json::Value::Number(other)) => {
            serde_json::from_str::<serde_json::Number>(text).is_ok_and(|number| number == *other)
        }
        (Value::String(one), serde_json::Value::String(other)) => one == other,
        (Value::Array(one), serde_json::Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), serde_json::Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|member| {
                    other.get(member.key.as_ref()).is_some_and(|value| same(&member.value, value))
                })
        }
        _ => false,
    }
}

/// Whatever bytes it is given, the reader of account dumps reads or refuses them, and what it reads has a
/// policy set for everybody, or a reason why not.
pub fn dump_never_panics(data: &[u8]) {
    for keep_going in [false, true] {
        let options = ReadOptions { keep_going, ..ReadOptions::default() };
        match Account::read(&[data], &options) {
            Ok(account) => {
                for principal in account.principals() {
                    if let Err(indeterminate) = account.policy_set(principal) {
                        assert!(keep_going, "somebody has no answer, and nothing was told");
                        assert!(!indeterminate.reasons.is_empty(), "no answer, and no reason");
                    }
                }
                assert!(keep_going || account.problems().is_empty(), "read with problems");
            }
            Err(problems) => assert!(problems.iter().next().is_some(), "refused without a reason"),
        }
    }
}
