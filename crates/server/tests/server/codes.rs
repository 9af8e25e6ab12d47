//! A code is good once: for one caller, at one door, whoever races (MFA-045, MFA-046; T and H of the bad inputs).

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use twokeys_server::query::Service;

use crate::calls::furnished;
use crate::world::{Key, NOW, World, ask, code, outcome, serial, user};

fn world() -> World {
    let all = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]);
    World::of(&furnished(vec![user("alice", &all), user("bob", &all)]))
}

fn token(world: &World, key: &Key, serial: &str, code: &str) -> String {
    let pairs = [("Action", "GetSessionToken"), ("SerialNumber", serial), ("TokenCode", code)];
    outcome(&world.sts(key, &pairs)).to_owned()
}

fn enable(world: &World, user: &str, device: &str, first: &str, second: &str) -> String {
    let serial = serial(device);
    let pairs = [
        ("Action", "EnableMFADevice"),
        ("UserName", user),
        ("SerialNumber", serial.as_str()),
        ("AuthenticationCode1", first),
        ("AuthenticationCode2", second),
    ];
    outcome(&world.iam(&Key::of("alice"), &pairs)).to_owned()
}

#[test]
fn mfa_046_of_32_who_race_with_one_code_exactly_one_wins() {
    const RACERS: usize = 32;
    let world = world();
    let endpoint = &world.endpoint;
    for round in 0..100 {
        // One step further each time: the code of the round before is spent.
        let now = NOW + round * 30;
        let (number, phone) = (code(now, 0), serial("phone"));
        let (start, won) = (Barrier::new(RACERS), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..RACERS {
                scope.spawn(|| {
                    let pairs =
                        [("Action", "GetSessionToken"), ("SerialNumber", &phone), ("TokenCode", &number)];
                    start.wait();
                    if ask(endpoint, now, &Key::of("target"), Service::Sts, &pairs).status == 200 {
                        won.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        // After 31 failures the user waits; the next round must not.
        let owner = endpoint.state().user("target").unwrap().id.clone();
        let serial = serial("phone");
        let mut device = (**endpoint.state().device(&serial).unwrap()).clone();
        device.life.guard.throttle = twokeys::mfa::Throttle::default();
        let cleared = [device.into(), twokeys_server::state::ThrottleRecord::new(&owner).into()];
        endpoint.begin().unwrap().commit(&cleared).unwrap();
        assert_eq!(won.into_inner(), 1, "round {round}");
    }
}

#[test]
fn t001_t002_t003_a_code_once_never_an_older_one_never_one_of_the_future() {
    let world = world();
    let (target, phone) = (Key::of("target"), serial("phone"));
    assert_eq!(token(&world, &target, &phone, &code(NOW, 2)), "AccessDenied");
    assert_eq!(token(&world, &target, &phone, &code(NOW, 1)), "ok");
    assert_eq!(token(&world, &target, &phone, &code(NOW, 1)), "AccessDenied");
    assert_eq!(token(&world, &target, &phone, &code(NOW, 0)), "AccessDenied");
    // T013: the clock goes back by an hour.
    world.now.set(NOW - 3_600);
    assert_eq!(token(&world, &target, &phone, &code(NOW - 3_600, 0)), "AccessDenied");
}

#[test]
fn t004_t005_t006_t007_only_two_codes_in_a_row_enable() {
    let world = world();
    let at = |step| code(NOW, step);
    for (what, first, second) in
        [("the same twice", at(0), at(0)), ("a gap", at(-2), at(0)), ("reversed", at(0), at(-1))]
    {
        assert_eq!(enable(&world, "bob", "spare", &first, &second), "InvalidAuthenticationCode", "{what}");
    }
    let counted = world.records();
    for form in ["12345", "1234567", "12345a", "１２３４５６", "١٢٣٤٥٦", "-12345", "123 456", ""]
    {
        assert_eq!(enable(&world, "bob", "spare", form, &at(0)), "ValidationError", "{form}");
        assert_eq!(enable(&world, "bob", "spare", &at(-1), form), "ValidationError", "{form}");
    }
    assert_eq!(world.records(), counted, "what is no code is not even a failure");
    assert_eq!(enable(&world, "bob", "spare", &at(-1), &at(0)), "ok");
}

#[test]
fn t010_t011_the_device_is_the_callers_and_both_are_given() {
    let world = world();
    let before = world.records();
    let (phone, number) = (serial("phone"), code(NOW, 0));
    assert_eq!(token(&world, &Key::of("alice"), &phone, &number), "AccessDenied");
    for one in [("SerialNumber", phone.as_str()), ("TokenCode", number.as_str())] {
        let answer = world.sts(&Key::of("target"), &[("Action", "GetSessionToken"), one]);
        assert!(
            answer.body.contains("must provide both MFA serial number and one time pass code."),
            "{}",
            answer.body
        );
    }
    assert_eq!(world.records(), before, "STS-004, STS-005 and MFA-053: nobody's failures grow");
    assert_eq!(token(&world, &Key::of("target"), &phone, &number), "ok");
}

#[test]
fn t012_a_device_in_use_is_nobody_elses_and_a_deactivated_one_no_ones() {
    let world = world();
    let (target, phone) = (Key::of("target"), serial("phone"));
    assert_eq!(enable(&world, "bob", "phone", &code(NOW, -1), &code(NOW, 0)), "EntityAlreadyExists");
    let pairs = [("Action", "DeactivateMFADevice"), ("UserName", "target"), ("SerialNumber", phone.as_str())];
    assert_eq!(token(&world, &target, &phone, &code(NOW, 0)), "ok");
    assert_eq!(outcome(&world.iam(&Key::of("alice"), &pairs)), "ok");
    assert_eq!(token(&world, &target, &phone, &code(NOW, 1)), "AccessDenied");
    // MFA-008: what was spent stays spent.
    assert_eq!(enable(&world, "target", "phone", &code(NOW, -1), &code(NOW, 0)), "InvalidAuthenticationCode");
    assert_eq!(enable(&world, "target", "phone", &code(NOW, 1), &code(NOW, 2)), "InvalidAuthenticationCode");
}

#[test]
fn t015_of_two_who_enable_one_device_one_has_it() {
    for round in 0..50 {
        let world = world();
        let endpoint = &world.endpoint;
        let now = NOW + round * 30;
        let (spare, first, second) = (serial("spare"), code(now, -1), code(now, 0));
        let start = Barrier::new(2);
        let mut came_to: Vec<String> = std::thread::scope(|scope| {
            let enabling = ["alice", "bob"].map(|user| {
                let pairs = [
                    ("Action", "EnableMFADevice"),
                    ("UserName", user),
                    ("SerialNumber", spare.as_str()),
                    ("AuthenticationCode1", first.as_str()),
                    ("AuthenticationCode2", second.as_str()),
                ];
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    outcome(&ask(endpoint, now, &Key::of(user), Service::Iam, &pairs)).to_owned()
                })
            });
            enabling.map(|one| one.join().unwrap()).to_vec()
        });
        came_to.sort();
        assert_eq!(came_to, ["EntityAlreadyExists", "ok"], "round {round}");
    }
}

#[test]
fn t009_rl_034_whoever_guesses_is_stopped_at_a_hundred() {
    let world = world();
    let (target, phone) = (Key::of("target"), serial("phone"));
    let looked_at =
        |world: &World| world.endpoint.state().device(&phone).unwrap().life.guard.throttle.failures;
    for guess in 0..2_000 {
        // Whoever waits as long as is asked.
        world.now.set(NOW + guess * 90);
        token(&world, &target, &phone, "000000");
    }
    assert_eq!(looked_at(&world), 100);
    let right = code(world.now.get(), 0);
    assert_eq!(token(&world, &target, &phone, &right), "AccessDenied", "locked");
}

#[test]
fn t014_no_clock_makes_it_panic() {
    let world = world();
    for now in [0, 29, 2_147_483_648, 4_294_967_296, 253_402_300_799] {
        world.now.set(now);
        let answer = token(&world, &Key::of("target"), &serial("phone"), "000000");
        assert!(!answer.is_empty(), "{now}");
    }
}
