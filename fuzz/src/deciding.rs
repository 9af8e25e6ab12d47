//! Properties of decisions.

use std::collections::BTreeSet;

use twokeys::engine::{Decision, PolicySet, evaluate, explain};
use twokeys::policy::{Effect, Policy};
use twokeys::request::Request;
use twokeys_naive::generate::RequestDraft;
use twokeys_naive::{Outcome, World};

use crate::material::{case, dice, policies_of, possible, ready, requests, world};

/// How many requests a world is asked.
const REQUESTS: usize = 2;

/// The engine and the plain evaluator give the same answer.
pub fn decision_agrees_with_naive(data: &[u8]) {
    let case = case(data, REQUESTS);
    let world = world(&case);
    let set = ready(&world);
    for (place, request) in requests(&case).enumerate() {
        agree(&world, &set, &request, &|| case.to_json(place));
    }
}

/// Panics with the case where the two evaluators differ.
pub(crate) fn agree(world: &World, set: &PolicySet, request: &Request, shown: &dyn Fn() -> String) {
    let plain = twokeys_naive::evaluate(world, request).possible;
    let evaluation = evaluate(set, request);
    let ours: BTreeSet<Outcome> = evaluation.possible().iter().filter_map(outcome).collect();
    assert_eq!(ours, plain, "the engine and the plain evaluator differ\n{}", shown());
    let only = if plain.len() == 1 { plain.first().copied() } else { None };
    assert_eq!(outcome(evaluation.decision()), only, "several answers, one decision\n{}", shown());
}

fn outcome(decision: Decision) -> Option<Outcome> {
    match decision {
        Decision::Allowed => Some(Outcome::Allowed),
        Decision::ImplicitlyDenied => Some(Outcome::ImplicitlyDenied),
        Decision::ExplicitlyDenied => Some(Outcome::ExplicitlyDenied),
        Decision::Undecided => None,
    }
}

/// A decision through the index is the one made by walking through all statements.
///
/// The policies of several worlds lie together in one set, so that the index has something to leave out.
pub fn index_never_changes_answer(data: &[u8]) {
    let mut dice = dice(data);
    let cases: Vec<_> =
        (0..=dice.below(6)).map(|_| twokeys_naive::generate::case(&mut dice, REQUESTS)).collect();
    let Some((first, others)) = cases.split_first() else { return };
    let mut all = world(first);
    for other in others {
        let other = world(other);
        all.identity.extend(other.identity);
        all.session.extend(other.session);
        all.scps.extend(other.scps);
        all.rcps.extend(other.rcps);
    }
    let set = ready(&all);
    for request in cases.iter().flat_map(requests) {
        let explained = explain(&set, &request).evaluation();
        assert_eq!(evaluate(&set, &request), explained, "the index changes an answer\n{all:?}\n{request:?}");
    }
}

/// A `Deny` added never widens anything, and one that matches everything is final (EV-005).
pub fn deny_always_wins(data: &[u8]) {
    let case = case(data, REQUESTS);
    let world = world(&case);
    let before = ready(&world);
    // Each statement in turn becomes a Deny beside itself.
    let mut stricter = world.clone();
    for policy in policies_of(&mut stricter) {
        let denials: Vec<_> = policy
            .statements
            .iter()
            .cloned()
            .map(|mut statement| {
                statement.effect.value = Effect::Deny;
                statement
            })
            .collect();
        policy.statements.extend(denials);
    }
    let stricter = ready(&stricter);
    let mut closed = world.clone();
    closed.without_exempt_actions = true; // EV-096 is an exception by name
    add_denial(&mut closed, "");
    let closed = ready(&closed);
    for (place, request) in requests(&case).enumerate() {
        let (one, other) = (possible(&before, &request), possible(&stricter, &request));
        let widened = other.contains(Decision::Allowed) && !one.contains(Decision::Allowed);
        let forgotten = one.decision() == Decision::ExplicitlyDenied && other != one;
        assert!(!widened && !forgotten, "{one:?}, then {other:?}\n{}", case.to_json(place));
        let decision = evaluate(&closed, &request).decision();
        assert_eq!(decision, Decision::ExplicitlyDenied, "a Deny of everything\n{}", case.to_json(place));
    }
}

/// Adds a `Deny` for everybody where it reaches everybody: to the policy of the resource.
fn add_denial(world: &mut World, condition: &str) {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement":
            {{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"{condition}}}}}"#
    );
    let denial = Policy::parse(&text).expect("the denial is a policy");
    match &mut world.resource {
        Some(policy) => policy.statements.extend(denial.statements),
        none => *none = Some(denial),
    }
}

const MFA: &str = "aws:MultiFactorAuthPresent";
/// The states, each with a condition that holds in it and in no other.
const STATES: [(Option<&str>, &str); 3] = [
    (None, r#", "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}"#),
    (Some("false"), r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#),
    (Some("true"), r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#),
];

/// MFA absent, false and true are told apart, and unknown is all of them (MF-019).
pub fn three_states_are_three(data: &[u8]) {
    let case = case(data, 1);
    let mut world = world(&case);
    world.without_exempt_actions = true;
    let Some(plain) = case.requests.first().map(without_mfa) else { return };
    let asked = STATES.map(|(state, _)| {
        let mut draft = plain.clone();
        draft.known.extend(state.map(|value| (MFA.to_owned(), vec![value.to_owned()])));
        draft.build().expect("a generated request is one")
    });
    let mut draft = plain.clone();
    draft.unknown.push(MFA.to_owned());
    let unknown = draft.build().expect("a generated request is one");

    let set = ready(&world);
    let before = asked.each_ref().map(|request| possible(&set, request));
    let hidden = possible(&set, &unknown);
    for (answers, (state, _)) in before.iter().zip(STATES) {
        let covered = answers.iter().all(|decision| hidden.contains(decision));
        assert!(covered, "MFA {state:?}: {answers:?}, unknown: {hidden:?}\n{case:?}");
    }
    for (denied, (_, condition)) in STATES.iter().enumerate() {
        let mut stricter = world.clone();
        add_denial(&mut stricter, condition);
        let set = ready(&stricter);
        for (state, request) in asked.iter().enumerate() {
            let after = possible(&set, request);
            if state == denied {
                assert_eq!(after.decision(), Decision::ExplicitlyDenied, "{condition}\n{case:?}");
            } else {
                assert_eq!(Some(&after), before.get(state), "{condition} meant state {denied}\n{case:?}");
            }
        }
        let undecided = possible(&set, &unknown);
        assert!(undecided.contains(Decision::ExplicitlyDenied), "{condition}: {undecided:?}\n{case:?}");
    }
}

/// The request with nothing said of the key.
fn without_mfa(request: &RequestDraft) -> RequestDraft {
    let mut plain = request.clone();
    plain.known.retain(|(key, _)| !key.eq_ignore_ascii_case(MFA));
    plain.unknown.retain(|key| key != "*" && !key.eq_ignore_ascii_case(MFA));
    plain
}
