//! Section C: one operator, one key, one list of policy values.

mod addresses;
mod binary;
mod dates;
mod numbers;

use twokeys::policy::{Comparison, ConditionBlock, ConditionTest, Operator, Order, SetPrefix};
use twokeys::request::{Context, KeyState};

use crate::maybe::Maybe;
use crate::variables::{Resolved, pattern, plain, resolve};
use crate::wildcards::{Token, covers};

/// CO-001: all pairs of all operators must hold.
pub(crate) fn condition_holds(condition: &[ConditionBlock], variables: bool, context: &Context) -> Maybe {
    Maybe::all(condition.iter().flat_map(|block| {
        block.tests.iter().map(move |test| pair_holds(block.operator.value, test, variables, context))
    }))
}

/// The master table CO-014, row by row.
pub(crate) fn pair_holds(
    operator: Operator,
    test: &ConditionTest,
    variables: bool,
    context: &Context,
) -> Maybe {
    if operator.base.comparison == Comparison::Null {
        return null_holds(operator.set, test, context);
    }
    let one = |value: &String| one_value_passes(operator, test, value, variables, context);
    match context.get(&test.key.value) {
        KeyState::Unknown => Maybe::EITHER, // EV-009
        KeyState::Absent => Maybe::known(missing_key_passes(operator)),
        KeyState::Known(values) => match operator.set {
            // CK-006: for set operators nothing but empty strings is nothing.
            Some(_) if values.iter().all(String::is_empty) => Maybe::known(missing_key_passes(operator)),
            Some(SetPrefix::ForAllValues) => Maybe::all(values.iter().map(one)), // CO-009
            Some(SetPrefix::ForAnyValue) => Maybe::any(values.iter().map(one)),  // CO-010
            None if values.len() == 1 => Maybe::all(values.iter().map(one)),     // CO-007
            None => Maybe::NO,                                                   // CO-008
        },
    }
}

/// CO-005, CO-006, CO-009, CO-010: what a missing key means.
fn missing_key_passes(operator: Operator) -> bool {
    operator.if_exists
        || match operator.set {
            Some(SetPrefix::ForAllValues) => true,
            Some(SetPrefix::ForAnyValue) => false,
            None => operator.base.negated,
        }
}

/// CO-004, CO-012: OR over the policy values, or NOR for negated operators.
fn one_value_passes(
    operator: Operator,
    test: &ConditionTest,
    actual: &str,
    variables: bool,
    context: &Context,
) -> Maybe {
    let hit = Maybe::any(
        test.values
            .iter()
            .map(|wanted| value_hits(operator.base.comparison, &wanted.text, actual, variables, context)),
    );
    if operator.base.negated { hit.not() } else { hit }
}

/// `P(policy value, request value)` with variables resolved where they are active (VA-003, VA-011).
fn value_hits(
    comparison: Comparison,
    wanted: &str,
    actual: &str,
    variables: bool,
    context: &Context,
) -> Maybe {
    let takes_variables = matches!(
        comparison,
        Comparison::StringEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringLike
            | Comparison::Arn(_)
            | Comparison::Bool
    );
    let pieces = match resolve(wanted, variables && takes_variables, context) {
        Resolved::Value(pieces) => pieces,
        Resolved::Nothing => return Maybe::NO,     // VA-005
        Resolved::Unknown => return Maybe::EITHER, // EV-009
    };
    let text = plain(&pieces);
    Maybe::known(match comparison {
        Comparison::StringEquals => text == actual, // CO-020
        Comparison::StringEqualsIgnoreCase => text.eq_ignore_ascii_case(actual), // CO-021
        Comparison::StringLike => covers(&pattern(&pieces), actual), // CO-022
        Comparison::Arn(_) => arn_matches(&pattern(&pieces), actual), // CO-070
        Comparison::Bool => bool_equals(&text, actual), // CO-050
        Comparison::Numeric(order) => ordered(order, numbers::parse(actual), numbers::parse(&text)), // CO-030
        Comparison::Date(order) => ordered(order, dates::parse(actual), dates::parse(&text)), // CO-040
        Comparison::Binary => binary::equal(&text, actual), // CO-051
        Comparison::Ip => addresses::inside(&text, actual), // CO-060
        // Has no such form; `null_holds` answers for it.
        Comparison::Null => false,
    })
}

/// CO-013, CO-030, CO-040: the request's value stands on the left; what cannot be read does not hit.
fn ordered<T: Ord>(order: Order, actual: Option<T>, wanted: Option<T>) -> bool {
    let (Some(actual), Some(wanted)) = (actual, wanted) else { return false };
    match order {
        Order::Equals => actual == wanted,
        Order::LessThan => actual < wanted,
        Order::LessThanEquals => actual <= wanted,
        Order::GreaterThan => actual > wanted,
        Order::GreaterThanEquals => actual >= wanted,
    }
}

