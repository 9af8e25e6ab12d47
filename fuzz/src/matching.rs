//! Properties of patterns and conditions, on values that nobody thought of.

use arbitrary::{Arbitrary, Unstructured};
use twokeys::name::Pattern;
use twokeys::policy::{BASES, Policy};
use twokeys_naive::generate::RequestDraft;
use twokeys_naive::{World, pattern_covers};

use crate::deciding::agree;
use crate::material::ready;

/// A pattern matches what a table of all reachable places says it does.
pub fn pattern_agrees_with_dynamic_programming(data: &[u8]) {
    // Up to a line break the pattern, behind it the text; of few letters, so that they meet.
    let text: String = String::from_utf8_lossy(data).into_owned();
    let (pattern, subject) = text.split_once('\n').unwrap_or((&text, ""));
    let expected = pattern_covers(pattern, subject);
    assert_eq!(Pattern::new(pattern).matches(subject), expected, "`{pattern}` against `{subject}`");
}

/// A condition with what the request says of its key, and of the key that its variables name.
#[derive(Debug, Arbitrary)]
struct Trial<'t> {
    blocks: Vec<Test<'t>>,
    request: Vec<(Key, State<'t>)>,
    old_version: bool,
}

#[derive(Debug, Arbitrary)]
struct Test<'t> {
    base: u8,
    set: u8,
    if_exists: bool,
    key: Key,
    values: Vec<Text<'t>>,
}

#[derive(Debug, Arbitrary)]
enum State<'t> {
    Known(Vec<Text<'t>>),
    Unknown,
}

/// Few keys, so that policy and request speak of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
enum Key {
    Mfa,
    Age,
    UserName,
    SourceIp,
    CurrentTime,
    SourceArn,
    Tag,
    Other,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::Mfa => "aws:MultiFactorAuthPresent",
            Self::Age => "aws:MultiFactorAuthAge",
            Self::UserName => "aws:username",
            Self::SourceIp => "aws:SourceIp",
            Self::CurrentTime => "aws:CurrentTime",
            Self::SourceArn => "aws:SourceArn",
            Self::Tag => "aws:PrincipalTag/team",
            Self::Other => "x:Other",
        }
    }
}

/// A word that an operator has a meaning for, or anything.
#[derive(Debug, Arbitrary)]
enum Text<'t> {
    Word(u8),
    Joined(u8, u8),
    Any(&'t str),
}

const WORDS: &[&str] = &[
    "true",
    "false",
    "",
    "*",
    "?",
    "${aws:username}",
    "${aws:PrincipalTag/team, 'x'}",
    "${*}",
    "${",
    "}",
    "0",
    "3600",
    "-1",
    "1.50",
    "1e3",
    ".",
    "203.0.113.7",
    "203.0.113.0/24",
    "2001:db8::1",
    "2001:db8::/32",
    "0.0.0.0/0",
    "/32",
    "2026-07-01T12:00:00Z",
    "2026-07-01",
    "2024-02-29T23:59:59+02:00",
    "1782907200",
    "arn:aws:s3:::data/alice",
    "arn:aws:iam::111122223333:user/*",
    "arn:*",
    "arn:aws:iam::${aws:username}:role/x",
    ":",
    "YWxpY2U=",
    "YQ==",
    "alice",
    "ALICE",
    "é",
];

impl Text<'_> {
    fn text(&self) -> String {
        let word = |at: u8| WORDS[usize::from(at) % WORDS.len()];
        match self {
            Self::Word(at) => word(*at).to_owned(),
            Self::Joined(one, other) => format!("{}{}", word(*one), word(*other)),
            Self::Any(text) => (*text).to_owned(),
        }
    }
}

impl Test<'_> {
    fn operator(&self) -> String {
        let (base, _) = BASES[usize::from(self.base) % BASES.len()];
        let set = ["", "", "ForAllValues:", "ForAnyValue:"][usize::from(self.set % 4)];
        let if_exists = if self.if_exists && base != "Null" { "IfExists" } else { "" };
        format!("{set}{base}{if_exists}")
    }
}

/// Every operator on every value holds where the plain evaluator says so.
pub fn condition_agrees_with_naive(data: &[u8]) {
    let Ok(trial) = Trial::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let text = trial.policy();
    // A condition given twice and the like: what is refused decides nothing.
    let Ok(policy) = Policy::parse(&text) else { return };
    let mut draft = RequestDraft {
        principal: "arn:aws:iam::111122223333:user/alice".to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::data/alice/red".to_owned(),
        ..RequestDraft::default()
    };
    let mut told: Vec<Key> = Vec::new();
    for (key, state) in &trial.request {
        if told.contains(key) {
            continue;
        }
        told.push(*key);
        match state {
            State::Known(values) => {
                draft.known.push((key.name().to_owned(), values.iter().map(Text::text).collect()));
            }
            State::Unknown => draft.unknown.push(key.name().to_owned()),
        }
    }
    let Ok(request) = draft.build() else { return };
    let world = World { identity: vec![policy], ..World::default() };
    agree(&world, &ready(&world), &request, &|| format!("{text}\n{draft:?}"));
}

impl Trial<'_> {
    fn policy(&self) -> String {
        let blocks: Vec<String> = self
            .blocks
            .iter()
            .map(|test| {
                let values: Vec<String> = test.values.iter().map(Text::text).collect();
                let values = serde_json::to_string(&values).expect("a list of texts is JSON");
                format!(r#""{}": {{"{}": {values}}}"#, test.operator(), test.key.name())
            })
            .collect();
        let version = if self.old_version { "2008-10-17" } else { "2012-10-17" };
        format!(
            r#"{{"Version": "{version}", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": {{{}}}}}}}"#,
            blocks.join(", ")
        )
    }
}
