//! Credentials made from credentials: whose they are, how long they last, and that they never do more
//! (STS-001 to STS-037, RL-051).

use proptest::prelude::*;
use serde_json::{Value, json};
use twokeys_server::endpoint::Outgoing;
use twokeys_server::query;

use crate::calls::{Call, calls, furnished};
use crate::disk::{Disk, Fault};
use crate::world::{ACCOUNT, Key, NOW, World, code, element, outcome, serial, user};

fn everything() -> Value {
    json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }])
}

fn world() -> World {
    World::of(&furnished(vec![user("alice", &everything())]))
}

fn message(answer: &Outgoing) -> &str {
    element(&answer.body, "Message").unwrap_or_default()
}

fn token(world: &World, key: &Key, more: &[(&str, &str)]) -> Outgoing {
    world.sts(key, &[&[("Action", "GetSessionToken")], more].concat())
}

fn assume(world: &World, key: &Key, role: &str, more: &[(&str, &str)]) -> Outgoing {
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
    world.sts(
        key,
        &[&[("Action", "AssumeRole"), ("RoleArn", &arn), ("RoleSessionName", "session")], more].concat(),
    )
}

fn who(world: &World, key: &Key) -> Outgoing {
    world.sts(key, &[("Action", "GetCallerIdentity")])
}

#[test]
fn sts_001_sts_008_sts_010_a_session_is_its_user_and_makes_no_other() {
    let world = world();
    let session = Key::given(&token(&world, &Key::of("alice"), &[]).body);
    let identity = who(&world, &session);
    assert_eq!(element(&identity.body, "Arn"), Some("arn:aws:iam::123456789012:user/alice"));
    let again = token(&world, &session, &[]);
    assert_eq!(
        (outcome(&again), message(&again)),
        ("AccessDenied", "Cannot call GetSessionToken with session credentials")
    );
    let other = world.sts(&session, &[("Action", "GetFederationToken"), ("Name", "visitor")]);
    assert_eq!(message(&other), "Cannot call GetFederationToken with session credentials");
    // STS-008: policies are looked at with each call, not kept with the session.
    assert_eq!(outcome(&assume(&world, &session, "helper", &[])), "ok");
    world.iam(&Key::root(), &[("Action", "DeleteUserPolicy"), ("UserName", "alice"), ("PolicyName", "own")]);
    assert_eq!(outcome(&assume(&world, &session, "helper", &[])), "AccessDenied");
}

#[test]
fn sts_002_sts_022_sts_023_how_long_and_for_whom() {
    let world = world();
    let expires = |answer: &Outgoing| element(&answer.body, "Expiration").unwrap_or_default().to_owned();
    let at = |seconds| twokeys_server::wire::iso8601(NOW + seconds);
    for duration in ["899", "129601"] {
        assert_eq!(
            outcome(&token(&world, &Key::of("alice"), &[("DurationSeconds", duration)])),
            "ValidationError"
        );
    }
    assert_eq!(expires(&token(&world, &Key::of("alice"), &[])), at(43_200));
    assert_eq!(expires(&token(&world, &Key::of("alice"), &[("DurationSeconds", "129600")])), at(129_600));
    assert_eq!(expires(&token(&world, &Key::root(), &[("DurationSeconds", "129600")])), at(3_600));
    assert_eq!(expires(&assume(&world, &Key::of("alice"), "helper", &[])), at(3_600));
    let long = assume(&world, &Key::of("alice"), "helper", &[("DurationSeconds", "3601")]);
    assert_eq!(outcome(&long), "ValidationError");
    assert_eq!(
        message(&long),
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    );
    world.iam(
        &Key::root(),
        &[("Action", "UpdateRole"), ("RoleName", "helper"), ("MaxSessionDuration", "7200")],
    );
    let role = Key::given(&assume(&world, &Key::of("alice"), "helper", &[("DurationSeconds", "7200")]).body);
    let chained = assume(&world, &role, "helper", &[("DurationSeconds", "7200")]);
    assert_eq!(
        message(&chained),
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    );
    let root = assume(&world, &Key::root(), "helper", &[]);
    assert_eq!(
        (outcome(&root), message(&root)),
        ("AccessDenied", "Roles may not be assumed by root accounts.")
    );
}

#[test]
fn sts_021_a_role_that_is_not_there_reads_like_one_that_is_not_allowed() {
    let world = World::of(&furnished(vec![user(
        "nobody",
        &json!([{ "Effect": "Deny", "Action": "sts:*", "Resource": "*" }]),
    )]));
    let [denied, missing] = ["helper", "none"].map(|role| assume(&world, &Key::of("nobody"), role, &[]));
    assert_eq!((outcome(&denied), outcome(&missing)), ("AccessDenied", "AccessDenied"));
    assert_eq!(message(&denied).replace("helper", "none"), message(&missing));
}

