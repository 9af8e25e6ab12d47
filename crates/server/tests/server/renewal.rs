//! A password that must be changed opens nothing else: not with a code, not twice, not for whoever may not change it.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use twokeys::mfa::Profile;
use twokeys_server::endpoint::{Endpoint, Event};
use twokeys_server::gate::Scene;
use twokeys_server::renewal::{self, NewPassword};
use twokeys_server::sign_in::{self, Challenges, Next, Password, Refused, WithCode};
use twokeys_server::start::secret;

use crate::calls::furnished;
use crate::disk::Disk;
use crate::world::{ACCOUNT, Key, NOW, SEED, ask, code, outcome, user};
use twokeys_server::query::Service;

const OLD: &str = "Correct-horse-7";
const NEW: &str = "Another-horse-8";
const DAY: u64 = 86_400;

/// Alice has a phone; bob has none; carol may not change her password.
fn account() -> Value {
    let all = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]);
    let barred = json!([{ "Effect": "Allow", "NotAction": "iam:ChangePassword", "Resource": "*" }]);
    let mut users: Vec<Value> =
        [("alice", &all), ("bob", &all), ("carol", &barred)].map(|(name, policy)| user(name, policy)).into();
    for user in &mut users {
        user["password"] = json!(OLD);
    }
    let mut account = furnished(users);
    account["virtual_mfa"][1] = json!({ "name": "alices", "seed": SEED, "user": "alice" });
    account
}

fn endpoint() -> Endpoint {
    Disk::of(&account()).start()
}

fn as_root(endpoint: &Endpoint, pairs: &[(&str, &str)]) {
    assert_eq!(outcome(&ask(endpoint, NOW, &Key::root(), Service::Iam, pairs)), "ok", "{pairs:?}");
}

fn must_change(endpoint: &Endpoint, user: &str) {
    let pairs = [("Action", "UpdateLoginProfile"), ("UserName", user), ("PasswordResetRequired", "true")];
    as_root(endpoint, &pairs);
}

/// What a step led to, in a word, and what goes on to the next.
fn told(next: Result<Next, Refused>) -> (String, String) {
    match next {
        Ok(Next::Credentials(credentials)) => {
            ("session".to_owned(), serde_json::to_string(&credentials).unwrap())
        }
        Ok(Next::Code { challenge, .. }) => ("code".to_owned(), challenge),
        Ok(Next::NewPassword { challenge, .. }) => ("new password".to_owned(), challenge),
        Err(Refused::Because(status, why)) => (format!("{status}"), why),
        Err(Refused::Incorrect) => ("incorrect".to_owned(), String::new()),
        Err(other) => (format!("{other:?}"), String::new()),
    }
}

fn first(endpoint: &Endpoint, now: u64, user: &str, password: &str) -> (String, String) {
    let said = Password {
        account: ACCOUNT.to_owned(),
        user: user.to_owned(),
        password: secret(password.to_owned()),
    };
    told(sign_in::password(endpoint, &said, now, &mut Event::default()))
}

fn second(endpoint: &Endpoint, now: u64, challenge: &str) -> (String, String) {
    let said = WithCode { challenge: challenge.to_owned(), code: secret(code(now, 0)), serial: None };
    told(sign_in::code(endpoint, &Challenges::default(), &said, now, &mut Event::default()))
}

fn last(endpoint: &Endpoint, now: u64, challenge: &str, password: &str) -> (String, String) {
    let scene = Scene {
        now,
        source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        user_agent: None,
        region: "us-east-1",
        profile: Profile::Documented,
    };
    let said = NewPassword { challenge: challenge.to_owned(), new_password: secret(password.to_owned()) };
    told(renewal::new_password(endpoint, &said, scene, &mut Event::default()))
}

/// `aws:MultiFactorAuthPresent` of a session, asked of a policy.
fn has_mfa(endpoint: &Endpoint, credentials: &str) -> bool {
    let given: Value = serde_json::from_str(credentials).unwrap();
    let member = |name: &str| given[name].as_str().unwrap().to_owned();
    let key = Key {
        id: member("AccessKeyId"),
        secret: member("SecretAccessKey"),
        token: Some(member("SessionToken")),
    };
    let policy = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "iam:ListUsers", "Resource": "*",
        "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } } } });
    for name in ["alice", "bob"] {
        let pairs = [
            ("Action", "PutUserPolicy"),
            ("UserName", name),
            ("PolicyName", "mfa"),
            ("PolicyDocument", &policy.to_string()),
        ];
        as_root(endpoint, &pairs);
    }
    outcome(&ask(endpoint, NOW, &key, Service::Iam, &[("Action", "ListUsers")])) == "ok"
}

