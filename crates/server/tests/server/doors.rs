//! Every door that takes a code: one verifier behind all of them (RL-032, MFA-046).

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use twokeys_server::endpoint::{Endpoint, Event};
use twokeys_server::query::Service;
use twokeys_server::sign_in::{self, Challenges, Next, Refused};
use twokeys_server::start::secret;

use crate::calls::furnished;
use crate::disk::Disk;
use crate::world::{ACCOUNT, Key, NOW, ask, code, outcome, records, serial, user};

pub(crate) const PASSWORD: &str = "Correct-horse-7";

/// A way to use a code of target's phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    SignIn,
    GetSessionToken,
    AssumeRole,
    /// With the code before it as the first of the two.
    Resync,
}

pub(crate) const DOORS: [Door; 4] = [Door::SignIn, Door::GetSessionToken, Door::AssumeRole, Door::Resync];

/// Target may do everything, and has a password, a phone, and a device that is nobody's.
pub(crate) fn account() -> Value {
    let mut account = furnished(Vec::new());
    let mut target = user("target", &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    target["password"] = json!(PASSWORD);
    account["users"][0] = target;
    account
}

/// The first half of a sign-in.
pub(crate) fn challenge(endpoint: &Endpoint, now: u64) -> String {
    let said = sign_in::Password {
        account: ACCOUNT.to_owned(),
        user: "target".to_owned(),
        password: secret(PASSWORD.to_owned()),
    };
    match sign_in::password(endpoint, &said, now, &mut Event::default()) {
        Ok(Next::Code { challenge, .. }) => challenge,
        other => panic!("{other:?}"),
    }
}

impl Door {
    /// What using the code of the step `at` leads to, in one word, and the reason for the audit trail.
    pub(crate) fn tried(
        self,
        endpoint: &Endpoint,
        now: u64,
        at: i64,
        challenge: &str,
    ) -> (String, Option<String>) {
        let (phone, number, before) = (serial("phone"), code(now, at), code(now, at - 1));
        let role = format!("arn:aws:iam::{ACCOUNT}:role/helper");
        let with_code = [("SerialNumber", phone.as_str()), ("TokenCode", number.as_str())];
        let (service, pairs) = match self {
            Self::SignIn => return sign_in(endpoint, now, &number, challenge),
            Self::GetSessionToken => {
                (Service::Sts, [&[("Action", "GetSessionToken")], &with_code[..]].concat())
            }
            Self::AssumeRole => {
                let which = [("Action", "AssumeRole"), ("RoleArn", &role), ("RoleSessionName", "session")];
                (Service::Sts, [&which[..], &with_code[..]].concat())
            }
            Self::Resync => {
                let pairs = [
                    ("Action", "ResyncMFADevice"),
                    ("UserName", "target"),
                    ("SerialNumber", phone.as_str()),
                    ("AuthenticationCode1", before.as_str()),
                    ("AuthenticationCode2", number.as_str()),
                ];
                (Service::Iam, pairs.to_vec())
            }
        };
        let answer = ask(endpoint, now, &Key::of("target"), service, &pairs);
        let has_session = answer.body.contains("SessionToken>");
        assert!(answer.status == 200 || !has_session, "{}", answer.body);
        (outcome(&answer).to_owned(), answer.event.why)
    }
}

fn sign_in(endpoint: &Endpoint, now: u64, number: &str, challenge: &str) -> (String, Option<String>) {
    let said =
        sign_in::WithCode { challenge: challenge.to_owned(), code: secret(number.to_owned()), serial: None };
    let mut event = Event::default();
    // A form of its own, so that what stops a code is the code and not the form.
    let word = match sign_in::code(endpoint, &Challenges::default(), &said, now, &mut event) {
        Ok(Next::Credentials(_)) => "ok",
        Err(Refused::Failed(why)) => return ("ServiceFailure".to_owned(), Some(why)),
        _ => "AccessDenied",
    };
    (word.to_owned(), event.why)
}

/// Failures make a user wait, and these tests do not.
pub(crate) fn forgive(endpoint: &Endpoint) {
    let owner = endpoint.state().user("target").unwrap().id.clone();
    let mut device = (**endpoint.state().device(&serial("phone")).unwrap()).clone();
    device.life.guard.throttle = twokeys::mfa::Throttle::default();
    let cleared = [device.into(), twokeys_server::state::ThrottleRecord::new(&owner).into()];
    endpoint.begin().unwrap().commit(&cleared).unwrap();
}

/// All at once: how many doors open.
fn race(endpoint: &Endpoint, now: u64, each: usize) -> usize {
    let challenge = challenge(endpoint, now);
    let (start, won) = (Barrier::new(DOORS.len() * each), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for door in DOORS.repeat(each) {
            let (start, won, challenge) = (&start, &won, &challenge);
            scope.spawn(move || {
                start.wait();
                if door.tried(endpoint, now, 0, challenge).0 == "ok" {
                    won.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    won.into_inner()
}

#[test]
fn mfa_046_of_all_doors_that_one_code_could_open_exactly_one_opens_and_none_after_a_restart() {
    let disk = Disk::of(&account());
    for round in 0..25 {
        // Two steps further each time: a resync needs both.
        let now = NOW + round * 60;
        let endpoint = disk.start();
        assert_eq!(race(&endpoint, now, 8), 1, "round {round}");
        drop(endpoint);
        let endpoint = disk.start();
        forgive(&endpoint);
        let challenge = challenge(&endpoint, now);
        for door in DOORS {
            let (word, why) = door.tried(&endpoint, now, 0, &challenge);
            assert_ne!(word, "ok", "round {round}: {door:?} after a restart");
            assert_eq!(why.as_deref(), Some("code already used"), "{door:?}");
        }
        forgive(&endpoint);
    }
}

#[test]
fn rl_052_nobody_signs_in_with_the_device_of_another() {
    let mut account = account();
    account["users"][1]["name"] = json!("bob");
    // The same seed, so that the code is right for both.
    account["virtual_mfa"][1]["user"] = json!("bob");
    let endpoint = Disk::of(&account).start();
    let before = records(&endpoint);
    let said = sign_in::WithCode {
        challenge: challenge(&endpoint, NOW),
        code: secret(code(NOW, 0)),
        serial: Some(serial("spare")),
    };
    let tried = sign_in::code(&endpoint, &Challenges::default(), &said, NOW, &mut Event::default());
    assert!(matches!(tried, Err(Refused::Incorrect)), "{tried:?}");
    let counted: Vec<_> = records(&endpoint).into_iter().filter(|record| !before.contains(record)).collect();
    assert!(counted.iter().all(|record| record.contains(r#""failures":0"#)), "{counted:?}");
    assert_eq!(Door::GetSessionToken.tried(&endpoint, NOW, 0, "").0, "ok", "and the code is not spent");
}

#[test]
fn mfa_046_a_code_that_enables_a_device_opens_no_other_door() {
    for round in 0..20 {
        let disk = Disk::of(&account());
        let endpoint = disk.start();
        let now = NOW + round * 60;
        let (spare, before, number) = (serial("spare"), code(now, -1), code(now, 0));
        let enable = [
            ("Action", "EnableMFADevice"),
            ("UserName", "target"),
            ("SerialNumber", &spare),
            ("AuthenticationCode1", &before),
            ("AuthenticationCode2", &number),
        ];
        let token = [("Action", "GetSessionToken"), ("SerialNumber", &spare), ("TokenCode", &number)];
        let ask = |service, pairs: &[(&str, &str)]| {
            outcome(&ask(&endpoint, now, &Key::of("target"), service, pairs)).to_owned()
        };
        let start = Barrier::new(9);
        let opened: Vec<String> = std::thread::scope(|scope| {
            let tried: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        ask(Service::Sts, &token)
                    })
                })
                .collect();
            start.wait();
            assert_eq!(ask(Service::Iam, &enable), "ok", "round {round}");
            tried.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(!opened.contains(&"ok".to_owned()), "round {round}: {opened:?}");
    }
}
