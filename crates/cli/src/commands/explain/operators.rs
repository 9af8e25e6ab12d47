//! What a condition operator does in every situation a key can be in.

use twokeys::policy::{BASES, Base, Comparison, Operator, Order, SetPrefix};
use twokeys::report::Style;
use twokeys::request::Context;

use super::ask::holds;
use super::page::{Page, cell};

/// A key that means nothing to anybody.
const KEY: &str = "example:Key";

/// The page of an operator, with or without prefix and suffix, by its name in any case.
pub(super) fn page(word: &str, style: Style) -> Option<String> {
    if let Some((name, words)) = PARTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) {
        let mut page = Page::new(style, name, "a part of condition operators");
        page.paragraph(words);
        situations(&mut page, Operator::parse("StringEquals").ok()?.base);
        return Some(page.into_text());
    }
    let operator = Operator::parse(word.trim_end_matches('*')).ok()?;
    let base = operator.base;
    let mut page = Page::new(style, &operator.to_string(), "a condition operator");
    page.paragraph(about(base.comparison));
    if base.negated {
        page.paragraph(
            "It is the negated form: it holds if no value of the policy fits. For a missing key it holds, too, \
             so in a Deny it denies whoever lacks the key.",
        );
    }
    if operator.if_exists {
        page.paragraph(IF_EXISTS);
    }
    match operator.set {
        Some(SetPrefix::ForAllValues) => page.paragraph(FOR_ALL_VALUES),
        Some(SetPrefix::ForAnyValue) => page.paragraph(FOR_ANY_VALUE),
        None => {}
    }
    if base.comparison == Comparison::Null {
        page.heading("Is the condition met?");
        presence(&mut page);
    } else {
        situations(&mut page, base);
    }
    Some(page.into_text())
}

/// The names of all operators, without prefixes and suffixes, and the names of those.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BASES.iter().map(|(name, _)| *name).chain(PARTS.iter().map(|(name, _)| *name))
}

/// The same with all their forms.
pub(super) fn all_names() -> Vec<String> {
    let suffixes = ["", "IfExists"];
    let forms = ["", "ForAllValues:", "ForAnyValue:"]
        .into_iter()
        .flat_map(|prefix| suffixes.map(|suffix| (prefix, suffix)));
    forms
        .flat_map(|(prefix, suffix)| BASES.iter().map(move |(name, _)| format!("{prefix}{name}{suffix}")))
        .filter(|name| Operator::parse(name).is_ok())
        .chain(PARTS.iter().map(|(name, _)| (*name).to_owned()))
        .collect()
}

const IF_EXISTS: &str = "IfExists: where the key is missing the condition is met; where it is there, nothing \
    changes. In a Deny that reaches further, in an Allow it grants to whoever lacks the key.";
const FOR_ALL_VALUES: &str = "ForAllValues: every value of the request must pass; where the key is missing \
    there is nothing to object to, and the condition is met. In an Allow, add a Null test for the key.";
const FOR_ANY_VALUE: &str = "ForAnyValue: at least one value of the request must pass; where the key is \
    missing none does.";

/// The parts of names that are no names.
const PARTS: &[(&str, &str)] =
    &[("IfExists", IF_EXISTS), ("ForAllValues", FOR_ALL_VALUES), ("ForAnyValue", FOR_ANY_VALUE)];

fn about(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::StringEquals => {
            "The texts are the same, letter case included. `*` and `?` are plain characters here; for wildcards \
             there is StringLike."
        }
        Comparison::StringEqualsIgnoreCase => "The texts are the same but for the case of ASCII letters.",
        Comparison::StringLike => {
            "The text fits a pattern: `*` stands for any characters, none and `/` included, `?` for exactly one. \
             Letter case counts."
        }
        Comparison::Numeric(_) => {
            "Numbers are compared exactly, 10 and 10.0 are the same; the value of the request stands on the left. \
             Digits, a sign and a point are read, exponents are not."
        }
        Comparison::Date(_) => {
            "Points in time are compared; the value of the request stands on the left. A date is written \
             2026-01-05T09:00:00Z, or as whole seconds since 1970; 2026 alone is seconds, too."
        }
        Comparison::Bool => {
            "Both sides are `true` or `false`, in any letter case; anything else never fits. A long-term access \
             key carries no aws:MultiFactorAuthPresent, and a missing key is neither."
        }
        Comparison::Binary => "Both sides are base64; their bytes are compared.",
        Comparison::Ip => {
            "The address of the request lies in the block of the policy: 203.0.113.0/24 or 2001:db8::/32; without \
             a length it is one address. IPv4 and IPv6 never fit each other."
        }
        Comparison::Arn(_) => {
            "The six fields of the ARNs fit one by one, `*` and `?` are wildcards that do not cross a colon in the \
             first five. ArnEquals and ArnLike are the same. `*` alone is no ARN and never fits."
        }
        Comparison::Null => {
            "It asks for the key itself: \"true\" holds if it is missing, \"false\" if it is there. It has no \
             IfExists form."
        }
    }
}