#[test]
fn sts_025_a_role_has_no_devices() {
    let world = world();
    let role = Key::given(&assume(&world, &Key::of("alice"), "helper", &[]).body);
    let (phone, number) = (serial("phone"), code(NOW, 0));
    let answer = assume(&world, &role, "helper", &[("SerialNumber", &phone), ("TokenCode", &number)]);
    assert!(message(&answer).contains("unable to validate MFA code.  Please verify"), "{}", answer.body);
}

#[test]
fn mfa_047_what_is_refused_after_the_code_has_spent_it_and_what_before_has_not() {
    let world = world();
    let (phone, number) = (serial("phone"), code(NOW, 0));
    let with_code = [("SerialNumber", phone.as_str()), ("TokenCode", number.as_str())];
    let before = world.records();
    let target = Key::of("target");
    assert_eq!(
        outcome(&token(&world, &target, &[&with_code[..], &[("DurationSeconds", "1")]].concat())),
        "ValidationError"
    );
    assert_eq!(world.records(), before, "the parameters come first");
    assert_eq!(outcome(&assume(&world, &target, "none", &with_code)), "AccessDenied");
    assert_ne!(world.records(), before, "STS-020: the code comes before the role");
    assert_eq!(outcome(&token(&world, &target, &with_code)), "AccessDenied");
}

#[test]
fn sts_032_sts_033_a_session_ends_by_its_time_with_its_user_and_not_with_its_key() {
    let world = world();
    let session = Key::given(&token(&world, &Key::of("alice"), &[("DurationSeconds", "900")]).body);
    let other = Key::given(&token(&world, &Key::of("alice"), &[]).body);
    let unknown = "The security token included in the request is invalid";
    for (what, key) in [
        ("without a token", Key { token: None, ..session.clone() }),
        ("the token of another", Key { token: other.token.clone(), ..session.clone() }),
        (
            "a token cut short",
            Key { token: session.token.as_ref().map(|token| token[1..].to_owned()), ..session.clone() },
        ),
        ("a long-term key with a token", Key { token: session.token.clone(), ..Key::of("alice") }),
    ] {
        let answer = who(&world, &key);
        assert_eq!(outcome(&answer), "InvalidClientTokenId", "{what}");
        assert!(message(&answer).starts_with(unknown), "{what}: {}", answer.body);
    }
    let off = [
        ("Action", "UpdateAccessKey"),
        ("UserName", "alice"),
        ("AccessKeyId", &Key::of("alice").id),
        ("Status", "Inactive"),
    ];
    assert_eq!(outcome(&world.iam(&Key::root(), &off)), "ok");
    assert_eq!(outcome(&who(&world, &Key::of("alice"))), "InvalidClientTokenId");
    assert_eq!(outcome(&who(&world, &session)), "ok");
    world.now.set(NOW + 901);
    let ended = who(&world, &session);
    assert_eq!(
        (outcome(&ended), message(&ended)),
        ("ExpiredToken", "The security token included in the request is expired")
    );
    for (action, more) in [
        ("DeleteAccessKey", vec![("AccessKeyId", Key::of("alice").id)]),
        ("DeleteUserPolicy", vec![("PolicyName", "own".to_owned())]),
        ("DeleteUser", vec![]),
    ] {
        let mut pairs = vec![("Action", action), ("UserName", "alice")];
        pairs.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(outcome(&world.iam(&Key::root(), &pairs)), "ok", "{action}");
    }
    assert_eq!(outcome(&who(&world, &other)), "InvalidClientTokenId");
}

#[test]
fn sts_035_sts_036_sts_037_messages_keys_and_sizes() {
    let world = world();
    let alice = Key::of("alice");
    let known = world.sts(&alice, &[("Action", "GetAccessKeyInfo"), ("AccessKeyId", &Key::root().id)]);
    assert_eq!(element(&known.body, "Account"), Some(ACCOUNT));
    let tags = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "blue")];
    let packed =
        world.sts(&alice, &[&[("Action", "GetFederationToken"), ("Name", "visitor")], &tags[..]].concat());
    assert_eq!(element(&packed.body, "PackedPolicySize"), Some("1"));
    let long = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Sid":"{}","Effect":"Allow","Action":"*","Resource":"*"}}}}"#,
        "a".repeat(2_040)
    );
    let answer =
        world.sts(&alice, &[("Action", "GetFederationToken"), ("Name", "visitor"), ("Policy", &long)]);
    assert!(["PackedPolicyTooLarge", "ValidationError"].contains(&outcome(&answer)), "{}", answer.body);
}

/// Statements over what the calls of the table touch; no MFA key, so the MFA state plays no part.
fn statement() -> impl Strategy<Value = Value> {
    let action = prop::sample::select(vec![
        "*",
        "iam:*",
        "iam:List*",
        "iam:Get*",
        "iam:Create*",
        "iam:Delete*",
        "iam:Put*",
        "iam:*User",
        "iam:*Policy",
        "iam:*MFADevice",
        "iam:TagUser",
        "sts:*",
        "sts:AssumeRole",
        "sts:GetFederationToken",
    ]);
    let resource = prop::sample::select(vec![
        "*",
        "arn:aws:iam::123456789012:user/*",
        "arn:aws:iam::123456789012:user/${aws:username}",
        "arn:aws:iam::123456789012:group/*",
        "arn:aws:iam::123456789012:policy/*",
        "arn:aws:iam::123456789012:role/helper",
    ]);
    (prop::bool::weighted(0.75), prop::bool::weighted(0.7), action, resource).prop_map(
        |(allow, plain, action, resource)| {
            let effect = if allow { "Allow" } else { "Deny" };
            let element = if plain { "Action" } else { "NotAction" };
            json!({ "Effect": effect, element: action, "Resource": resource })
        },
    )
}

