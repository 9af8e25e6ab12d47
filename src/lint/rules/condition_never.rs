//! W220: a condition that no request meets.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::engine::{instant, is_readable};
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::is_on_mfa_key;
use crate::lint::subject::tests_of;
use crate::lint::text::{has_variable, has_wildcard};
use crate::lint::{Finding, Rule, Subject, Test, tried};
use crate::name::Pattern;
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct ConditionNever;

static META: Meta = Meta {
    code: "W220",
    name: "condition-never",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "no request meets the condition",
    explanation: "\
All tests of a condition must hold. Where two of them contradict each other, or a list is empty, the \
statement never applies: an `Allow` grants nothing, a `Deny` protects nothing.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "Null": {"aws:PrincipalOrgID": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for ConditionNever {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            let tests: Vec<Test<'_>> = tests_of(statement).collect();
            let mut told = HashSet::new();
            for test in tests.iter().filter(|test| !is_on_mfa_key(test)) {
                let on_key: Vec<&Test<'_>> = tests.iter().filter(|other| other.is_on(test.key())).collect();
                if !told.insert(test.key().to_ascii_lowercase()) || !is_never(subject, &on_key) {
                    continue;
                }
                let last = on_key.last().unwrap_or(&test);
                let finding = META
                    .at(last.test.key.span, format!("no request meets the condition on `{}`", test.key()));
                let finding = finding.label("the statement never applies").about(last);
                found.push(if on_key.len() > 1 {
                    finding.other(test.test.key.span, "together with this")
                } else {
                    finding
                });
            }
        }
    }
}

/// Is there neither a value of the key nor a request without it for which all its tests hold?
///
/// "Yes" is certain; tests of several values at once and of texts with variables are not looked into.
fn is_never(subject: &Subject<'_>, tests: &[&Test<'_>]) -> bool {
    if let [only] = tests
        && is_met_by_some_text(only)
    {
        return false;
    }
    let variables = subject.policy.has_variables();
    if tried::hold(tests, variables, None) {
        return false;
    }
    // So the key must be there.
    let (null, rest): (Vec<&Test<'_>>, Vec<&Test<'_>>) =
        tests.iter().copied().partition(|test| test.comparison() == Comparison::Null);
    let readable = |test: &&Test<'_>| {
        test.values()
            .iter()
            .all(|value| is_readable(test.comparison(), &value.text) && !has_variable(&value.text))
    };
    let no_value = |test: &Test<'_>| test.values().is_empty() && !test.operator().base.negated;
    if null.iter().any(|test| readable(test) && !tried::hold(&[test], variables, Some("x")))
        || rest.iter().any(|test| no_value(test))
    {
        return true;
    }
    if rest.iter().any(|test| test.operator().set.is_some()) || !rest.iter().all(readable) {
        return false;
    }
    let Some(tries) = tries(&rest) else { return false };
    !tries.iter().any(|value| tried::hold(&rest, variables, Some(value)))
}

/// Is it a test of texts that names some? Alone, it holds for one of them, or for what is none of them.
fn is_met_by_some_text(test: &Test<'_>) -> bool {
    matches!(
        test.comparison(),
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike
    ) && !test.values().is_empty()
}

/// Values that stand for all others: if the tests hold for any, then for one of these. None if there
/// is no telling.
fn tries(tests: &[&Test<'_>]) -> Option<Vec<String>> {
    let values = || tests.iter().flat_map(|test| test.values()).map(|value| value.text.as_str());
    let all = |is: fn(Comparison) -> bool| tests.iter().all(|test| is(test.comparison()));
    if all(|comparison| comparison == Comparison::Bool) {
        return Some(vec!["true".to_owned(), "false".to_owned()]);
    }
    if all(|comparison| matches!(comparison, Comparison::Numeric(_))) {
        return numbers(values());
    }
    if all(|comparison| matches!(comparison, Comparison::Date(_))) {
        let near = |text: &str| instant(text).map(|at| [at - 1, at, at + 1].map(|at| at.to_string()));
        return values().map(near).collect::<Option<Vec<_>>>().map(|near| near.concat());
    }
    if all(|comparison| comparison == Comparison::Ip) {
        return Some(values().flat_map(at_the_edges).collect());
    }
    if all(|comparison| matches!(comparison, Comparison::StringEquals | Comparison::StringLike)) {
        return texts(tests);
    }
    None
}

/// Every number stated, and one in each gap.
fn numbers<'v>(values: impl Iterator<Item = &'v str>) -> Option<Vec<String>> {
    let mut numbers = values.map(|text| text.parse::<f64>().ok()).collect::<Option<Vec<_>>>()?;
    numbers.sort_by(f64::total_cmp);
    let gaps = numbers.iter().zip(numbers.iter().skip(1)).map(|(low, high)| f64::midpoint(*low, *high));
    let ends = [numbers.first()? - 1.0, numbers.last()? + 1.0];
    Some(numbers.iter().copied().chain(gaps).chain(ends).map(|number| number.to_string()).collect())
}