#[test]
fn mfa_060_whoever_must_change_the_password_gets_a_session_for_a_new_one_only() {
    let endpoint = endpoint();
    must_change(&endpoint, "bob");
    assert_eq!(first(&endpoint, NOW, "bob", "wrong").0, "incorrect", "nobody else learns of it");
    let (word, challenge) = first(&endpoint, NOW, "bob", OLD);
    assert_eq!(word, "new password");
    // It is no challenge of another step, nor is one of another step one of these.
    assert_eq!(second(&endpoint, NOW, &challenge).0, "incorrect");
    let (_, other) = first(&endpoint, NOW, "alice", OLD);
    assert_eq!(last(&endpoint, NOW, &other, NEW).0, "incorrect");
    for (password, why) in [
        (OLD, "The new password must not be the old one"),
        ("short", "Password should have a minimum length of 8"),
    ] {
        assert_eq!(last(&endpoint, NOW, &challenge, password), ("400".to_owned(), why.to_owned()));
    }
    assert_eq!(last(&endpoint, NOW + 300, &challenge, NEW).0, "incorrect", "five minutes");
    let (word, credentials) = last(&endpoint, NOW, &challenge, NEW);
    assert_eq!(word, "session");
    assert!(!has_mfa(&endpoint, &credentials));
    assert_eq!(last(&endpoint, NOW, &challenge, "A-third-horse-9").0, "incorrect", "once");
    assert_eq!(first(&endpoint, NOW, "bob", OLD).0, "incorrect");
    assert_eq!(first(&endpoint, NOW, "bob", NEW).0, "session");
}

#[test]
fn mfa_062_the_code_comes_before_the_new_password_and_counts_for_the_session() {
    let endpoint = endpoint();
    must_change(&endpoint, "alice");
    let (word, challenge) = first(&endpoint, NOW, "alice", OLD);
    assert_eq!(word, "code");
    let (word, renewal) = second(&endpoint, NOW, &challenge);
    assert_eq!(word, "new password");
    let (_, again) = first(&endpoint, NOW, "alice", OLD);
    assert_eq!(second(&endpoint, NOW, &again).0, "incorrect", "the code is spent");
    let (word, credentials) = last(&endpoint, NOW, &renewal, NEW);
    assert_eq!(word, "session");
    assert!(has_mfa(&endpoint, &credentials));
}

#[test]
fn rl_053_whoever_may_not_change_the_password_may_not_at_this_door_either() {
    let endpoint = endpoint();
    must_change(&endpoint, "carol");
    let (_, challenge) = first(&endpoint, NOW, "carol", OLD);
    let (word, why) = last(&endpoint, NOW, &challenge, NEW);
    assert_eq!(word, "403");
    assert!(why.ends_with("is not authorized to perform: iam:ChangePassword on resource: user carol because no identity-based policy allows the iam:ChangePassword action"), "{why}");
    assert_eq!(first(&endpoint, NOW, "carol", OLD).0, "new password", "nothing has changed");
}

#[test]
fn an_old_password_must_be_renewed_and_with_hard_expiry_by_an_administrator() {
    let endpoint = endpoint();
    let policy = |hard: &str| {
        let pairs = [
            ("Action", "UpdateAccountPasswordPolicy"),
            ("MaxPasswordAge", "90"),
            ("PasswordReusePrevention", "2"),
            ("HardExpiry", hard),
        ];
        as_root(&endpoint, &pairs);
    };
    policy("false");
    // It was set an hour before.
    let end = NOW - 3_600 + 90 * DAY;
    assert_eq!(first(&endpoint, end - 1, "bob", OLD).0, "session");
    let (word, challenge) = first(&endpoint, end, "bob", OLD);
    assert_eq!(word, "new password");
    policy("true");
    let expired =
        ("403".to_owned(), "Your password has expired; ask an administrator to reset it".to_owned());
    assert_eq!(last(&endpoint, end, &challenge, NEW), expired);
    assert_eq!(first(&endpoint, end, "bob", OLD), expired);
    assert_eq!(first(&endpoint, end, "bob", "wrong").0, "incorrect");
    let (_, with_code) = first(&endpoint, end, "alice", OLD);
    assert_eq!(second(&endpoint, end, &with_code), expired);
    policy("false");
    let (_, challenge) = first(&endpoint, end, "bob", OLD);
    assert_eq!(last(&endpoint, end, &challenge, NEW).0, "session");
    must_change(&endpoint, "bob");
    let (_, challenge) = first(&endpoint, end, "bob", NEW);
    let used = ("400".to_owned(), "Password has been used before".to_owned());
    assert_eq!(last(&endpoint, end, &challenge, OLD), used);
}

#[test]
fn whoever_has_lost_the_password_while_the_code_was_typed_is_not_signed_in() {
    let endpoint = endpoint();
    let (_, challenge) = first(&endpoint, NOW, "alice", OLD);
    as_root(&endpoint, &[("Action", "DeleteLoginProfile"), ("UserName", "alice")]);
    assert_eq!(second(&endpoint, NOW, &challenge).0, "incorrect");
}