fn statements() -> impl Strategy<Value = Value> {
    prop::collection::vec(statement(), 1..5).prop_map(Value::from)
}

/// Some of the calls of the table: those of IAM, which no policy is exempt from. Whose password a role would change is
/// asked before the policies are.
fn some_calls() -> impl Strategy<Value = Vec<usize>> {
    let of_iam = |call: &Call| query::operation(query::Service::Iam, call.name).is_some();
    let all = calls().into_iter().enumerate();
    let chosen = all.filter(|(_, call)| of_iam(call) && call.name != "ChangePassword").map(|(at, _)| at);
    prop::sample::subsequence(chosen.collect::<Vec<_>>(), 10)
}

fn picked(chosen: &[usize]) -> Vec<Call> {
    let all = calls().into_iter().enumerate();
    all.filter(|(at, _)| chosen.contains(at)).map(|(_, call)| call).collect()
}

/// Which of the calls a key may make. The disk takes nothing more, so that one call changes nothing for the next.
fn allowed(world: &World, key: &Key, calls: &[Call]) -> Vec<&'static str> {
    let refused = ["AccessDenied", "InvalidClientTokenId"];
    let may = |call: &&Call| !refused.contains(&outcome(&world.iam(key, &call.pairs())));
    calls.iter().filter(may).map(|call| call.name).collect()
}

fn within(made: &[&str], source: &[&str]) -> bool {
    made.iter().all(|call| source.contains(call))
}

/// What is made of alice's key and of the role that she may assume.
struct Made {
    second_key: Key,
    session: Key,
    plain: Key,
    federated: Option<Key>,
    /// Of the role: a session, one with a session policy, and one that each of them made in turn.
    roles: Option<[Key; 4]>,
}

fn make(world: &World, limit: &Value) -> Made {
    let alice = Key::of("alice");
    let (spare, number) = (serial("spare"), code(NOW, 0));
    let policy = json!({ "Version": "2012-10-17", "Statement": limit }).to_string();
    let limited = [("Policy", policy.as_str())];
    let federation = [("Action", "GetFederationToken"), ("Name", "visitor"), limited[0]];
    let federated = world.sts(&alice, &federation);
    let given = |answer: Outgoing| (answer.status == 200).then(|| Key::given(&answer.body));
    let whole = given(assume(world, &alice, "helper", &[]));
    let part = given(assume(world, &alice, "helper", &limited));
    assert_eq!(whole.is_some(), part.is_some(), "a session policy does not decide who may assume");
    let roles = whole.zip(part).map(|(whole, part)| {
        let [chained, shortened] =
            [&[][..], &limited[..]].map(|more| Key::given(&assume(world, &whole, "helper", more).body));
        [whole, part, chained, shortened]
    });
    let key = [("Action", "CreateAccessKey"), ("UserName", "alice")];
    Made {
        second_key: Key::given(&world.iam(&Key::root(), &key).body),
        session: Key::given(&token(world, &alice, &[("SerialNumber", &spare), ("TokenCode", &number)]).body),
        plain: Key::given(&token(world, &alice, &[]).body),
        federated: given(federated),
        roles,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rl_051_what_is_made_from_a_credential_does_no_more_than_it(
        own in statements(),
        limit in statements(),
        chosen in some_calls(),
    ) {
        let mut account = furnished(vec![user("alice", &own)]);
        account["virtual_mfa"][1] = json!({ "name": "spare", "seed": crate::world::SEED, "user": "alice" });
        let disk = Disk::of(&account);
        let world = World { endpoint: disk.start(), now: std::cell::Cell::new(NOW) };
        let made = make(&world, &limit);
        disk.fails(Fault::Lost);
        let calls = picked(&chosen);
        let may = |key: &Key| allowed(&world, key, &calls);

        let source = may(&Key::of("alice"));
        prop_assert_eq!(&may(&made.second_key), &source);
        prop_assert_eq!(&may(&made.session), &source, "no MFA key is asked for: they are equal");
        prop_assert!(may(&made.plain).is_empty(), "EV-097");
        if let Some(federated) = &made.federated {
            prop_assert!(within(&may(federated), &source));
        }
        if let Some([whole, part, chained, shortened]) = &made.roles {
            let whole = may(whole);
            let part = may(part);
            prop_assert!(within(&part, &whole));
            prop_assert_eq!(may(chained), whole, "the role's own policy");
            prop_assert_eq!(may(shortened), part);
        }
    }
}
