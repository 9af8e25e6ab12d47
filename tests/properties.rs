//! What holds for all policies and requests: a Deny never widens, order and spelling never matter,
//! an unknown key hides nothing, the index changes nothing.

use proptest::collection::vec;
use proptest::prelude::*;
use twokeys::engine::{
    Decision, Element, Explanation, Outcomes, PolicySet, StatementTrace, evaluate, explain, explain_action,
};
use twokeys::policy::{Effect, Policy, Statement};
use twokeys_naive::World;
use twokeys_naive::generate::{Case, Dice, RequestDraft, case};

use crate::rewrite;
use crate::worlds::{policies_of, ready};

/// How many requests each generated world is asked.
const REQUESTS: usize = 4;

/// Any world with requests. Fewer or smaller choices make a plainer one, so proptest can shrink it.
fn any_case() -> impl Strategy<Value = Case> {
    vec(any::<u32>(), 0..500).prop_map(|choices| case(&mut Dice::from_choices(choices), REQUESTS))
}

/// Choices for what a test changes.
fn any_dice() -> impl Strategy<Value = Dice> {
    vec(any::<u32>(), 0..100).prop_map(Dice::from_choices)
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() }
}

fn possible(set: &PolicySet, request: &RequestDraft) -> Outcomes {
    evaluate(set, &request.build().unwrap()).possible()
}

