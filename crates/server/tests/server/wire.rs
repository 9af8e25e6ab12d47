//! What real clients count on in answers, and what no client may send (API-001 to API-051, group H).

use serde_json::json;
use twokeys_server::query::Service;

use crate::calls::furnished;
use crate::world::{ACCOUNT, Key, NOW, World, date, element, outcome, raw, user};

fn world() -> World {
    World::of(&furnished(Vec::new()))
}

/// Asks as root with a body that is sent as it is.
fn send(world: &World, service: Service, query: &str, body: &str) -> (u16, String, String) {
    use twokeys_server::endpoint::Incoming;
    use twokeys_server::sigv4::{SignedRequest, sign};
    let date = date(NOW);
    let mut headers = vec![
        ("content-type", "application/x-www-form-urlencoded"),
        ("host", "127.0.0.1:4599"),
        ("x-amz-date", date.as_str()),
    ];
    let Key { id, secret, .. } = Key::root();
    let request =
        SignedRequest { method: "POST", path: "/", query, headers: &headers, body: body.as_bytes() };
    let authorization = sign(&request, &id, secret.as_bytes(), "us-east-1", service.as_str());
    headers.push(("authorization", &authorization));
    let signed = SignedRequest { method: "POST", path: "/", query, headers: &headers, body: body.as_bytes() };
    let incoming = Incoming { signed, source_ip: std::net::Ipv4Addr::LOCALHOST.into(), now: NOW };
    let answer = world.endpoint.answer(&incoming, "id");
    let message = element(&answer.body, "Message").unwrap_or_default().to_owned();
    (answer.status, outcome(&answer).to_owned(), message)
}

#[test]
fn api_001_api_009_action_and_version_choose_the_operation() {
    let world = world();
    for (service, body, status, code, message) in [
        (Service::Iam, "Version=2010-05-08", 400, "MissingAction", ""),
        (
            Service::Iam,
            "Action=Fly&Version=2010-05-08",
            400,
            "InvalidAction",
            "Could not find operation Fly for version 2010-05-08",
        ),
        (
            Service::Iam,
            "Action=ListUsers",
            400,
            "InvalidAction",
            "Could not find operation ListUsers for version NO_VERSION_SPECIFIED",
        ),
        (
            Service::Iam,
            "Action=ListUsers&Version=2011-06-15",
            400,
            "InvalidAction",
            "Could not find operation ListUsers for version 2011-06-15",
        ),
        (
            Service::Iam,
            "Action=listusers&Version=2010-05-08",
            400,
            "InvalidAction",
            "Could not find operation listusers",
        ),
        (
            Service::Iam,
            "Action=GetCallerIdentity&Version=2011-06-15",
            400,
            "InvalidAction",
            "Could not find operation GetCallerIdentity",
        ),
        (
            Service::Sts,
            "Action=ListUsers&Version=2010-05-08",
            400,
            "InvalidAction",
            "Could not find operation ListUsers",
        ),
        (Service::Sts, "Action=GetCallerIdentity&Version=2011-06-15", 200, "ok", ""),
        (Service::Iam, "Action=ListUsers&Version=2010-05-08&Unknown=1", 200, "ok", ""),
    ] {
        let got = send(&world, service, "", body);
        assert!(got.0 == status && got.1 == code && got.2.starts_with(message), "{body}: {got:?}");
    }
}

#[test]
fn h007_h008_h009_a_parameter_is_said_once_and_in_one_place() {
    let world = world();
    let before = world.records();
    for (query, body) in [
        ("", "Action=GetUser&Action=DeleteUser&UserName=target&Version=2010-05-08"),
        ("", "Action=DeleteUser&Action=GetUser&UserName=target&Version=2010-05-08"),
        ("", "Action=GetUser&UserName=target&UserName=idle&Version=2010-05-08"),
        ("", "Action=GetUser&action=DeleteUser&UserName=target&Version=2010-05-08"),
        ("", "Action=GetUser&UserName=target&username=idle&Version=2010-05-08"),
        ("UserName=target", "Action=DeleteUser&UserName=idle&Version=2010-05-08"),
        ("Action=GetUser", "Action=DeleteUser&UserName=idle&Version=2010-05-08"),
        ("", "Action=TagUser&UserName=target&Tags.member.0.Key=a&Tags.member.0.Value=b&Version=2010-05-08"),
        ("", "Action=TagUser&UserName=target&Tags.member.2.Key=a&Tags.member.2.Value=b&Version=2010-05-08"),
    ] {
        let got = send(&world, Service::Iam, query, body);
        assert_eq!(got.0, 400, "{query} {body}: {got:?}");
    }
    assert_eq!(world.records(), before);
}

#[test]
fn h022_no_name_holds_what_would_end_a_line() {
    let world = world();
    let before = world.records();
    for name in ["a%0D%0ASet-Cookie:%20x", "a%0Ab", "a%00b", "a%20b", "%3Cscript%3E", "a%C3%A9"] {
        for body in [
            format!("Action=CreateUser&UserName={name}&Version=2010-05-08"),
            format!("Action=CreateVirtualMFADevice&VirtualMFADeviceName={name}&Version=2010-05-08"),
        ] {
            let got = send(&world, Service::Iam, "", &body);
            assert_eq!((got.0, got.1.as_str()), (400, "ValidationError"), "{body}: {}", got.2);
        }
    }
    assert_eq!(world.records(), before);
}