/// What a policy asks for; values of a request that fit and that do not; and one that cannot be read.
fn sample(comparison: Comparison) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
    match comparison {
        Comparison::StringEquals => ("red", "red", "blue", None),
        Comparison::StringEqualsIgnoreCase => ("red", "RED", "blue", None),
        Comparison::StringLike => ("re*", "red", "blue", None),
        Comparison::Numeric(order) => match order {
            Order::Equals | Order::LessThanEquals => ("10", "10", "11", Some("ten")),
            Order::LessThan => ("10", "9", "10", Some("ten")),
            Order::GreaterThan => ("10", "11", "10", Some("ten")),
            Order::GreaterThanEquals => ("10", "10", "9", Some("ten")),
        },
        Comparison::Date(order) => match order {
            Order::Equals | Order::LessThanEquals => {
                ("2026-01-05", "2026-01-05", "2026-01-06", Some("today"))
            }
            Order::LessThan => ("2026-01-05", "2026-01-04", "2026-01-05", Some("today")),
            Order::GreaterThan => ("2026-01-05", "2026-01-06", "2026-01-05", Some("today")),
            Order::GreaterThanEquals => ("2026-01-05", "2026-01-05", "2026-01-04", Some("today")),
        },
        Comparison::Bool => ("true", "true", "false", Some("yes")),
        Comparison::Binary => ("cmVk", "cmVk", "Ymx1ZQ==", Some("red!")),
        Comparison::Ip => ("203.0.113.0/24", "203.0.113.7", "198.51.100.1", Some("here")),
        Comparison::Arn(_) => (
            "arn:aws:sns:*:*:news",
            "arn:aws:sns:eu-west-1:111122223333:news",
            "arn:aws:sns:::other",
            Some("news"),
        ),
        Comparison::Null => ("true", "", "", None),
    }
}

/// One row for each form of the operator, one column for each situation.
fn situations(page: &mut Page, base: Base) {
    let (wanted, hit, miss, unreadable) = sample(base.comparison);
    let mut columns: Vec<(&str, Vec<&str>)> = vec![
        ("missing", vec![]),
        ("fits", vec![hit]),
        ("other", vec![miss]),
        ("2 fit", vec![hit, hit]),
        ("1 of 2", vec![hit, miss]),
        ("0 of 2", vec![miss, miss]),
    ];
    columns.extend(unreadable.map(|text| ("unreadable", vec![text])));
    let cannot = unreadable.map(|text| format!(", \"{text}\" cannot be read")).unwrap_or_default();
    page.heading(&format!(
        "Is it met? The policy has \"{wanted}\": \"{hit}\" fits, \"{miss}\" is another{cannot}."
    ));
    let sets = [None, Some(SetPrefix::ForAllValues), Some(SetPrefix::ForAnyValue)];
    let forms = sets.into_iter().map(|set| (set, false));
    let rows: Vec<Vec<String>> = std::iter::once((None, true))
        .chain(forms)
        .map(|(set, if_exists)| {
            let name = Operator { set, base, if_exists }.to_string();
            let met = columns.iter().map(|(_, values)| {
                let context = Context::builder().set(KEY, values.iter().copied()).build().unwrap_or_default();
                cell(holds(&name, KEY, wanted, context))
            });
            std::iter::once(name.clone()).chain(met).collect()
        })
        .collect();
    let names: Vec<&str> = std::iter::once("").chain(columns.iter().map(|(name, _)| *name)).collect();
    page.table(&names, &rows);
}

/// `Null` asks for the key and for nothing else.
fn presence(page: &mut Page) {
    let forms =
        [("Null", "true"), ("Null", "false"), ("ForAllValues:Null", "true"), ("ForAnyValue:Null", "true")];
    let names = forms.map(|(operator, value)| format!("{operator}: \"{value}\""));
    let rows = [("key missing", vec![]), ("key there", vec!["x"]), ("key there, but empty", vec![""])];
    let rows = rows.map(|(situation, values)| {
        let context = Context::builder().set(KEY, values).build().unwrap_or_default();
        let met = forms.iter().map(|(operator, value)| cell(holds(operator, KEY, value, context.clone())));
        std::iter::once(situation.to_owned()).chain(met).collect()
    });
    let mut columns = vec!["in the request"];
    columns.extend(names.iter().map(String::as_str));
    page.table(&columns, &rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_014_samples_fit_and_do_not_fit() {
        for (name, base) in BASES.iter().filter(|(_, base)| base.comparison != Comparison::Null) {
            let (wanted, hit, miss, unreadable) = sample(base.comparison);
            let one = |value| Context::builder().set(KEY, [value]).build().unwrap();
            assert_eq!(holds(name, KEY, wanted, one(hit)), Some(!base.negated), "{name}");
            assert_eq!(holds(name, KEY, wanted, one(miss)), Some(base.negated), "{name}");
            if let Some(text) = unreadable {
                assert_eq!(holds(name, KEY, wanted, one(text)), Some(base.negated), "{name}");
            }
        }
    }

    #[test]
    fn every_form_of_every_operator_has_a_page() {
        for name in all_names() {
            assert!(page(&name, Style::default()).is_some(), "{name}");
        }
        assert!(page("NullIfExists", Style::default()).is_none());
    }
}
