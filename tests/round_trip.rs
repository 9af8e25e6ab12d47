//! Whatever the reader accepts, the writer can write and the reader reads back the same; and the reader
//! stands whatever it is given.

use proptest::collection::vec;
use proptest::prelude::*;
use twokeys::policy::{
    BASES, ConditionBlock, ConditionTest, ConditionValue, Effect, NamesPart, Operator, Place, Policy,
    PrincipalGroup, PrincipalPart, PrincipalValue, SetPrefix, Statement, ValueForm, Version,
};
use twokeys::report::{Colors, snippets};
use twokeys::source::{Span, Spanned};

proptest! {
    #[test]
    fn a_written_policy_is_read_back_the_same(policy in policies()) {
        let written = policy.to_json();
        let read = Policy::parse(&written).map_err(|errors| {
            TestCaseError::fail(format!("{errors}\n{written}"))
        })?;
        prop_assert_eq!(&read, &policy, "{}", written);
        prop_assert_eq!(read.to_json(), written);
    }

    #[test]
    fn random_bytes_are_refused_with_a_place_inside(bytes in vec(any::<u8>(), 0..200)) {
        is_read_or_refused_inside(&bytes)?;
    }

    #[test]
    fn pieces_of_json_in_any_order_are_read_or_refused_inside(pieces in vec(piece(), 0..60)) {
        is_read_or_refused_inside(pieces.concat().as_bytes())?;
    }

    #[test]
    fn a_policy_with_bytes_changed_is_read_or_refused_inside(
        policy in policies(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let mut bytes = policy.to_json().into_bytes();
        for (place, byte, how) in changes {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        is_read_or_refused_inside(&bytes)?;
    }
}

fn is_read_or_refused_inside(bytes: &[u8]) -> Result<(), TestCaseError> {
    match Policy::parse_bytes(bytes) {
        Ok(policy) => prop_assert_eq!(Policy::parse(&policy.to_json()), Ok(policy)),
        Err(errors) => {
            for error in errors.iter() {
                let range = error.span().range();
                prop_assert!(
                    range.start <= range.end && range.end <= bytes.len(),
                    "{} at {:?}",
                    error,
                    range
                );
                prop_assert!(error.help().is_some(), "no next step for {}", error);
            }
            let shown = snippets("a.json", bytes, &errors.to_diagnostics(), Colors::Plain);
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", shown);
        }
    }
    Ok(())
}

/// What policies are made of, and what is close to it.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "\n",
        " ",
        "//",
        "/*",
        "*/",
        "#",
        "\\",
        "\\u0000",
        "\\ud800",
        "é",
        "“",
        "”",
        "=",
        ";",
        "1e5",
        "-",
        "0",
        "true",
        "null",
        "None",
        "Effect",
        "\u{202e}",
        "\u{feff}",
        "\r\n",
        "\t",
        "\"Statement\":",
        "\"Effect\":\"Allow\"",
        "\"Action\":\"*\"",
        "\"Resource\":[\"*\"]",
        "\"Condition\":{",
        "\"Bool\":{",
        "\"aws:SecureTransport\":",
        "\"Principal\":",
        "\"false\"",
    ]);
    prop_oneof![9 => fixed.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

fn policies() -> impl Strategy<Value = Policy> {
    let version = prop::option::of(prop_oneof![Just(Version::V2008), Just(Version::V2012)]);
    (version, prop::option::of(text()), vec(statement(), 0..4)).prop_map(|(version, id, statements)| Policy {
        version: version.map(placed),
        id: id.map(placed),
        statements,
        ..Policy::parse(r#"{"Statement": []}"#).unwrap()
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let effect = prop_oneof![Just(Effect::Allow), Just(Effect::Deny)];
    let condition = prop::option::of(vec(block(), 0..3).prop_map(without_twins));
    let parts =
        (prop::option::of(text()), effect, prop::option::of(principal()), names(), prop::option::of(names()));
    (parts, condition).prop_map(|((sid, effect, principal, action, resource), condition)| Statement {
        sid: sid.map(placed),
        effect: placed(effect),
        principal,
        action,
        resource,
        condition_span: condition.as_ref().map(|_| Place::default()),
        condition: condition.unwrap_or_default(),
        span: Place::default(),
    })
}

fn names() -> impl Strategy<Value = NamesPart> {
    (any::<bool>(), vec(text().prop_map(placed), 0..4)).prop_map(|(negated, entries)| NamesPart {
        negated,
        entries,
        name_span: Place::default(),
        span: Place::default(),
    })
}

fn principal() -> impl Strategy<Value = PrincipalPart> {
    let kinds =
        prop::sample::subsequence(vec!["AWS", "Service", "Federated", "CanonicalUser", "Users"], 0..4);
    let groups = kinds.prop_flat_map(|kinds| {
        let values = vec(vec(text().prop_map(placed), 0..3), kinds.len());
        values.prop_map(move |values| {
            let group =
                |(kind, values): (&&str, _)| PrincipalGroup { kind: placed((*kind).to_owned()), values };
            kinds.iter().zip(values).map(group).collect()
        })
    });
    let value = prop_oneof![
        text().prop_map(|text| PrincipalValue::Text(placed(text))),
        groups.prop_map(PrincipalValue::Map),
    ];
    (any::<bool>(), value).prop_map(|(negated, value)| PrincipalPart {
        negated,
        value,
        name_span: Place::default(),
        span: Place::default(),
    })
}

fn block() -> impl Strategy<Value = ConditionBlock> {
    let set = prop::option::of(prop_oneof![Just(SetPrefix::ForAllValues), Just(SetPrefix::ForAnyValue)]);
    let base = prop::sample::select(BASES).prop_map(|(_, base)| base);
    (set, base, any::<bool>(), any::<bool>(), vec(test(), 0..3)).prop_map(
        |(set, base, if_exists, lower, mut tests)| {
            let operator = Operator { set, base, if_exists };
            let operator = if Operator::parse(&operator.to_string()).is_ok() {
                operator
            } else {
                Operator { if_exists: false, ..operator }
            };
            let written = operator.to_string();
            tests.sort_by_key(|test: &ConditionTest| test.key.value.to_ascii_lowercase());
            tests.dedup_by_key(|test| test.key.value.to_ascii_lowercase());
            ConditionBlock {
                operator: placed(operator),
                written: if lower { written.to_ascii_lowercase() } else { written },
                tests,
            }
        },
    )
}

fn without_twins(mut blocks: Vec<ConditionBlock>) -> Vec<ConditionBlock> {
    blocks.sort_by_key(|block| block.written.to_ascii_lowercase());
    blocks.dedup_by_key(|block| block.written.to_ascii_lowercase());
    blocks
}

fn test() -> impl Strategy<Value = ConditionTest> {
    (text(), vec(value(), 0..3)).prop_map(|(key, values)| ConditionTest {
        key: placed(key),
        values,
        span: Place::default(),
    })
}

fn value() -> impl Strategy<Value = ConditionValue> {
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?";
    prop_oneof![
        text().prop_map(|text| (text, ValueForm::String)),
        number.prop_map(|text| (text, ValueForm::Number)),
        any::<bool>().prop_map(|value| (value.to_string(), ValueForm::Boolean)),
    ]
    .prop_map(|(text, form)| ConditionValue { text, form, span: Span::default() })
}

/// Any text but U+0000, with more of what must be escaped than chance would give.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9:/*?${}' ,]{0,12}",
        vec(prop_oneof![Just('"'), Just('\\'), Just('\n'), Just('\u{1}'), Just('é'), any::<char>()], 0..6)
            .prop_map(|characters| characters.into_iter().filter(|&c| c != '\0').collect()),
    ]
}

fn placed<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}
