//! What the policy reader takes, what it refuses, and what it keeps as written (section A).

use twokeys::policy::{Limits, ParseError, ParseErrors, Policy, PolicyType, PrincipalValue, ValueForm};

/// A policy of one statement that has these elements beside the ones it needs.
fn with(elements: &str) -> Result<Policy, ParseErrors> {
    Policy::parse(&format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "*", {elements}}}}}"#))
}

fn codes(result: Result<Policy, ParseErrors>) -> Vec<&'static str> {
    result.map_or_else(|errors| errors.iter().map(ParseError::code).collect(), |_| Vec::new())
}

#[test]
fn pa_014_a_list_of_one_says_the_same_as_its_entry() {
    let bare = r#"{"Statement": {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}}"#;
    let listed = r#"{"Statement": [{"Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["s3:*"],
        "Resource": ["*"], "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}]}"#;
    assert_eq!(Policy::parse(bare), Policy::parse(listed));
}

#[test]
fn pa_015_numbers_and_booleans_are_kept_as_written() {
    let policy = with(r#""Condition": {"NumericEquals": {"a:b": [10, 10.0, 1e2, -0, true, "x"]}}"#).unwrap();
    let values = &policy.statements[0].condition[0].tests[0].values;
    let written: Vec<(&str, ValueForm)> =
        values.iter().map(|value| (value.text.as_str(), value.form)).collect();
    assert_eq!(
        written,
        [
            ("10", ValueForm::Number),
            ("10.0", ValueForm::Number),
            ("1e2", ValueForm::Number),
            ("-0", ValueForm::Number),
            ("true", ValueForm::Boolean),
            ("x", ValueForm::String),
        ]
    );
    assert!(
        policy
            .to_json()
            .contains("10,\n            10.0,\n            1e2,\n            -0,\n            true,\n")
    );
}

#[test]
fn pa_016_empty_containers_are_kept() {
    for elements in [
        r#""Resource": []"#,
        r#""NotResource": []"#,
        r#""Principal": {}"#,
        r#""Principal": {"AWS": []}"#,
        r#""Condition": {}"#,
        r#""Condition": {"Bool": {}}"#,
        r#""Condition": {"Bool": {"aws:SecureTransport": []}}"#,
    ] {
        let policy = with(elements).unwrap_or_else(|errors| panic!("{elements}: {errors}"));
        assert_eq!(Policy::parse(&policy.to_json()).unwrap(), policy, "{elements}");
    }
    assert_eq!(Policy::parse(r#"{"Statement": []}"#).unwrap().statements, []);
    assert!(with(r#""Condition": {}"#).unwrap().statements[0].condition_span.is_some());
}

#[test]
fn what_only_the_linter_dislikes_is_read_as_written() {
    let policy = with(r#""Principal": "alice""#).unwrap();
    let Some(principal) = &policy.statements[0].principal else { panic!("no principal") };
    assert!(matches!(&principal.value, PrincipalValue::Text(text) if text.value == "alice"));
    for elements in [
        r#""Principal": {"Users": "ana"}"#,
        r#""Principal": {"aws": "*", "AWS": "*"}"#,
        r#""Sid": "räume; 1", "Resource": "arn:aws""#,
        r#""Sid": "", "NotResource": "\u0007 漢字""#,
        r#""Condition": {"StringEquals": {"a:b": ["x", 5, true]}}"#,
        r#""Condition": {"NumericEquals": {"": "no number"}}"#,
    ] {
        assert_eq!(codes(with(elements)), [""; 0], "{elements}");
    }
    assert_eq!(codes(Policy::parse(r#"{"Id": "", "Version": "2008-10-17", "Statement": []}"#)), [""; 0]);
}

#[test]
fn pa_019_what_has_no_single_meaning_is_refused() {
    let cases: &[(&str, &[&str])] = &[
        (r#""Effect": "Deny""#, &["E102"]),
        (r#""Resourse": "*", "resource": "*""#, &["E106", "E106"]),
        (r#""Resource": {"a": 1}"#, &["E107"]),
        (r#""Resource": ["*", null, ["*"]]"#, &["E107", "E107"]),
        (r#""Sid": 1, "Principal": 2, "Condition": 3"#, &["E107", "E107", "E107"]),
        (r#""NotAction": "*""#, &["E115"]),
        (r#""Resource": "*", "NotResource": "*""#, &["E115"]),
        (r#""Principal": "*", "NotPrincipal": "*""#, &["E115"]),
        (r#""Condition": {"Bol": {}, "Foo:Bool": {}, "nullifexists": {}}"#, &["E128", "E128", "E131"]),
        (r#""Condition": {"Bool": {"a:b": "1", "A:b": "2", "A:B": "3"}}"#, &["E130", "E130"]),
        (r#""Condition": {"ForAnyValue:Bool": {}, "foranyvalue:bool": {}, "Bool": {}}"#, &["E130"]),
        (r#""Condition": {"Bool": {"a:b": [null, {}, []]}}"#, &["E132", "E132", "E132"]),
        (r#""Sid": "a\u0000b""#, &["E101"]),
        (r#""Condition": {"Bool": {"a:b\u0000": "x"}}"#, &["E101"]),
    ];
    for (elements, expected) in cases {
        assert_eq!(codes(with(elements)), *expected, "{elements}");
    }
    for (text, expected) in [
        (r"[]", "E103"),
        (r#"{"Version": "2012-10-17"}"#, "E104"),
        (r#"{"Version": "2012-10-18", "Statement": []}"#, "E108"),
        (r#"{"Version": "2012-10-17 ", "Statement": []}"#, "E108"),
        (r#"{"Version": null, "Statement": []}"#, "E107"),
        (r#"{"Statement": "x"}"#, "E107"),
        (r#"{"Statement": [], "Id": []}"#, "E107"),
        (r#"{"Statement": {"Effect": "allow", "Action": "*"}}"#, "E110"),
        (r#"{"Statement": {"Effect": "Allow ", "Action": "*"}}"#, "E110"),
    ] {
        assert_eq!(codes(Policy::parse(text)).first(), Some(&expected), "{text}");
    }
}

#[test]
fn rl_022_only_ascii_capitals_are_alike() {
    // U+212A is the Kelvin sign, U+0131 a dotless i; elsewhere they fold to `k` and `i`.
    assert_eq!(codes(with("\"Condition\": {\"Bool\": {\"a:k\": \"1\", \"a:\u{212a}\": \"2\"}}")), [""; 0]);
    assert_eq!(codes(with("\"Condition\": {\"Bool\": {\"a:i\": \"1\", \"a:\u{131}\": \"2\"}}")), [""; 0]);
    assert_eq!(codes(with("\"Condition\": {\"\u{131}pAddress\": {}}")), ["E128"]);
}

#[test]
fn pa_017_each_type_has_its_elements() {
    let statement = |elements: &str| {
        Policy::parse(&format!(r#"{{"Statement": {{"Effect": "Deny", "Action": "*"{elements}}}}}"#)).unwrap()
    };
    let neither = statement("");
    let resource = statement(r#", "Resource": "*""#);
    let principal = statement(r#", "NotPrincipal": "*""#);
    let both = statement(r#", "Principal": "*", "NotResource": "*""#);
    let expected = |kind| match kind {
        PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::ServiceControl => {
            [vec!["E112"], vec![], vec!["E112", "E114"], vec!["E114"]]
        }
        PolicyType::Resource | PolicyType::Trust => [vec!["E113"], vec!["E113"], vec![], vec![]],
        PolicyType::ResourceControl | PolicyType::Endpoint => {
            [vec!["E112", "E113"], vec!["E113"], vec!["E112"], vec![]]
        }
    };
    for kind in PolicyType::ALL {
        let found = [&neither, &resource, &principal, &both]
            .map(|policy| policy.refusals(kind).iter().map(ParseError::code).collect::<Vec<_>>());
        assert_eq!(found, expected(kind), "{kind}");
    }
}

#[test]
fn lm_002_limits_hold_at_the_limit_and_not_beyond() {
    let limits = Limits::default().with_statements(2).with_values(3).with_pattern(10).with_variables(2);
    let read = |elements: &str, statements: usize| {
        let statement = format!(r#"{{"Effect": "Allow", "Action": "*", {elements}}}"#);
        let text = format!(r#"{{"Statement": [{}]}}"#, vec![statement; statements].join(","));
        Policy::parse_within(text.as_bytes(), &limits)
            .map_or_else(|errors| errors.to_string(), |_| String::new())
    };
    let all = r#""Resource": ["1", "2", "0123456789"], "Condition": {"Bool": {"a:b": ["${a}${b}", 2, 3]}}"#;
    assert_eq!(read(all, 2), "");
    assert_eq!(read(all, 3), "more than 2 statements in one policy");
    assert_eq!(read(r#""Resource": ["1", "2", "3", "4"]"#, 1), "more than 3 values in one list");
    assert_eq!(read(r#""Principal": {"AWS": ["1", "2", "3", "4"]}"#, 1), "more than 3 values in one list");
    assert_eq!(read(r#""Condition": {"Bool": {"a:b": [1, 2, 3, 4]}}"#, 1), "more than 3 values in one list");
    assert_eq!(read(r#""Resource": "0123456789a""#, 1), "`Resource` has an entry of more than 10 bytes");
    assert_eq!(read(r#""Condition": {"Bool": {"a:b": "${${${"}}"#, 1), "more than 2 variables in one string");
}
