//! Not drawn but walked through: every operator on every value, every principal against every entry.
//!
//! Chance finds what happens when rules meet; details of one rule are surer found in order.

use twokeys::policy::BASES;
use twokeys::request::PrincipalDetails;

use super::Case;
use super::keys::{KEYS, Key};
use super::policies::{constant, quoted};
use super::requests::RequestDraft;
use super::scene::{HOME, PRINCIPALS, TOPICS};
use super::worlds::WorldDraft;

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";

/// Every key with every operator and each of its policy values; asked with each of its request
/// values, without the key, and with it or a variable unknown.
pub fn every_condition() -> impl Iterator<Item = Case> {
    KEYS.iter().flat_map(|key| operators(key).into_iter().map(move |operator| (key, operator))).flat_map(
        |(key, operator)| {
            let values: &[&str] =
                if operator.ends_with("Null") { &["true", "False", "x"] } else { key.in_policy };
            values.iter().map(move |value| condition_case(key, &operator, value))
        },
    )
}

/// The operators that fit a key in all their forms, and all others plain.
fn operators(key: &Key) -> Vec<String> {
    let mut names: Vec<String> = BASES.iter().map(|(name, _)| (*name).to_owned()).collect();
    for name in key.operators.iter().filter(|name| !name.contains(':')) {
        names.push(format!("{name}IfExists"));
        for prefix in ["ForAllValues:", "ForAnyValue:"] {
            names.push(format!("{prefix}{name}"));
            names.push(format!("{prefix}{name}IfExists"));
        }
    }
    names.extend(key.operators.iter().filter(|name| name.contains(':')).map(|name| (*name).to_owned()));
    names.extend(["ForAllValues:Null".to_owned(), "ForAnyValue:Null".to_owned()]);
    names
}

fn condition_case(key: &Key, operator: &str, value: &str) -> Case {
    let pair = format!("{{{}: {{{}: {}}}}}", quoted(operator), quoted(key.name), quoted(value));
    let statement = format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {pair}}}"#);
    let policy = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    let world = WorldDraft { identity: vec![policy], ..WorldDraft::default() };
    let known = |name: &str, values: &[&str]| {
        (name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
    };
    // What the variables in the values stand for; with a star, which must stay one.
    let variables = [
        known("aws:username", &["alice"]),
        known("aws:PrincipalTag/team", &["a*"]),
        known("aws:SourceArn", &["arn:aws:iam::111122223333:role/*"]),
        known("aws:TagKeys", &["x", "y"]),
    ];
    let plain = RequestDraft {
        known: variables.into_iter().filter(|(name, _)| name != key.name).collect(),
        ..asked_by(ALICE)
    };
    let with = |values: &&[&str]| {
        let mut request = plain.clone();
        request.known.push(known(key.name, values));
        request
    };
    let mut requests: Vec<RequestDraft> = key.in_request.iter().map(with).collect();
    let hidden = |mut request: RequestDraft, name: &str| {
        request.known.retain(|(given, _)| given != name);
        request.unknown.push(name.to_owned());
        request
    };
    let variables_hidden: Vec<RequestDraft> =
        requests.iter().take(2).map(|request| hidden(request.clone(), "aws:username")).collect();
    requests.extend(variables_hidden);
    // All that the values could name is unknown, which tells malformed variables from others.
    let hide_all = |request: &RequestDraft| RequestDraft {
        known: request.known.iter().filter(|(given, _)| given == key.name).cloned().collect(),
        unknown: vec!["*".to_owned()],
        ..request.clone()
    };
    let all_hidden: Vec<RequestDraft> = requests.iter().take(2).map(hide_all).collect();
    requests.extend(all_hidden);
    requests.push(hidden(plain.clone(), key.name));
    requests.push(plain);
    Case::walked(world, requests)
}

/// Every requester against entries of `Principal` and `NotPrincipal`, in the same account and across,
/// where the other layers allow, are silent or are not there.
pub fn every_principal() -> impl Iterator<Item = Case> {
    let forms = [("Allow", "Principal"), ("Allow", "NotPrincipal"), ("Deny", "NotPrincipal")];
    let layers = [None, Some(true), Some(false)];
    let layers =
        move || layers.into_iter().flat_map(move |one| layers.into_iter().map(move |other| (one, other)));
    entries().into_iter().flat_map(move |entry| {
        forms.into_iter().flat_map(move |(effect, element)| {
            let entry = entry.clone();
            layers().map(move |(identity, ceiling)| {
                principal_case(effect, &format!("{}: {entry}", quoted(element)), identity, ceiling)
            })
        })
    })
}

