//! Sign-in with a password and a code: what it asks for, what it gives, what it tells (MFA-006, MFA-061 to MFA-070).

use serde_json::{Value, json};
use twokeys::mfa::{STEP, Seed};
use twokeys_server::endpoint::Event;
use twokeys_server::sign_in::{self, Challenges, Credentials, Next, Password, Refused, WithCode};
use twokeys_server::start::secret;

use crate::calls::furnished;
use crate::world::{ACCOUNT, Key, NOW, SEED, World, code, element, outcome, serial, user};

const PASSWORD: &str = "Correct-horse-7";
/// The seed of a second device.
const OTHER: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// Alice has a phone and a tablet with different seeds, Bob has no device; both have a password.
fn world(statements: &Value) -> World {
    let mut users: Vec<Value> = ["alice", "bob"].map(|name| user(name, statements)).into();
    for user in &mut users {
        user["password"] = json!(PASSWORD);
    }
    let mut account = furnished(users);
    account["alias"] = json!("two-keys");
    account["virtual_mfa"] = json!([
        { "name": "phone", "seed": SEED, "user": "alice" },
        { "name": "tablet", "seed": OTHER, "user": "alice" },
        { "name": "spare", "seed": SEED },
    ]);
    World::of(&account)
}

fn everything() -> Value {
    json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }])
}

/// What the tablet shows `steps` from `now`.
fn tablet_code(now: u64, steps: i64) -> String {
    let step = (now / STEP).checked_add_signed(steps).unwrap();
    Seed::from_base32(OTHER).unwrap().code(step).unwrap().as_str().to_owned()
}

fn password(world: &World, account: &str, user: &str, password: &str) -> (Result<Next, Refused>, Event) {
    let said = Password {
        account: account.to_owned(),
        user: user.to_owned(),
        password: secret(password.to_owned()),
    };
    let mut event = Event::default();
    (sign_in::password(&world.endpoint, &said, world.now.get(), &mut event), event)
}

/// The challenge for Alice.
fn challenge(world: &World) -> String {
    match password(world, ACCOUNT, "alice", PASSWORD).0 {
        Ok(Next::Code { challenge, .. }) => challenge,
        other => panic!("{other:?}"),
    }
}

fn with_code(
    world: &World,
    challenges: &Challenges,
    challenge: &str,
    number: &str,
    serial: Option<&str>,
) -> Result<Next, Refused> {
    let said = WithCode {
        challenge: challenge.to_owned(),
        code: secret(number.to_owned()),
        serial: serial.map(str::to_owned),
    };
    sign_in::code(&world.endpoint, challenges, &said, world.now.get(), &mut Event::default())
}

fn key(next: Result<Next, Refused>) -> (Key, String) {
    let Ok(Next::Credentials(credentials)) = next else { panic!("{next:?}") };
    told(&credentials)
}

/// The key of a session, and when it ends.
fn told(credentials: &Credentials) -> (Key, String) {
    let given = serde_json::to_value(credentials).unwrap();
    let member = |name: &str| given[name].as_str().unwrap().to_owned();
    let key = Key {
        id: member("AccessKeyId"),
        secret: member("SecretAccessKey"),
        token: Some(member("SessionToken")),
    };
    (key, member("Expiration"))
}

fn is_incorrect(next: &Result<Next, Refused>) -> bool {
    matches!(next, Err(Refused::Incorrect))
}

#[test]
fn mfa_061_mfa_064_a_code_is_asked_after_a_right_password_alone_and_wrong_is_wrong() {
    let world = world(&everything());
    for (account, user, word) in [
        ("210987654321", "alice", PASSWORD),
        (ACCOUNT, "nobody", PASSWORD),
        (ACCOUNT, "alice", "Correct-horse-8"),
        (ACCOUNT, "bob", ""),
        // Who has no password, and root, who has none either.
        (ACCOUNT, "target", PASSWORD),
        (ACCOUNT, "", PASSWORD),
    ] {
        let (next, event) = password(&world, account, user, word);
        assert!(is_incorrect(&next), "{account} {user}: {next:?}");
        assert_eq!(event.why.as_deref(), Some("user or password wrong"));
    }
    let Ok(Next::Code { mfa_required, challenge, serials }) = password(&world, ACCOUNT, "alice", PASSWORD).0
    else {
        panic!("no code is asked")
    };
    assert_eq!((mfa_required, serials), (true, ["phone", "tablet"].map(serial).to_vec()));
    let challenges = Challenges::default();
    for wrong in ["000000", "12345", "letter"] {
        assert!(is_incorrect(&with_code(&world, &challenges, &challenge, wrong, None)), "{wrong}");
    }
    key(with_code(&world, &challenges, &challenge, &code(NOW, 0), None));
    key(password(&world, ACCOUNT, "bob", PASSWORD).0);
    assert_eq!(sign_in::INCORRECT, "Your authentication information is incorrect. Please try again.");
}

