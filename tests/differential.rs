//! The engine and the plain evaluator agree on everything generated.
//!
//! Each seed makes one world and asks it several times. A failure prints the seed and the case,
//! made as small as it gets. `TWOKEYS_SEED` and `TWOKEYS_WORLDS` move and widen the search.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::thread;

use twokeys::engine::{Decision, PolicySet, evaluate, explain};
use twokeys::request::Request;
use twokeys_naive::generate::{Case, Dice, case, every_condition, every_layer, every_principal, shrink};
use twokeys_naive::{Outcome, World};

use crate::worlds::ready;

const WORLDS: u64 = 12_500;
const REQUESTS: usize = 8;
/// More would only repeat the first.
const MOST_FAILURES: usize = 3;

/// How often each set of possible outcomes came out.
pub(crate) type Seen = BTreeMap<Vec<Outcome>, u64>;

#[test]
fn engine_and_plain_evaluator_agree() {
    let first = number("TWOKEYS_SEED").unwrap_or(0);
    let worlds = number("TWOKEYS_WORLDS").unwrap_or(WORLDS);
    let threads = thread::available_parallelism().map_or(1, |count| count.get().min(8));
    let searches: Vec<(Seen, Vec<String>)> = thread::scope(|scope| {
        let search = |offset| scope.spawn(move || search((first + offset..first + worlds).step_by(threads)));
        let running: Vec<_> = (0..u64::try_from(threads).unwrap()).map(search).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut seen = Seen::new();
    let mut failures = Vec::new();
    for (of_thread, found) in searches {
        for (outcomes, count) in of_thread {
            *seen.entry(outcomes).or_default() += count;
        }
        failures.extend(found);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let asked: u64 = seen.values().sum();
    assert_eq!(asked, worlds * u64::try_from(REQUESTS).unwrap());
    // A generator whose cases all end the same would agree with anything.
    for outcome in [Outcome::Allowed, Outcome::ImplicitlyDenied, Outcome::ExplicitlyDenied] {
        let count = seen.get(&vec![outcome]).copied().unwrap_or_default();
        assert!(count * 10 > asked, "only {count} of {asked} cases end as {outcome:?}: {seen:?}");
    }
    assert!(seen.len() == 7 || asked < 10_000, "some sets of outcomes never came out: {seen:?}");
}

/// Asks the worlds of these seeds.
fn search(seeds: impl Iterator<Item = u64>) -> (Seen, Vec<String>) {
    let mut seen = Seen::new();
    let mut failures = Vec::new();
    for seed in seeds {
        let case = case(&mut Dice::from_seed(seed), REQUESTS);
        let world = case.world.read().unwrap_or_else(|errors| panic!("seed {seed}: {errors}\n{case:?}"));
        let set = ready(&world);
        for (place, request) in case.requests.iter().enumerate() {
            let request = request.build().unwrap();
            if let Some(difference) = difference(&world, &set, &request, &mut seen) {
                failures.push(report(seed, &case, place, &difference));
                break; // the others of this world are likely the same
            }
        }
        if failures.len() >= MOST_FAILURES {
            break;
        }
    }
    (seen, failures)
}

#[test]
fn they_agree_on_every_operator_principal_and_layer() {
    let mut asked = 0;
    let mut failures = Vec::new();
    for case in every_condition().chain(every_principal()).chain(every_layer()) {
        let world = case.world.read().unwrap_or_else(|errors| panic!("{errors}\n{case:?}"));
        let set = ready(&world);
        for (place, request) in case.requests.iter().enumerate() {
            asked += 1;
            if let Some(difference) = difference(&world, &set, &request.build().unwrap(), &mut Seen::new()) {
                failures.push(format!("{difference}\n{}", case.to_json(place)));
            }
        }
    }
    failures.truncate(2 * MOST_FAILURES);
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(asked > 50_000, "only {asked} cases");
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What the two answer, if it is not the same, or what the index changes.
fn difference(world: &World, set: &PolicySet, request: &Request, seen: &mut Seen) -> Option<String> {
    let (evaluation, explained) = (evaluate(set, request), explain(set, request).evaluation());
    if explained != evaluation {
        return Some(format!("without the index {explained:?}, with it {evaluation:?}"));
    }
    disagreement(world, set, request, seen)
}

/// What the two answer, if it is not the same.
pub(crate) fn disagreement(
    world: &World,
    set: &PolicySet,
    request: &Request,
    seen: &mut Seen,
) -> Option<String> {
    let plain = twokeys_naive::evaluate(world, request);
    *seen.entry(plain.possible.iter().copied().collect()).or_default() += 1;
    let evaluation = evaluate(set, request);
    let possible: BTreeSet<Outcome> = evaluation.possible().iter().filter_map(outcome).collect();
    let decision = outcome(evaluation.decision());
    let only = if plain.possible.len() == 1 { plain.possible.first().copied() } else { None };
    let same = plain.possible == possible && decision == only;
    (!same).then(|| {
        format!(
            "plain: {:?} (unknown: {:?}), engine: {possible:?}, that is {}, by {}",
            plain.possible,
            plain.unknown_keys,
            evaluation.decision(),
            evaluation.layer().as_str(),
        )
    })
}

fn outcome(decision: Decision) -> Option<Outcome> {
    match decision {
        Decision::Allowed => Some(Outcome::Allowed),
        Decision::ImplicitlyDenied => Some(Outcome::ImplicitlyDenied),
        Decision::ExplicitlyDenied => Some(Outcome::ExplicitlyDenied),
        Decision::Undecided => None,
    }
}

/// The failure with the plainest case that shows it.
fn report(seed: u64, case: &Case, request: usize, difference: &str) -> String {
    let mut text = format!("seed {seed}, request {request}: {difference}");
    let choices = shrink(case.choices_of(request), |choices| differs(choices).is_some());
    let small = self::case(&mut Dice::from_choices(choices.clone()), 1);
    let now = differs(&choices).unwrap_or_default();
    let _ = write!(text, "\nmade small: {now}\nchoices {choices:?}\n{}", small.to_json(0));
    text
}

fn differs(choices: &[u32]) -> Option<String> {
    let case = case(&mut Dice::from_choices(choices.to_vec()), 1);
    let world = case.world.read().ok()?;
    let request = case.requests.first()?.build().ok()?;
    difference(&world, &ready(&world), &request, &mut Seen::new())
}
