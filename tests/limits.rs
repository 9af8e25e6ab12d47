//! Every limit of the library at its real size: one less and just as much is fine, one more is refused by an
//! error that names the limit (RL-010).
//!
//! How mistakes beside a limit are told is tested where each reader is, with small limits.

use std::fmt::Write;
use std::sync::Arc;

use twokeys::account;
use twokeys::engine::{PolicySet, PolicySetBuilder, Prepared};
use twokeys::json;
use twokeys::policy::{self, Policy, PolicyType};
use twokeys::request::{Context, ContextBuilder, RequestObject};

/// What is limited, how much of it there may be, and what comes of so much: nothing, or the error's words.
type Limit = (&'static str, usize, fn(usize) -> Option<String>);

const LIMITS: &[Limit] = &[
    ("bytes of a document", json::Limits::DOCUMENT, |count| json(&format!("[{}]", " ".repeat(count - 2)))),
    ("levels", json::Limits::DEPTH, |count| json(&("[".repeat(count) + &"]".repeat(count)))),
    // The list itself is a value.
    ("values", json::Limits::VALUES, |count| json(&format!("[{}0]", "0,".repeat(count - 2)))),
    ("bytes of a string", json::Limits::STRING, |count| {
        json(&format!("\"{}\"", "é".repeat(count / 2) + &"x".repeat(count % 2)))
    }),
    ("bytes of a name", json::Limits::KEY, |count| json(&format!("{{\"{}\": 1}}", "k".repeat(count)))),
    ("digits", json::Limits::NUMBER, |count| json(&"7".repeat(count))),
    ("statements", policy::Limits::STATEMENTS, |count| {
        let statement = r#"{"Effect":"Deny","Action":"*","Resource":"*"},"#;
        policy(&format!("{{\"Statement\":[{}]}}", statement.repeat(count).trim_end_matches(',')))
    }),
    ("entries of a list", policy::Limits::VALUES, |count| statement(&vec!["*"; count])),
    ("bytes of an entry", policy::Limits::PATTERN, |count| statement(&[&"r".repeat(count)])),
    ("variables", policy::Limits::VARIABLES, |count| statement(&[&"${aws:username}".repeat(count)])),
    ("wildcards", policy::Limits::WILDCARDS, |count| statement(&[&"?".repeat(count)])),
    ("policies of a request", PolicySetBuilder::MAX_POLICIES, |count| {
        let policy = full_access();
        let set = (0..count).fold(PolicySet::builder(), |set, _| set.identity(Arc::clone(&policy)));
        set.build().err().map(|error| error.to_string())
    }),
    ("levels of an organization", PolicySetBuilder::MAX_LEVELS, |count| {
        let set = (0..count).fold(PolicySet::builder(), |set, _| set.scp_level([]));
        set.build().err().map(|error| error.to_string())
    }),
    ("bytes of a context key", ContextBuilder::MAX_KEY, |count| context("k".repeat(count), ["v".to_owned()])),
    ("bytes of a context value", ContextBuilder::MAX_VALUE, |count| {
        context("k".to_owned(), ["v".repeat(count)])
    }),
    ("values of a context key", ContextBuilder::MAX_VALUES, |count| {
        context("k".to_owned(), vec!["v".to_owned(); count])
    }),
    ("bytes of a request", RequestObject::MAX_BYTES, |count| {
        let text =
            r#"{"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:GetObject", "resource": "*"}"#;
        let text = text.to_owned() + &" ".repeat(count - text.len());
        RequestObject::read(text.as_bytes()).err().map(|errors| errors.to_string())
    }),
    ("levels of a dump", account::Limits::DEPTH, |count| {
        // The object and the list around it count, too.
        let inner = "[".repeat(count - 1) + &"]".repeat(count - 1);
        dump(&format!("{{\"UserDetailList\": [], \"Other\": {inner}}}"))
    }),
    ("bytes of a string in a dump", account::Limits::STRING, |count| {
        dump(&format!("{{\"UserDetailList\": [], \"Other\": \"{}\"}}", "x".repeat(count)))
    }),
];

#[test]
fn rl_010_every_limit_holds_at_its_size() {
    let mut told = String::new();
    for (what, limit, come) in LIMITS {
        for count in [limit - 1, *limit] {
            let error = come(count);
            assert_eq!(error, None, "{count} {what}");
        }
        let error = come(limit + 1).unwrap_or_else(|| panic!("{} {what} are accepted", limit + 1));
        assert!(error.contains(&limit.to_string()), "{what}: `{error}` does not name the limit");
        writeln!(told, "{what}: {error}").unwrap();
    }
    insta::assert_snapshot!(told, @r#"
    bytes of a document: the text is longer than 16777216 bytes
    levels: lists and objects are nested more than 64 deep
    values: the document has more than 1000000 values
    bytes of a string: a string is longer than 1048576 bytes
    bytes of a name: a name is longer than 4096 bytes
    digits: a number has more than 64 digits
    statements: more than 10000 statements in one policy
    entries of a list: more than 10000 values in one list
    bytes of an entry: `Resource` has an entry of more than 65536 bytes
    variables: more than 64 variables in one string
    wildcards: more than 1024 `?` in one string
    policies of a request: 1001 policies apply, the limit is 1000
    levels of an organization: 65 levels of organization policies, the limit is 64
    bytes of a context key: a context key has 1 to 4096 bytes, but this one has 4097
    bytes of a context value: a value of `k` has 65537 bytes, the limit is 65536
    values of a context key: `k` has 10001 values, the limit is 10000
    bytes of a request: the text is longer than 1048576 bytes
    levels of a dump: lists and objects are nested more than 64 deep
    bytes of a string in a dump: a string has more than 1048576 bytes
    "#);
}

fn json(text: &str) -> Option<String> {
    let reading = json::read(text.as_bytes(), &json::Limits::default());
    reading.errors.first().map(ToString::to_string)
}

fn policy(text: &str) -> Option<String> {
    Policy::parse(text).err().map(|errors| errors.to_string())
}

/// A statement about these resources.
fn statement(resources: &[&str]) -> Option<String> {
    policy(&format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": {resources:?}}}}}"#
    ))
}

fn full_access() -> Arc<Prepared> {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    Prepared::new("all", Policy::parse(text).unwrap(), PolicyType::Identity).unwrap()
}

fn context(key: String, values: impl IntoIterator<Item = String>) -> Option<String> {
    Context::builder().set(&key, values).build().err().map(|error| error.to_string())
}

/// Only what is said of limits: a dump without anybody is refused for that.
fn dump(text: &str) -> Option<String> {
    let problems = account::Account::read(&[text.as_bytes()], &account::ReadOptions::default()).unwrap_err();
    problems.iter().map(ToString::to_string).find(|words| words.contains("deep") || words.contains("bytes"))
}