/// The first and the last address of a block, and the neighbors outside: where nested blocks leave
/// something of each other, one of these lies in it.
fn at_the_edges(text: &str) -> Vec<String> {
    let block = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    let Some(block) = block else { return Vec::new() };
    let (first, last) = (block.network(), block.broadcast());
    let (before, after) = match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => (
            u32::from(first).checked_sub(1).map(|at| IpAddr::from(Ipv4Addr::from(at))),
            u32::from(last).checked_add(1).map(|at| IpAddr::from(Ipv4Addr::from(at))),
        ),
        (IpAddr::V6(first), IpAddr::V6(last)) => (
            u128::from(first).checked_sub(1).map(|at| IpAddr::from(Ipv6Addr::from(at))),
            u128::from(last).checked_add(1).map(|at| IpAddr::from(Ipv6Addr::from(at))),
        ),
        _ => (None, None),
    };
    [Some(first), Some(last), before, after]
        .into_iter()
        .flatten()
        .map(|address| address.to_string())
        .collect()
}

/// The texts of one positive test decide; of patterns, those that no other test rules out as a whole.
fn texts(tests: &[&Test<'_>]) -> Option<Vec<String>> {
    let positive = |test: &&&Test<'_>| !test.operator().base.negated;
    let values = |test: &Test<'_>| test.values().iter().map(|value| value.text.clone()).collect::<Vec<_>>();
    let literal = |test: &&&Test<'_>| {
        test.comparison() == Comparison::StringEquals
            || !test.values().iter().any(|value| has_wildcard(&value.text))
    };
    if let Some(test) = tests.iter().filter(positive).find(literal) {
        return Some(values(test));
    }
    let patterns =
        |test: &Test<'_>| test.values().iter().map(|value| Pattern::new(&value.text)).collect::<Vec<_>>();
    let mut likes = tests.iter().filter(positive).map(|test| patterns(test));
    let first = likes.next()?;
    let others: Vec<_> = likes.collect();
    let excluded: Vec<_> = tests
        .iter()
        .filter(|test| test.operator().base.negated && test.comparison() == Comparison::StringLike)
        .flat_map(|test| patterns(test))
        .collect();
    let possible = |pattern: &Pattern| {
        let meets = |other: &Vec<Pattern>| other.iter().any(|other| other.overlaps(pattern));
        others.iter().all(meets) && !excluded.iter().any(|excluded| excluded.includes(pattern))
    };
    // One possible pattern, and there is no telling which of its texts would do.
    (!first.iter().any(possible)).then(Vec::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_contradiction() {
        insta::assert_snapshot!(show(&ConditionNever), @r#"
        W220 no request meets the condition on `aws:PrincipalOrgID`
          "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "Null": {"aws:PrincipalOrgID": "true"}}}}
                                                                                         ^^^^^^^^^^^^^^^^^^^^ the statement never applies
        "#);
    }

    #[test]
    fn contradictions_of_every_kind() {
        for (condition, never) in [
            (r#"{"StringEquals": {"s3:prefix": "a"}, "StringNotEquals": {"s3:prefix": ["a", "b"]}}"#, true),
            (
                r#"{"StringEquals": {"s3:prefix": ["a", "c"]}, "StringNotEquals": {"s3:prefix": ["a", "b"]}}"#,
                false,
            ),
            (r#"{"StringEquals": {"s3:prefix": "a"}, "StringLike": {"s3:prefix": "b*"}}"#, true),
            (
                r#"{"StringEqualsIfExists": {"s3:prefix": "a"}, "StringLikeIfExists": {"s3:prefix": "b*"}}"#,
                false,
            ),
            (r#"{"StringLike": {"s3:prefix": "a*"}, "StringNotLike": {"s3:prefix": "*"}}"#, true),
            (r#"{"StringLike": {"s3:prefix": "a*"}, "StringNotLike": {"s3:prefix": "ab*"}}"#, false),
            (
                r#"{"NumericLessThan": {"s3:max-keys": "5"}, "NumericGreaterThan": {"s3:max-keys": "5"}}"#,
                true,
            ),
            (
                r#"{"NumericLessThan": {"s3:max-keys": "6"}, "NumericGreaterThan": {"s3:max-keys": "5"}}"#,
                false,
            ),
            (
                r#"{"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}, "DateGreaterThan": {"aws:CurrentTime": "2028-01-01T00:00:00Z"}}"#,
                true,
            ),
            (
                r#"{"Bool": {"aws:SecureTransport": "true"}, "BoolIfExists": {"aws:SecureTransport": "false"}}"#,
                true,
            ),
            (
                r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "NotIpAddress": {"aws:SourceIp": "203.0.0.0/16"}}"#,
                true,
            ),
            (
                r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "NotIpAddress": {"aws:SourceIp": "203.0.113.7"}}"#,
                false,
            ),
            (r#"{"Null": {"aws:SourceVpc": ["true", "false"]}}"#, false),
            (r#"{"StringEquals": {"s3:prefix": []}}"#, true),
            (r#"{"StringNotEquals": {"s3:prefix": []}}"#, false),
            (
                r#"{"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAllValues:StringEquals": {"aws:TagKeys": "b"}}"#,
                false,
            ),
            (r#"{"StringEquals": {"s3:prefix": "${aws:username}"}, "Null": {"s3:prefix": "true"}}"#, true),
        ] {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}}}"#
            );
            let shown = show_on(&ConditionNever, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), never, "{condition}");
        }
    }
}
