//! The engine and the plain evaluator agree on a small world, in full: every pair of statements over a
//! small alphabet, in every pair of layers, asked everything in every state of MFA (RL-062).
//!
//! Chance finds what meets seldom; here nothing is left to it. Each run of the tests takes a slice;
//! `scripts/long` takes all.

use std::thread;

use twokeys::policy::Policy;
use twokeys::request::Request;
use twokeys_naive::World;
use twokeys_naive::generate::RequestDraft;

use crate::differential::{Seen, disagreement};
use crate::worlds::ready;

/// `Condition` elements about MFA, and none.
const CONDITIONS: [(&str, &[&str]); 7] = [
    ("", &[""]),
    ("Bool", &["true", "false"]),
    ("BoolIfExists", &["true", "false"]),
    ("StringNotEquals", &["true", "false"]),
    ("StringNotEqualsIfExists", &["true", "false"]),
    ("ForAllValues:Bool", &["true", "false"]),
    ("Null", &["true", "false"]),
];
const ACTIONS: [&str; 2] = [r#""Action": "s3:Get*""#, r#""NotAction": "s3:GetObject""#];
const RESOURCES: [&str; 3] = ["*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/${aws:username}"];

/// Where the first and the second statement of a pair stand.
#[derive(Debug, Clone, Copy)]
enum Second {
    SamePolicy,
    Boundary,
    Session,
    ServiceControl,
    ResourceControl,
    Endpoint,
    Resource,
    /// Both are the resource's.
    ResourceTwice,
}

const PLACES: [Second; 8] = [
    Second::SamePolicy,
    Second::Boundary,
    Second::Session,
    Second::ServiceControl,
    Second::ResourceControl,
    Second::Endpoint,
    Second::Resource,
    Second::ResourceTwice,
];

/// All statements, in policies with and without principals.
fn statements() -> Vec<[Policy; 2]> {
    let mut all = Vec::new();
    for effect in ["Allow", "Deny"] {
        for action in ACTIONS {
            for resource in RESOURCES {
                for (operator, value) in CONDITIONS
                    .iter()
                    .flat_map(|(operator, values)| values.iter().map(move |value| (operator, value)))
                {
                    let condition = if operator.is_empty() {
                        String::new()
                    } else {
                        format!(
                            r#", "Condition": {{"{operator}": {{"aws:MultiFactorAuthPresent": "{value}"}}}}"#
                        )
                    };
                    all.push(["", r#""Principal": "*", "#].map(|principal| {
                        let text = format!(
                            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "{effect}", {principal}{action},
                                "Resource": "{resource}"{condition}}}]}}"#
                        );
                        Policy::parse(&text).unwrap()
                    }));
                }
            }
        }
    }
    assert_eq!(all.len(), 2 * 2 * 3 * 13);
    all
}

/// All requests: who, what, to which thing, in which state.
fn requests() -> Vec<Request> {
    let mut all = Vec::new();
    for principal in [
        "arn:aws:iam::111122223333:user/alice",
        "arn:aws:iam::444455556666:user/alice",
        "arn:aws:sts::111122223333:assumed-role/app/s1",
    ] {
        for action in ["s3:GetObject", "s3:PutObject"] {
            for resource in ["arn:aws:s3:::data/alice", "arn:aws:s3:::data/bob", "arn:aws:s3:::other/alice"] {
                for state in [None, Some("false"), Some("true"), Some("unknown")] {
                    let mut draft = RequestDraft {
                        principal: principal.to_owned(),
                        action: action.to_owned(),
                        resource: resource.to_owned(),
                        resource_account: Some("111122223333".to_owned()),
                        ..RequestDraft::default()
                    };
                    // A role session has no name that fits the variable.
                    if principal.contains(":user/") {
                        draft.known.push(("aws:username".to_owned(), vec!["alice".to_owned()]));
                    }
                    let key = "aws:MultiFactorAuthPresent".to_owned();
                    match state {
                        Some("unknown") => draft.unknown.push(key),
                        Some(value) => draft.known.push((key, vec![value.to_owned()])),
                        None => {}
                    }
                    all.push(draft.build().unwrap());
                }
            }
        }
    }
    all
}

fn world(first: &[Policy; 2], second: &[Policy; 2], place: Second) -> World {
    let ([plain, with_principal], [other, other_with_principal]) = (first, second);
    let joined = |one: &Policy, other: &Policy| {
        let mut both = one.clone();
        both.statements.extend(other.statements.iter().cloned());
        both
    };
    let mut world = World { identity: vec![plain.clone()], ..World::default() };
    match place {
        Second::SamePolicy => world.identity = vec![joined(plain, other)],
        Second::Boundary => world.boundary = Some(other.clone()),
        Second::Session => world.session = vec![other.clone()],
        Second::ServiceControl => world.scps = vec![vec![other.clone()]],
        Second::ResourceControl => world.rcps = vec![vec![other_with_principal.clone()]],
        Second::Endpoint => world.endpoint = Some(other_with_principal.clone()),
        Second::Resource => world.resource = Some(other_with_principal.clone()),
        Second::ResourceTwice => {
            world =
                World { resource: Some(joined(with_principal, other_with_principal)), ..World::default() };
        }
    }
    world
}

/// Asks one world in `every`, beginning with number `start`, and tells how many answers were compared.
fn agree(start: usize, every: usize) -> u64 {
    let (statements, requests) = (statements(), requests());
    let count = statements.len();
    let mut asked = 0;
    for number in (start..count * count * PLACES.len()).step_by(every) {
        let pair = number / PLACES.len();
        let place = PLACES.get(number % PLACES.len()).unwrap();
        let (first, second) = (statements.get(pair / count).unwrap(), statements.get(pair % count).unwrap());
        let world = world(first, second, *place);
        let set = ready(&world);
        for request in &requests {
            asked += 1;
            let differs = disagreement(&world, &set, request, &mut Seen::new());
            assert!(differs.is_none(), "{differs:?}\nworld {number}: {world:#?}\n{request:#?}");
        }
    }
    asked
}

#[test]
fn rl_062_they_agree_on_a_slice_of_the_small_world() {
    // A prime, so that every place, statement and pair of conditions gets its turn.
    let asked = agree(0, 101);
    assert!(asked > 130_000, "only {asked}");
}

#[test]
#[ignore = "minutes; `scripts/long` runs it"]
#[expect(clippy::print_stdout, reason = "the figure of `docs/assurance.md`")]
fn rl_062_they_agree_on_all_of_the_small_world() {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let asked: u64 = thread::scope(|scope| {
        let running: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || agree(thread, threads))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(asked, 156 * 156 * 8 * 72);
    println!("{asked} decisions of the small world, no difference");
}