/// Values of the principal element.
fn entries() -> Vec<String> {
    let one = |kind: &str, text: &str| format!("{{{}: {}}}", quoted(kind), quoted(text));
    let mut values = vec![quoted("*"), one("AWS", "*"), one("Service", "*"), "{}".to_owned()];
    values.extend(PRINCIPALS.iter().filter(|who| who.starts_with("arn:")).map(|who| one("AWS", who)));
    for text in [HOME, "arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/team/app"] {
        values.push(one("AWS", text));
    }
    for text in
        ["AIDAALICE", "AROAAPP", "arn:aws:iam::111122223333:user/*", "arn:aws-cn:iam::111122223333:root"]
    {
        values.push(one("AWS", text));
    }
    for role in ["arn:aws:iam::111122223333:role/app", "AROAAPP"] {
        values.push(format!(r#"{{"AWS": ["arn:aws:sts::111122223333:assumed-role/app/s1", "{role}"]}}"#));
    }
    for (kind, text) in [
        ("CanonicalUser", "c0ffee"),
        ("Service", "x.amazonaws.com"),
        ("Service", "x.us-east-1.amazonaws.com"),
        ("Federated", "idp.example.com"),
        ("Federated", "arn:aws:iam::111122223333:oidc-provider/idp.example.com"),
    ] {
        values.push(one(kind, text));
    }
    values
}

fn principal_case(effect: &str, part: &str, identity: Option<bool>, ceiling: Option<bool>) -> Case {
    let allow_all = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
    let mut statements = vec![format!(r#"{{"Effect": "{effect}", {part}, "Action": "*", "Resource": "*"}}"#)];
    if effect == "Deny" {
        statements.push(allow_all.to_owned());
    }
    let all_or_nothing = |allows: Option<bool>| allows.map(|allows| constant(allows, false));
    let world = WorldDraft {
        identity: all_or_nothing(identity).into_iter().collect(),
        boundary: all_or_nothing(ceiling),
        resource: Some(format!(r#"{{"Statement": [{}]}}"#, statements.join(", "))),
        ..WorldDraft::default()
    };
    Case::walked(world, PRINCIPALS.iter().flat_map(|who| with_and_without_facts(who)).collect())
}

/// A requester of whom nothing is known but the name, and one of whom all is known.
fn with_and_without_facts(who: &str) -> [RequestDraft; 2] {
    let account = if who.contains(HOME) { HOME } else { super::scene::AWAY };
    let arn = |name: &str| format!("arn:aws:iam::{account}:{name}").parse().ok();
    let is = |kind: &str| who.contains(kind);
    let unique_id = match () {
        () if is(":user/alice") => Some("AIDAALICE".to_owned()),
        () if is(":assumed-role/app/") => Some("AROAAPP".to_owned()),
        () => None,
    };
    let details = PrincipalDetails {
        role_arn: if is(":assumed-role/app/") { arn("role/team/app") } else { None },
        issuer_user_arn: if is(":federated-user/") { arn("user/alice") } else { None },
        unique_id,
        canonical_user: (is(":root") || is(":user/")).then(|| "c0ffee".to_owned()),
        service_names: is(".amazonaws.com")
            .then(|| "x.us-east-1.amazonaws.com".to_owned())
            .into_iter()
            .collect(),
        ..PrincipalDetails::default()
    };
    [asked_by(who), RequestDraft { details, ..asked_by(who) }]
}

/// Incomplete and odd resource patterns in every layer, on every resource.
pub fn every_layer() -> impl Iterator<Item = Case> {
    const PATTERNS: &[&str] = &[
        "*",
        "**",
        "arn",
        "arn*",
        "arn:aws",
        "arn:aws:*",
        "arn:aws:s3",
        "arn:aws:s3*",
        "arn:aws:s3:*:",
        "arn:aws:s3:::",
        "arn:aws:*:us-east-1",
        "*:*:*:*:*:*",
        "arn:aws:s3:::*",
        "*:aws:s3",
        "arn:aws:${*}:::*",
        "arn:aws:s3:::data/${*}*",
    ];
    PATTERNS.iter().flat_map(|pattern| (0..7).map(move |layer| layer_case(pattern, layer)))
}

fn layer_case(pattern: &str, layer: u32) -> Case {
    let statement = |effect: &str, principal: &str, resource: &str| {
        format!(r#"{{"Effect": "{effect}", {principal}"Action": "*", "Resource": {}}}"#, quoted(resource))
    };
    let policy = |statement: String| format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
    let everyone = r#""Principal": "*", "#;
    let text = || policy(statement("Allow", "", pattern));
    let open = || policy(statement("Allow", everyone, pattern));
    let mut world = WorldDraft { identity: vec![constant(true, false)], ..WorldDraft::default() };
    match layer {
        0 => world.identity = vec![text()],
        1 => world.boundary = Some(text()),
        2 => world.session = vec![text()],
        3 => world.scps = vec![vec![text()]],
        4 => world.rcps = vec![vec![policy(statement("Deny", everyone, pattern))]],
        5 => world.endpoint = Some(open()),
        _ => world = WorldDraft { resource: Some(open()), ..WorldDraft::default() },
    }
    let asked_of = |who: &str| {
        let who = who.to_owned();
        TOPICS.iter().map(move |topic| RequestDraft { resource: topic.resource.to_owned(), ..asked_by(&who) })
    };
    let session = "arn:aws:sts::111122223333:assumed-role/app/s1";
    Case::walked(world, asked_of(ALICE).chain(asked_of(session)).collect())
}

fn asked_by(who: &str) -> RequestDraft {
    RequestDraft {
        principal: who.to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::data/alice/red".to_owned(),
        resource_account: Some(HOME.to_owned()),
        ..RequestDraft::default()
    }
}