#[test]
fn mfa_063_a_code_makes_the_key_true_and_dated_and_a_password_alone_makes_it_false() {
    let mfa = "aws:MultiFactorAuthPresent";
    let when = |action: &str, condition: &Value| json!({ "Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition });
    let world = world(&json!([
        when("iam:ListUsers", &json!({ "Bool": { mfa: "true" } })),
        when("iam:ListRoles", &json!({ "Bool": { mfa: "false" } })),
        when("iam:ListGroups", &json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "60" } })),
        when("iam:ListPolicies", &json!({ "Null": { "aws:MultiFactorAuthAge": "true" } })),
    ]));
    let may = |key: &Key| {
        ["ListUsers", "ListRoles", "ListGroups", "ListPolicies"]
            .map(|action| world.iam(key, &[("Action", action)]).status == 200)
    };
    let challenge = challenge(&world);
    let (with, _) = key(with_code(&world, &Challenges::default(), &challenge, &code(NOW, 0), None));
    let (without, _) = key(password(&world, ACCOUNT, "bob", PASSWORD).0);
    assert!(with.id.starts_with("ASIA") && without.id.starts_with("ASIA"));
    assert_eq!(may(&with), [true, false, true, false]);
    assert_eq!(may(&without), [false, true, false, true]);
    for (later, is_young) in [(59, true), (60, false)] {
        world.now.set(NOW + later);
        assert_eq!(may(&with), [true, false, is_young, false], "{later} s later");
    }
}

#[test]
fn mfa_065_a_challenge_is_good_for_five_minutes_five_tries_and_one_sign_in() {
    let world = world(&everything());
    let challenges = Challenges::default();
    // Neither short nor the same twice.
    let [first, second] = [(); 2].map(|()| challenge(&world));
    assert!(first != second && first.len() > 100, "{first}");
    world.now.set(NOW + 300);
    assert!(is_incorrect(&with_code(&world, &challenges, &first, &code(NOW + 300, 0), None)));
    world.now.set(NOW + 299);
    key(with_code(&world, &challenges, &first, &code(NOW + 299, 0), None));
    assert!(is_incorrect(&with_code(&world, &challenges, &first, &code(NOW + 299, 1), None)), "once");
    for _ in 0..5 {
        assert!(is_incorrect(&with_code(&world, &challenges, &second, "malformed", None)));
    }
    assert!(is_incorrect(&with_code(&world, &challenges, &second, &code(NOW + 299, 1), None)), "five tries");
    let third = challenge(&world);
    let tampered = format!("{}{}", &third[..20], third[20..].to_ascii_lowercase());
    assert!(is_incorrect(&with_code(&world, &challenges, &tampered, &code(NOW + 299, 1), None)));
    key(with_code(&world, &challenges, &third, &code(NOW + 299, 1), None));
}

#[test]
fn mfa_006_mfa_066_any_device_of_the_user_serves_and_a_wrong_code_counts_for_each_that_was_tried() {
    let world = world(&everything());
    let challenges = Challenges::default();
    let failures = || {
        ["phone", "tablet"]
            .map(|name| world.endpoint.state().device(&serial(name)).unwrap().life.guard.throttle.failures)
    };
    let try_with = |number: &str, device: Option<&str>| {
        let serial = device.map(serial);
        with_code(&world, &challenges, &challenge(&world), number, serial.as_deref())
    };
    assert!(is_incorrect(&try_with("000000", None)));
    assert_eq!(failures(), [1, 1]);
    assert!(is_incorrect(&try_with(&tablet_code(NOW, 0), Some("phone"))), "the code of the other one");
    assert_eq!(failures(), [2, 1]);
    key(try_with(&tablet_code(NOW, 0), None));
    key(try_with(&code(NOW, 0), Some("phone")));
    for (name, number) in [("phone", code(NOW, 1)), ("tablet", tablet_code(NOW, 1))] {
        let serial = serial(name);
        let pairs = [("Action", "GetSessionToken"), ("SerialNumber", &serial), ("TokenCode", &number)];
        assert_eq!(outcome(&world.sts(&Key::of("alice"), &pairs)), "ok", "{name}");
    }
}

