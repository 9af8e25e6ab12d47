//! Nobody does what no policy allows: every operation, every caller, every defect (RL-050 to RL-054).

use std::collections::BTreeSet;

use serde_json::json;
use twokeys_server::model::keep_known;
use twokeys_server::query::{self, Service};
use twokeys_server::wire::Params;

use crate::calls::{calls, furnished};
use crate::world::{Key, NOW, World, date, form, outcome, raw, user};

/// Policies have no say in these (EV-096).
const EXEMPT: [&str; 2] = ["GetSessionToken", "GetCallerIdentity"];

fn service(name: &str) -> Service {
    let is_sts = query::operation(Service::Sts, name).is_some();
    if is_sts { Service::Sts } else { Service::Iam }
}

#[test]
fn the_table_of_calls_is_the_table_of_routes() {
    let called: BTreeSet<&str> = calls().iter().map(|call| call.name).collect();
    let served: BTreeSet<&str> = query::operations().map(|operation| operation.name).collect();
    assert_eq!(called, served);
    assert_eq!(served.len(), 101);
}

/// Callers of one operation: with nothing, with all but it, with all and a `Deny`, with it alone.
fn callers(action: &str) -> World {
    World::of(&furnished(vec![
        user("nothing", &json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }])),
        user("others", &json!([{ "Effect": "Allow", "NotAction": action, "Resource": "*" }])),
        user(
            "denied",
            &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": action, "Resource": "*" }]),
        ),
        user("only", &json!([{ "Effect": "Allow", "Action": action, "Resource": "*" }])),
    ]))
}