/// CO-050: `true` or `false` on both sides, in any case.
fn bool_equals(wanted: &str, actual: &str) -> bool {
    let read = |text: &str| match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    read(wanted).is_some() && read(wanted) == read(actual)
}

/// CO-070, VA-008: six fields each, the sixth with all further colons, compared one by one.
fn arn_matches(wanted: &[Token], actual: &str) -> bool {
    let wanted: Vec<&[Token]> = wanted.splitn(6, |token| *token == Token::Exactly(':')).collect();
    let actual: Vec<&str> = actual.splitn(6, ':').collect();
    wanted.len() == 6
        && actual.len() == 6
        && wanted.iter().zip(actual).all(|(field, text)| covers(field, text))
}

/// CO-080, CO-081: is the key missing (`true`) or present (`false`)?
fn null_holds(set: Option<SetPrefix>, test: &ConditionTest, context: &Context) -> Maybe {
    match set {
        Some(SetPrefix::ForAllValues) => return Maybe::YES,
        Some(SetPrefix::ForAnyValue) => return Maybe::NO,
        None => {}
    }
    let missing = match context.get(&test.key.value) {
        KeyState::Unknown => return Maybe::EITHER,
        KeyState::Absent => "true",
        KeyState::Known(_) => "false",
    };
    Maybe::known(test.values.iter().any(|wanted| wanted.text.eq_ignore_ascii_case(missing)))
}

#[cfg(test)]
mod tests {
    use twokeys::policy::{ConditionValue, Place, ValueForm};
    use twokeys::source::{Span, Spanned};

    use super::*;

    fn test_of(values: &[&str]) -> ConditionTest {
        let value = |text: &&str| ConditionValue {
            text: (*text).to_owned(),
            form: ValueForm::String,
            span: Span::default(),
        };
        ConditionTest {
            key: Spanned::new("a:key".to_owned(), Span::default()),
            values: values.iter().map(value).collect(),
            span: Place::default(),
        }
    }

    #[test]
    fn co_014_the_master_table() {
        const COLUMNS: [&str; 8] = [
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIfExists",
            "StringNotEqualsIfExists",
            "ForAllValues:StringEquals",
            "ForAllValues:StringNotEquals",
            "ForAnyValue:StringEquals",
            "ForAnyValue:StringNotEquals",
        ];
        let some = ["x", "y"].as_slice();
        for (situation, policy, request, expected) in [
            ("missing", some, &[][..], "FTTTTTFF"),
            ("one value, hit", some, &["x"], "TFTFTFTF"),
            ("one value, no hit", some, &["z"], "FTFTFTFT"),
            ("several, all hit", some, &["x", "y"], "FFFFTFTF"),
            ("several, some hit", some, &["x", "z"], "FFFFFFTT"),
            ("several, none hit", some, &["z", "w"], "FFFFFTFT"),
            ("empty policy list", &[], &["x"], "FTFTFTFT"),
            ("one empty string", some, &[""], "FTFTTTFF"),
            ("only empty strings", some, &["", ""], "FFFFTTFF"),
            ("unresolved variable", &["${a:none}"], &["x"], "FTFTFTFT"),
        ] {
            let context = Context::builder().set("a:key", request.iter().copied()).build().unwrap();
            for (column, letter) in COLUMNS.iter().zip(expected.chars()) {
                let operator = Operator::parse(column).unwrap();
                let holds = pair_holds(operator, &test_of(policy), true, &context);
                assert_eq!(holds, Maybe::known(letter == 'T'), "{situation}, {column}");
            }
        }
    }

    #[test]
    fn ev_009_a_pair_on_an_unknown_key_is_undecided_unless_nothing_can_change_it() {
        let context = Context::builder().unknown("a:key").build().unwrap();
        for (operator, expected) in [
            ("StringEquals", Maybe::EITHER),
            ("ForAllValues:StringEquals", Maybe::EITHER),
            ("Null", Maybe::EITHER),
            ("ForAllValues:Null", Maybe::YES),
            ("ForAnyValue:Null", Maybe::NO),
        ] {
            let operator = Operator::parse(operator).unwrap();
            assert_eq!(pair_holds(operator, &test_of(&["x"]), true, &context), expected, "{operator}");
        }
    }

    #[test]
    fn co_070_arn_fields() {
        let arn = "arn:aws:iam::111122223333:role/a:b";
        for (wanted, expected) in [
            (arn, true),
            ("arn:aws:iam::*:role/*", true),
            ("arn:*:role/*", false),
            ("*", false),
            ("*:*:*:*:*:*", true),
            ("arn:aws:iam::111122223333:ROLE/a:b", false),
        ] {
            assert_eq!(arn_matches(&crate::wildcards::with_wildcards(wanted), arn), expected, "{wanted}");
        }
    }
}