#[test]
fn api_005_documents_come_percent_encoded_and_as_they_were_written() {
    let world = world();
    let document = r#"{ "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::ü+é/*"} }"#;
    let named = [("UserName", "target"), ("PolicyName", "p")];
    let put = [&[("Action", "PutUserPolicy"), ("PolicyDocument", document)], &named[..]].concat();
    assert_eq!(outcome(&world.iam(&Key::root(), &put)), "ok");
    let got = world.iam(&Key::root(), &[&[("Action", "GetUserPolicy")], &named[..]].concat());
    let encoded = element(&got.body, "PolicyDocument").unwrap();
    assert!(
        encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%*+/".contains(&byte)),
        "{encoded}"
    );
    assert!(!encoded.contains('+'), "a blank is %20: {encoded}");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(encoded).collect();
    assert_eq!(String::from_utf8(bytes).unwrap(), document);
}

#[test]
fn api_044_who_is_calling_in_each_kind_of_credential() {
    let world = World::of(&furnished(vec![user(
        "alice",
        &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]),
    )]));
    let identity = |key: &Key| {
        let body = world.sts(key, &[("Action", "GetCallerIdentity")]).body;
        let member = |name| element(&body, name).unwrap_or_default().to_owned();
        assert_eq!(member("Account"), ACCOUNT);
        (member("UserId"), member("Arn"))
    };
    assert_eq!(identity(&Key::root()), (ACCOUNT.to_owned(), format!("arn:aws:iam::{ACCOUNT}:root")));
    let (id, arn) = identity(&Key::of("alice"));
    assert!(id.starts_with("AIDA") && id.len() == 21, "{id}");
    assert_eq!(arn, format!("arn:aws:iam::{ACCOUNT}:user/alice"));
    let role = [
        ("Action", "AssumeRole"),
        ("RoleArn", "arn:aws:iam::123456789012:role/helper"),
        ("RoleSessionName", "one"),
    ];
    let (id, arn) = identity(&Key::given(&world.sts(&Key::of("alice"), &role).body));
    assert!(id.starts_with("AROA") && id.ends_with(":one"), "{id}");
    assert_eq!(arn, format!("arn:aws:sts::{ACCOUNT}:assumed-role/helper/one"));
    let visitor = [("Action", "GetFederationToken"), ("Name", "visitor")];
    let visitor = identity(&Key::given(&world.sts(&Key::of("alice"), &visitor).body));
    assert_eq!(
        visitor,
        (format!("{ACCOUNT}:visitor"), format!("arn:aws:sts::{ACCOUNT}:federated-user/visitor"))
    );
}

#[test]
fn api_045_the_summary_counts_devices_and_those_in_use() {
    let world = world();
    let body = world.iam(&Key::root(), &[("Action", "GetAccountSummary")]).body;
    let entry = |key: &str| {
        let rest = body.split_once(&format!("<key>{key}</key>")).unwrap_or_else(|| panic!("{key}")).1;
        element(rest, "value").unwrap().parse::<u64>().unwrap()
    };
    assert_eq!((entry("MFADevices"), entry("MFADevicesInUse"), entry("AccountMFAEnabled")), (2, 1, 0));
    assert_eq!((entry("Users"), entry("Groups"), entry("Roles"), entry("Policies")), (2, 2, 2, 1));
    assert_eq!(entry("AccessKeysPerUserQuota"), 2);
}

#[test]
fn api_051_a_denial_names_who_what_where_and_the_kind_of_policy() {
    let mut bounded = user("bounded", &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    bounded["boundary"] = json!("arn:aws:iam::123456789012:policy/limits");
    let mut account = furnished(vec![
        bounded,
        user("denied", &json!([{ "Effect": "Deny", "Action": "iam:*", "Resource": "*" }])),
        user("silent", &json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }])),
    ]);
    account["policies"]["limits"] = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } });
    let world = World::of(&account);
    for (caller, pairs, wanted) in [
        (
            "denied",
            vec![("Action", "GetUser"), ("UserName", "target")],
            "iam:GetUser on resource: user target with an explicit deny in an identity-based policy",
        ),
        (
            "silent",
            vec![("Action", "ListUsers")],
            "iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action",
        ),
        (
            "bounded",
            vec![("Action", "GetRole"), ("RoleName", "helper")],
            "iam:GetRole on resource: role helper because no permissions boundary allows the iam:GetRole action",
        ),
    ] {
        let answer = world.iam(&Key::of(caller), &pairs);
        let said = element(&answer.body, "Message").unwrap();
        assert_eq!(answer.status, 403);
        assert_eq!(
            said,
            format!("User: arn:aws:iam::123456789012:user/{caller} is not authorized to perform: {wanted}")
        );
    }
}

#[test]
fn api_052_the_event_of_a_refusal_holds_its_reason_and_no_secret() {
    let world = world();
    let (phone, number) = (crate::world::serial("phone"), "000000");
    let answer = world.sts(
        &Key::of("target"),
        &[("Action", "GetSessionToken"), ("SerialNumber", &phone), ("TokenCode", number)],
    );
    let event = format!("{:?}", answer.event);
    for held in ["sts:GetSessionToken", "user/target", &phone, "AccessDenied", "code wrong"] {
        assert!(event.contains(held), "{held}: {event}");
    }
    for secret in [number, crate::world::SEED, &Key::of("target").secret] {
        assert!(!event.contains(secret), "{event}");
    }
    let nobody = raw(&world.endpoint, NOW, &[("host", "127.0.0.1")], "Action=ListUsers");
    assert_eq!(nobody.event.error.as_deref(), Some("MissingAuthenticationToken"));
}