#[test]
fn rl_050_rl_053_each_operation_is_granted_by_its_own_name_alone() {
    let mut wrong = Vec::new();
    for call in calls() {
        let service = service(call.name);
        let world = callers(&format!("{}:{}", service.as_str(), call.name));
        let ask = |name: &str| match service {
            Service::Iam => world.iam(&Key::of(name), &call.pairs()),
            Service::Sts => world.sts(&Key::of(name), &call.pairs()),
        };
        let before = world.records();
        for caller in ["nothing", "others", "denied"] {
            let wanted = if EXEMPT.contains(&call.name) { "ok" } else { "AccessDenied" };
            let answer = ask(caller);
            if outcome(&answer) != wanted {
                wrong.push(format!("{} by {caller}: {} {}", call.name, outcome(&answer), answer.body));
            }
            if world.records() != before {
                wrong.push(format!("{} by {caller} changed something", call.name));
            }
        }
        let answer = ask("only");
        if outcome(&answer) != call.comes_to {
            wrong.push(format!("{} allowed: {} {}", call.name, outcome(&answer), answer.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ev_097_sessions_without_mfa_and_federated_ones_call_no_iam() {
    let world = World::of(&furnished(vec![user(
        "alice",
        &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]),
    )]));
    let session = Key::given(&world.sts(&Key::of("alice"), &[("Action", "GetSessionToken")]).body);
    let federated = world.sts(
        &Key::of("alice"),
        &[
            ("Action", "GetFederationToken"),
            ("Name", "visitor"),
            (
                "Policy",
                r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
            ),
        ],
    );
    let federated = Key::given(&federated.body);
    let role = world.sts(
        &Key::of("alice"),
        &[
            ("Action", "AssumeRole"),
            ("RoleArn", "arn:aws:iam::123456789012:role/helper"),
            ("RoleSessionName", "alice"),
        ],
    );
    let role = Key::given(&role.body);
    let before = world.records();
    let mut wrong = Vec::new();
    for call in calls() {
        let is_iam = service(call.name) == Service::Iam;
        let cases = [
            // STS-009, STS-010
            (
                &session,
                if is_iam { "InvalidClientTokenId" } else { "AccessDenied" },
                &["AssumeRole", "GetCallerIdentity"][..],
            ),
            (&federated, "AccessDenied", &["GetCallerIdentity"][..]),
        ];
        for (key, refused, free) in cases {
            let answer = if is_iam { world.iam(key, &call.pairs()) } else { world.sts(key, &call.pairs()) };
            let wanted = match call.name {
                name if free.contains(&name) => "ok",
                // Whose password? Nobody's: that is told before the gate.
                "ChangePassword" if key.id == federated.id => "InvalidUserType",
                _ => refused,
            };
            if outcome(&answer) != wanted {
                wrong.push(format!("{}: {} {}", call.name, outcome(&answer), answer.body));
            }
        }
        if ["GetSessionToken", "GetFederationToken"].contains(&call.name) {
            assert_eq!(outcome(&world.sts(&role, &call.pairs())), "AccessDenied", "{} by a role", call.name);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.records(), before);
}

#[test]
fn rl_052_leave_to_manage_oneself_reaches_nobody_else() {
    let own = "arn:aws:iam::123456789012:user/${aws:username}";
    let world = World::of(&furnished(vec![user(
        "alice",
        &json!([{ "Effect": "Allow", "Action": "iam:*", "Resource": [own, "arn:aws:iam::123456789012:mfa/${aws:username}"] }]),
    )]));
    let before = world.records();
    let mut asked = 0;
    for call in calls() {
        let names = |wanted: &str| call.pairs().iter().any(|(_, value)| *value == wanted);
        if !names("target") && !names("idle") && !call.pairs().iter().any(|(name, _)| *name == "SerialNumber")
        {
            continue;
        }
        asked += 1;
        assert_eq!(outcome(&world.iam(&Key::of("alice"), &call.pairs())), "AccessDenied", "{}", call.name);
    }
    assert!(asked > 30, "{asked}");
    assert_eq!(world.records(), before);
    assert_eq!(outcome(&world.iam(&Key::of("alice"), &[("Action", "GetUser")])), "ok");
    assert_eq!(outcome(&world.iam(&Key::of("alice"), &[("Action", "CreateAccessKey")])), "ok");
}

fn takes(service: Service, operation: &str, name: &str) -> bool {
    let mut params = Params::read(format!("{name}=x").as_bytes()).unwrap();
    keep_known(service, operation, &mut params);
    params.has(name)
}

#[test]
fn rl_003_rl_052_a_parameter_that_an_operation_does_not_take_moves_nothing() {
    let arn = |rest: &str| format!("arn:aws:iam::123456789012:{rest}");
    let world = World::of(&furnished(vec![user(
        "alice",
        &json!([{ "Effect": "Allow", "Action": "iam:ChangePassword", "Resource": arn("user/target") }]),
    )]));
    let extra = [
        ("UserName", "target".to_owned()),
        ("GroupName", "staff".to_owned()),
        ("RoleName", "helper".to_owned()),
        ("PolicyArn", arn("policy/everything")),
        ("SerialNumber", arn("mfa/phone")),
        ("TokenCode", "123456".to_owned()),
        ("Path", "/elsewhere/".to_owned()),
        ("PermissionsBoundary", arn("policy/everything")),
        ("Tags.member.1.Key", "a".to_owned()),
    ];
    let mut wrong = Vec::new();
    for call in calls() {
        let service = service(call.name);
        let ask = |pairs: &[(&str, &str)]| match service {
            Service::Iam => world.iam(&Key::of("alice"), pairs),
            Service::Sts => world.sts(&Key::of("alice"), pairs),
        };
        let plain = ask(&call.pairs());
        for (name, value) in &extra {
            let pairs = [&call.pairs()[..], &[(name, value.as_str())]].concat();
            if call.pairs().iter().any(|(given, _)| given == name) || takes(service, call.name, name) {
                continue;
            }
            let answer = ask(&pairs);
            if (outcome(&answer), &answer.event.resource) != (outcome(&plain), &plain.event.resource) {
                wrong.push(format!("{} with {name}: {:?}", call.name, answer.event));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// AWS asks about what a user or group is and about what it becomes: otherwise whoever may move it within his own
/// path could move it out, or take a name that policies trust.
#[test]
fn a_new_name_or_path_must_be_allowed_too() {
    let here = "arn:aws:iam::123456789012:*/team/*";
    let world = World::of(&furnished(vec![user(
        "mover",
        &json!([
            { "Effect": "Allow", "Action": "iam:Create*", "Resource": here },
            { "Effect": "Allow", "Action": ["iam:UpdateUser", "iam:UpdateGroup"], "Resource": here },
        ]),
    )]));
    let ask = |pairs: &[(&str, &str)]| outcome(&world.iam(&Key::of("mover"), pairs)).to_owned();
    for kind in ["User", "Group"] {
        let (update, name, new_name) =
            (format!("Update{kind}"), format!("{kind}Name"), format!("New{kind}Name"));
        let create = format!("Create{kind}");
        assert_eq!(ask(&[("Action", &create), (&name, "one"), ("Path", "/team/")]), "ok");
        let before = world.records();
        assert_eq!(ask(&[("Action", &update), (&name, "one"), ("NewPath", "/admins/")]), "AccessDenied");
        assert_eq!(world.records(), before);
        assert_eq!(ask(&[("Action", &update), (&name, "one"), (&new_name, "two")]), "ok");
        assert_eq!(ask(&[("Action", &update), (&name, "two"), ("NewPath", "/team/a/")]), "ok");
    }
}

#[test]
fn a_name_that_an_operation_does_not_take_counts_for_nothing() {
    let own = "arn:aws:iam::123456789012:user/target";
    let world = World::of(&furnished(vec![user(
        "alice",
        &json!([{ "Effect": "Allow", "Action": "iam:ChangePassword", "Resource": own }]),
    )]));
    let change = [("Action", "ChangePassword"), ("OldPassword", "a-B-1-long"), ("NewPassword", "a-B-2-long")];
    let named = [&change[..], &[("UserName", "target")]].concat();
    assert_eq!(outcome(&world.iam(&Key::of("alice"), &named)), "AccessDenied");
}

/// What can be wrong with the proof of who calls, and the error that tells it.
type Spoil = fn(&mut Vec<(String, String)>);
const DEFECTS: &[(&str, Spoil, &str)] = &[
    (
        "no signature",
        |headers| headers.retain(|(name, _)| name != "authorization"),
        "MissingAuthenticationToken",
    ),
    ("an empty one", |headers| set(headers, "authorization", |_| String::new()), "IncompleteSignature"),
    (
        "another scheme",
        |headers| set(headers, "authorization", |_| "Bearer x".to_owned()),
        "IncompleteSignature",
    ),
    (
        "another algorithm",
        |headers| set(headers, "authorization", |old| old.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")),
        "IncompleteSignature",
    ),
    ("one digit off", |headers| set(headers, "authorization", flip), "SignatureDoesNotMatch"),
    (
        "cut short",
        |headers| set(headers, "authorization", |old| old[..old.len() - 1].to_owned()),
        "SignatureDoesNotMatch",
    ),
    (
        "a host that is not signed",
        |headers| set(headers, "authorization", |old| old.replace("content-type;host;", "content-type;")),
        "SignatureDoesNotMatch",
    ),
    (
        "another key",
        |headers| set(headers, "authorization", |old| old.replace(&Key::root().id, "AKIAQQQQQQQQQQQQQQQQ")),
        "InvalidClientTokenId",
    ),
    (
        "another service",
        |headers| set(headers, "authorization", |old| old.replace("/iam/", "/s3/").replace("/sts/", "/s3/")),
        "SignatureDoesNotMatch",
    ),
    (
        "another region",
        |headers| set(headers, "authorization", |old| old.replace("us-east-1", "eu-west-1")),
        "SignatureDoesNotMatch",
    ),
    (
        "another day",
        |headers| set(headers, "authorization", |old| old.replace("/20260105/", "/20260104/")),
        "SignatureDoesNotMatch",
    ),
    (
        "twenty minutes ago",
        |headers| set(headers, "x-amz-date", |_| date(NOW - 1_200)),
        "SignatureDoesNotMatch",
    ),
    (
        "in twenty minutes",
        |headers| set(headers, "x-amz-date", |_| date(NOW + 1_200)),
        "SignatureDoesNotMatch",
    ),
    ("another host", |headers| set(headers, "host", |_| "127.0.0.1:80".to_owned()), "SignatureDoesNotMatch"),
    (
        "a token that is not signed",
        |headers| headers.push(("x-amz-security-token".to_owned(), "x".to_owned())),
        "SignatureDoesNotMatch",
    ),
    (
        "a body that is not what its header says",
        |headers| headers.push(("x-amz-content-sha256".to_owned(), "0".repeat(64))),
        "SignatureDoesNotMatch",
    ),
    (
        "an unsigned body",
        |headers| headers.push(("x-amz-content-sha256".to_owned(), "UNSIGNED-PAYLOAD".to_owned())),
        "SignatureDoesNotMatch",
    ),
];

fn set(headers: &mut [(String, String)], name: &str, change: impl Fn(&str) -> String) {
    let (_, value) = headers.iter_mut().find(|(header, _)| header == name).unwrap();
    *value = change(value);
}

fn flip(authorization: &str) -> String {
    let (head, last) = authorization.split_at(authorization.len() - 1);
    format!("{head}{}", if last == "0" { '1' } else { '0' })
}

#[test]
fn rl_054_no_operation_takes_a_caller_who_proves_nothing() {
    let world = World::of(&furnished(Vec::new()));
    let before = world.records();
    let mut wrong = Vec::new();
    for call in calls() {
        let service = service(call.name);
        let body = form(service, &call.pairs());
        for (defect, spoil, wanted) in DEFECTS {
            let mut headers = signed(&body, service);
            spoil(&mut headers);
            let view: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = raw(&world.endpoint, NOW, &view, &body);
            if outcome(&answer) != *wanted || !(400..404).contains(&answer.status) {
                wrong.push(format!("{} with {defect}: {} {}", call.name, answer.status, outcome(&answer)));
            }
        }
    }
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.records(), before);
}

/// The headers of a call of root, all of them signed.
fn signed(body: &str, service: Service) -> Vec<(String, String)> {
    use twokeys_server::sigv4::{SignedRequest, sign};
    let date = date(NOW);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("host", "127.0.0.1:4599"),
        ("x-amz-date", &date),
    ];
    let request =
        SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body: body.as_bytes() };
    let Key { id, secret, .. } = Key::root();
    let authorization = sign(&request, &id, secret.as_bytes(), "us-east-1", service.as_str());
    let mut headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    headers.push(("authorization".to_owned(), authorization));
    headers
}