/// Every request is answered alike by two worlds that should mean the same.
fn same_answers(case: &Case, one: &World, other: &World) -> Result<(), TestCaseError> {
    let (set, changed) = (ready(one), ready(other));
    for (place, request) in case.requests.iter().enumerate() {
        prop_assert_eq!(possible(&set, request), possible(&changed, request), "{}", case.to_json(place));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn ev_005_a_deny_added_never_widens(case in any_case(), mut dice in any_dice()) {
        let world = case.world.read().unwrap();
        let mut stricter = world.clone();
        prop_assume!(add_deny(&mut stricter, &mut dice));
        let (set, changed) = (ready(&world), ready(&stricter));
        for (place, request) in case.requests.iter().enumerate() {
            let (before, after) = (possible(&set, request), possible(&changed, request));
            let widened = after.contains(Decision::Allowed) && !before.contains(Decision::Allowed);
            let forgotten = before.decision() == Decision::ExplicitlyDenied && after != before;
            prop_assert!(!widened && !forgotten, "{before:?}, then {after:?}\n{}", case.to_json(place));
        }
    }

    #[test]
    fn pa_021_order_never_matters(case in any_case(), mut dice in any_dice()) {
        let world = case.world.read().unwrap();
        let mut shuffled = world.clone();
        rewrite::shuffle(&mut shuffled, &mut dice);
        same_answers(&case, &world, &shuffled)?;
    }

    #[test]
    fn pa_015_the_json_type_of_a_value_never_matters(case in any_case(), mut dice in any_dice()) {
        let world = case.world.read().unwrap();
        let mut retyped = world.clone();
        for policy in policies_of(&mut retyped) {
            rewrite::retype(policy, &mut dice);
            *policy = Policy::parse(&policy.to_json()).unwrap();
        }
        same_answers(&case, &world, &retyped)?;
    }

    #[test]
    fn letter_case_of_actions_keys_and_operators_never_matters(case in any_case(), mut dice in any_dice()) {
        let world = case.world.read().unwrap();
        let mut respelled = world.clone();
        for policy in policies_of(&mut respelled) {
            rewrite::respell(policy, &mut dice);
            *policy = Policy::parse(&policy.to_json()).unwrap();
        }
        let (set, changed) = (ready(&world), ready(&respelled));
        for (place, request) in case.requests.iter().enumerate() {
            let mut other = request.clone();
            other.action = rewrite::other_case(&other.action, &mut dice);
            for (key, _) in &mut other.known {
                *key = rewrite::other_case(key, &mut dice);
            }
            for key in &mut other.unknown {
                *key = rewrite::other_case(key, &mut dice);
            }
            prop_assert_eq!(possible(&set, request), possible(&changed, &other), "{}", case.to_json(place));
        }
    }

    #[test]
    fn rp_023_hiding_a_key_hides_no_answer(case in any_case(), mut dice in any_dice()) {
        let set = ready(&case.world.read().unwrap());
        for (place, request) in case.requests.iter().enumerate() {
            let hidden = rewrite::hide(request, &mut dice);
            let (full, partial) = (possible(&set, request), possible(&set, &hidden));
            let kept = full.iter().all(|decision| partial.contains(decision));
            prop_assert!(kept, "{full:?}, then {partial:?}, hidden {:?}\n{}", hidden.unknown, case.to_json(place));
        }
    }

    #[test]
    fn the_index_never_changes_an_answer(case in any_case()) {
        let set = ready(&case.world.read().unwrap());
        for (place, request) in case.requests.iter().enumerate() {
            let request = request.build().unwrap();
            let (fast, explained) = (evaluate(&set, &request), explain(&set, &request).evaluation());
            let parts = |evaluation: &twokeys::engine::Evaluation| {
                (evaluation.possible(), evaluation.decision(), evaluation.layer(), evaluation.by())
            };
            prop_assert_eq!(parts(&fast), parts(&explained), "{}", case.to_json(place));
        }
    }

    #[test]
    fn what_is_not_on_the_action_explains_nothing(case in any_case()) {
        let set = ready(&case.world.read().unwrap());
        for (place, request) in case.requests.iter().enumerate() {
            let request = request.build().unwrap();
            let (all, on_action) = (explain(&set, &request), explain_action(&set, &request));
            prop_assert_eq!(all.evaluation(), on_action.evaluation(), "{}", case.to_json(place));
            prop_assert_eq!(all.absent_keys(), on_action.absent_keys(), "{}", case.to_json(place));
            prop_assert_eq!(all.unknown_keys(), on_action.unknown_keys(), "{}", case.to_json(place));
            prop_assert_eq!(all.met(), on_action.met(), "{}", case.to_json(place));
            let told = |explanation: &Explanation| {
                // A statement whose list of resources is empty is in no index.
                let is_silent = |trace: &&StatementTrace| match trace.failed {
                    Some(Element::Action) => true,
                    Some(Element::Resource) => trace.resource_notes.is_empty(),
                    _ => false,
                };
                let on_action = |trace: &&StatementTrace| !is_silent(trace);
                explanation.statements().iter().filter(on_action).map(|trace| format!("{trace:?}")).collect()
            };
            let (all, on_action): (Vec<_>, Vec<_>) = (told(&all), told(&on_action));
            prop_assert_eq!(all, on_action, "{}", case.to_json(place));
        }
    }
}

/// Copies a statement as a Deny to somewhere else, if there is one that fits.
fn add_deny(world: &mut World, dice: &mut Dice) -> bool {
    let mut statements: Vec<Statement> = Vec::new();
    for policy in policies_of(world) {
        statements.extend(policy.statements.iter().cloned());
    }
    let Some(mut statement) = dice.pick(&statements).cloned() else { return false };
    statement.effect.value = Effect::Deny;
    // A type that names principals needs them, and one of those types may do without a resource.
    let fits = |policy: &&mut Policy| {
        let names_principals = policy.statements.iter().all(|other| other.principal.is_some());
        let needs_no_resource = policy.statements.iter().any(|other| other.resource.is_none());
        names_principals == statement.principal.is_some()
            && (statement.resource.is_some() || needs_no_resource)
    };
    let mut places: Vec<&mut Policy> = policies_of(world).into_iter().filter(fits).collect();
    let count = u32::try_from(places.len()).unwrap();
    let chosen = usize::try_from(dice.below(count)).unwrap();
    let Some(place) = places.get_mut(chosen) else { return false };
    place.statements.push(statement);
    true
}

#[test]
fn mf_019_absent_is_not_false_and_unknown_is_all_of_them() {
    const MFA: &str = "aws:MultiFactorAuthPresent";
    let mut different = [0; 3];
    for seed in 0..4_000 {
        let case = case(&mut Dice::from_seed(seed), 1);
        let set = ready(&case.world.read().unwrap());
        let Some(plain) = case.requests.first().map(rewrite::without_mfa) else { continue };
        let with = |value: &str| {
            let mut request = plain.clone();
            request.known.push((MFA.to_owned(), vec![value.to_owned()]));
            possible(&set, &request)
        };
        let answers = [possible(&set, &plain), with("false"), with("true")];
        let mut request = plain.clone();
        request.unknown.push(MFA.to_owned());
        let unknown = possible(&set, &request);
        for answer in answers {
            assert!(answer.iter().all(|decision| unknown.contains(decision)), "seed {seed}");
        }
        let [absent, negative, positive] = answers;
        for (count, differ) in
            different.iter_mut().zip([absent != negative, negative != positive, positive != absent])
        {
            *count += usize::from(differ);
        }
    }
    assert!(different.iter().all(|count| *count > 20), "the three states hardly ever differ: {different:?}");
}