#[test]
fn mfa_051_whoever_must_wait_is_told_how_long_at_sign_in() {
    let world = world(&everything());
    let challenges = Challenges::default();
    let first = challenge(&world);
    for _ in 0..5 {
        assert!(is_incorrect(&with_code(&world, &challenges, &first, "000000", None)));
    }
    let waiting = with_code(&world, &challenges, &challenge(&world), &code(NOW, 0), None);
    assert!(matches!(waiting, Err(Refused::Throttled(1))), "{waiting:?}");
    world.now.set(NOW + 1);
    key(with_code(&world, &challenges, &challenge(&world), &code(NOW, 0), None));
}

#[test]
fn mfa_027_mfa_062_mfa_068_an_enabled_device_counts_at_the_next_sign_in_and_for_no_access_key() {
    let world = world(&everything());
    let (before, _) = key(password(&world, ACCOUNT, "bob", PASSWORD).0);
    let (spare, first, second) = (serial("spare"), code(NOW, -1), code(NOW, 0));
    let pairs = [
        ("Action", "EnableMFADevice"),
        ("UserName", "bob"),
        ("SerialNumber", &spare),
        ("AuthenticationCode1", &first),
        ("AuthenticationCode2", &second),
    ];
    assert_eq!(outcome(&world.iam(&Key::root(), &pairs)), "ok");
    let (next, _) = password(&world, ACCOUNT, "bob", PASSWORD);
    assert!(matches!(next, Ok(Next::Code { .. })), "{next:?}");
    for (what, key) in [("the session from before", before), ("the access key", Key::of("bob"))] {
        assert_eq!(outcome(&world.iam(&key, &[("Action", "ListUsers")])), "ok", "{what}");
    }
}

#[test]
fn mfa_069_a_completed_sign_in_alone_is_a_use_of_the_password() {
    let world = world(&everything());
    let root = Key::root();
    let used = |user: &str| {
        let body = world.iam(&root, &[("Action", "GetUser"), ("UserName", user)]).body;
        element(&body, "PasswordLastUsed").map(str::to_owned)
    };
    let report = |user: &str| {
        use base64::Engine as _;
        world.iam(&root, &[("Action", "GenerateCredentialReport")]);
        let body = world.iam(&root, &[("Action", "GetCredentialReport")]).body;
        let csv =
            base64::engine::general_purpose::STANDARD.decode(element(&body, "Content").unwrap()).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        let row = csv.lines().find(|line| line.starts_with(&format!("{user},"))).unwrap().to_owned();
        let fields: Vec<&str> = row.split(',').collect();
        (fields[4].to_owned(), fields[7].to_owned())
    };
    let unused = "no_information".to_owned();
    assert!(is_incorrect(&password(&world, ACCOUNT, "alice", "wrong").0));
    let (challenge, challenges) = (challenge(&world), Challenges::default());
    assert!(is_incorrect(&with_code(&world, &challenges, &challenge, "000000", None)));
    assert_eq!((used("alice"), report("alice")), (None, (unused.clone(), "true".to_owned())));
    assert_eq!((used("bob"), report("bob")), (None, (unused, "false".to_owned())));
    key(with_code(&world, &challenges, &challenge, &code(NOW, 0), None));
    key(password(&world, ACCOUNT, "bob", PASSWORD).0);
    let time = "2026-01-05T09:00:15Z".to_owned();
    assert_eq!((used("alice"), report("alice")), (Some(time.clone()), (time.clone(), "true".to_owned())));
    assert_eq!((used("bob"), report("bob")), (Some(time.clone()), (time, "false".to_owned())));
}

#[test]
fn mfa_070_api_061_by_number_or_alias_for_twelve_hours_and_root_with_the_password_of_the_file() {
    let mut account = furnished(Vec::new());
    account["alias"] = json!("two-keys");
    account["root_password"] = json!(PASSWORD);
    account["users"][0]["password"] = json!(PASSWORD);
    account["virtual_mfa"] = json!([]);
    let world = World::of(&account);
    for named in [ACCOUNT, "two-keys"] {
        let (session, expires) = key(password(&world, named, "target", PASSWORD).0);
        assert_eq!(expires, "2026-01-05T21:00:15Z");
        let who = world.sts(&session, &[("Action", "GetCallerIdentity")]).body;
        assert_eq!(element(&who, "Arn"), Some("arn:aws:iam::123456789012:user/target"));
    }
    let (session, expires) = key(password(&world, ACCOUNT, "", PASSWORD).0);
    assert_eq!(expires, "2026-01-05T10:00:15Z", "root for one hour, as in GetSessionToken");
    let who = world.sts(&session, &[("Action", "GetCallerIdentity")]).body;
    assert_eq!(element(&who, "Arn"), Some("arn:aws:iam::123456789012:root"));
    assert!(is_incorrect(&password(&world, ACCOUNT, "root", PASSWORD).0), "there is no user of that name");
}
