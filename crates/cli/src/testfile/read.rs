//! From the tree of a test file to its cases.

use std::collections::HashMap;

use twokeys::json::{Node, Value};
use twokeys::report::Expectation;
use twokeys::source::{Diagnostic, Span, Spanned, shown};

use super::ask::{self, Ask};
use super::members::Notes;
use super::tree::{self, Syntax};
use super::{Case, Expected, State, TestFile, World, scenario};
use crate::input::Document;

/// The members of a case that `world` has no defaults for.
const OF_CASE: &[&str] = &["name", "mfa", "expect", "decided_by"];

pub(super) fn read(document: &Document) -> Result<TestFile, Vec<Diagnostic>> {
    let (root, wrong) = tree::read(&document.bytes, Syntax::of(&document.name));
    let mut notes = Notes { wrong };
    let file = match root {
        Some(Node { value: Value::Array(cases), .. }) => {
            TestFile::Scenarios(scenario::read(&document.bytes, &cases, &mut notes))
        }
        Some(root) => test_file(&root, &mut notes),
        None => return Err(notes.wrong),
    };
    if notes.wrong.is_empty() {
        return Ok(file);
    }
    notes.wrong.sort_by_key(|diagnostic| diagnostic.span);
    Err(notes.wrong)
}

fn test_file(root: &Node<'_>, notes: &mut Notes) -> TestFile {
    let members = notes.object("a test file", root).unwrap_or_default();
    let named = |name: &str| members.iter().find(|member| member.key == name).map(|member| &member.value);
    for member in members.iter().filter(|member| !["world", "case"].contains(&&*member.key)) {
        notes.unknown(member, "a test file", &["world", "case"]);
    }
    let world = named("world").map(|node| World::read(node, notes)).unwrap_or_default();
    let cases = named("case").map(|node| notes.list("`case`", "cases", node).unwrap_or_default());
    let mut read: Vec<Case> = Vec::new();
    for case in cases.unwrap_or_default() {
        read.extend(one_case(case, &world.defaults, notes));
    }
    let mut names: HashMap<&str, Span> = HashMap::new();
    for case in &read {
        if let Some(first) = names.insert(&case.name.value, case.name.span) {
            let message = format!("two cases are called `{}`", shown(&case.name.value));
            notes.note("duplicate-name", case.name.span, message, "give each case a name of its own");
            if let Some(last) = notes.wrong.last_mut() {
                last.other = Some((first, "called so first".to_owned()));
            }
        }
    }
    TestFile::Cases(Box::new(world), read)
}

fn one_case(node: &Node<'_>, defaults: &Ask, notes: &mut Notes) -> Option<Case> {
    let members = notes.object("a case", node)?;
    let mut ask = defaults.clone();
    let (mut name, mut decided_by) = (None, None);
    let (mut states, mut same) = (None, None);
    let mut own = [None; 2];
    for member in members {
        let value = &member.value;
        match &*member.key {
            "name" => name = notes.text("`name`", value),
            "decided_by" => decided_by = notes.text("`decided_by`", value),
            "mfa" => states = Some((of_states(value, notes), member.key_span)),
            "expect" => same = Some((notes.text("`expect`", value), member.key_span)),
            key => {
                if !ask.member(member, notes) {
                    notes.unknown(member, "a case", &[OF_CASE, ask::MEMBERS].concat());
                }
                match key {
                    "credential" => own[0] = Some(member.key_span),
                    "mfa_age" => own[1] = Some(member.key_span),
                    _ => {}
                }
            }
        }
    }
    let Some(name) = name else {
        notes.note(
            "no-name",
            node.span,
            "the case has no name",
            "add `name`, unlike all others of this file",
        );
        return None;
    };
    if ask.actions.is_empty() && !members.iter().any(|member| member.key == "action") {
        notes.note("no-action", name.span, "the case asks for nothing", "add `action`");
    }
    let expected = match (states, same) {
        (Some((_, span)), Some(_)) => {
            let help = "keep `mfa` for answers that differ by state, `expect` for one answer to all";
            notes.note("expected-twice", span, "`mfa` and `expect` stand side by side", help);
            Expected::Nothing
        }
        (Some((states, span)), None) => {
            one_source_of_mfa(&mut ask, own, span, &states, notes);
            Expected::States(states)
        }
        (None, Some((text, _))) => match text.and_then(|text| expectation(&text, notes)) {
            Some(expectation) => Expected::Same(expectation),
            None => Expected::Nothing,
        },
        (None, None) => Expected::Nothing,
    };
    if let (Some(span), true) = (own[0], ask.has_mfa_key()) {
        let help = "keep the credential, or the keys";
        notes.note("mfa-twice", span, "`credential` stands beside MFA keys in the context", help);
    }
    if let (Some(span), true) = (own[1], ask.has_mfa_key() || own[0].is_some()) {
        let help = "leave `mfa_age` out; a credential takes an age as in `session-mfa:300`";
        notes.note("mfa-twice", span, "`mfa_age` is given where MFA is given in another way", help);
    }
    Some(Case { name, ask, expected, decided_by })
}

/// `mfa` says what the states are, so nothing else may; a default gives way.
fn one_source_of_mfa(
    ask: &mut Ask,
    own: [Option<Span>; 2],
    span: Span,
    states: &[(State, Expectation)],
    notes: &mut Notes,
) {
    if own[0].is_some() {
        let help = "use `expect` with `credential`, or take `credential` out";
        notes.note("mfa-twice", span, "`mfa` and `credential` stand side by side", help);
    } else {
        ask.credential = None;
    }
    if ask.has_mfa_key() {
        let help = "use `expect` where the context holds MFA keys, or take the keys out";
        notes.note("mfa-twice", span, "`mfa` is given, but the context says something of MFA itself", help);
    }
    let asks_true = states.iter().any(|(state, _)| *state == State::True);
    if let (Some(age), false) = (own[1], asks_true) {
        let help = "add `true` to `mfa`, or take `mfa_age` out";
        notes.note("bad-age", age, "`mfa_age` is given, but no state that has an age is asked", help);
    }
}

/// `mfa`: an expectation for each state.
fn of_states(node: &Node<'_>, notes: &mut Notes) -> Vec<(State, Expectation)> {
    let mut states = Vec::new();
    let members = notes.object("`mfa`", node).unwrap_or_default();
    for member in members {
        let Some(state) = State::ALL.into_iter().find(|state| state.as_str() == member.key) else {
            notes.unknown(member, "`mfa`", &State::ALL.map(State::as_str));
            continue;
        };
        let text = notes.text(&format!("the answer for `{}`", member.key), &member.value);
        let expectation = text.and_then(|text| expectation(&text, notes));
        states.extend(expectation.map(|expectation| (state, expectation)));
    }
    if members.is_empty() {
        notes.note("no-expectation", node.span, "`mfa` expects nothing", "add `missing`, `false` or `true`");
    }
    states.sort_by_key(|(state, _)| State::ALL.iter().position(|one| one == state));
    states
}

fn expectation(text: &Spanned<String>, notes: &mut Notes) -> Option<Expectation> {
    match text.value.parse::<Expectation>() {
        Ok(expectation) => Some(expectation),
        Err(error) => {
            notes.note("bad-expectation", text.span, error.to_string(), error.help());
            None
        }
    }
}
