//! The service reference against the file it is made from, and against the tables of request and engine.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;

use serde::Deserialize;
use twokeys::catalog::{self, Key, KeyType, Level, Service};
use twokeys::engine::{Decision, PolicySet, Prepared, evaluate};
use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{Context, GLOBAL_KEYS, GlobalKey, Request, ValueType};

use crate::outside::output_of;

type Named<T> = BTreeMap<String, T>;

/// The facts as `src/catalog/data/README.md` describes them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    source_version: String,
    source_updated: String,
    counts: Named<usize>,
    global: Named<(String, u8, String)>,
    services: Named<ServiceFacts>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFacts {
    n: String,
    #[serde(default)]
    rcp: u8,
    a: Named<ActionFacts>,
    r: Named<TypeFacts>,
    c: Named<(String, u8)>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionFacts {
    l: String,
    #[serde(default)]
    r: Named<TakenFacts>,
    #[serde(default)]
    k: BTreeSet<String>,
    #[serde(default)]
    d: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TakenFacts {
    #[serde(default)]
    q: u8,
    #[serde(default)]
    k: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeFacts {
    a: String,
    #[serde(default)]
    k: BTreeSet<String>,
}

#[test]
fn the_table_holds_every_fact_and_no_other() {
    let Some(facts) = facts() else { return };
    assert_eq!(facts.source_updated, catalog::date());
    assert_eq!(facts.source_version, catalog::version());
    assert_eq!(facts.counts["services"], catalog::services().count());
    assert_eq!(facts.counts["actions"], catalog::actions().count());
    for service in catalog::services() {
        let written = &facts.services[service.prefix()];
        // Service by service: a whole catalog is no message.
        assert_eq!(&read_back(service), written, "{service}");
    }
    let with_dependent = catalog::actions().filter(|action| action.dependent().next().is_some());
    assert_eq!(facts.counts["actionsWithDependents"], with_dependent.count());
}

/// The service as the facts would write it.
fn read_back(service: Service) -> ServiceFacts {
    let letter = |level: Level| level.as_str().chars().next().unwrap();
    let names = |keys: &mut dyn Iterator<Item = Key>| keys.map(|key| key.name().to_owned()).collect();
    let taken = |action: catalog::Action| {
        let facts = action.resources().map(|taken| {
            let facts = TakenFacts { q: taken.is_required().into(), k: names(&mut taken.keys()) };
            (taken.resource_type().name().to_owned(), facts)
        });
        facts.collect()
    };
    let action = |action: catalog::Action| {
        let facts = ActionFacts {
            l: action.levels().map(letter).collect(),
            r: taken(action),
            k: names(&mut action.keys()),
            d: action.dependent().map(str::to_owned).collect(),
        };
        (action.name().to_owned(), facts)
    };
    let key = |key: Key| {
        // Without a type it is one that only actions name.
        let kind = key.kind()?.as_str().replace("IP address", "IPAddress");
        Some((key.name().to_owned(), (kind, key.is_multivalued().into())))
    };
    let types = service
        .resource_types()
        .map(|of| (of.name().to_owned(), TypeFacts { a: of.arn().to_owned(), k: names(&mut of.keys()) }));
    ServiceFacts {
        n: service.name().to_owned(),
        rcp: service.has_rcp().into(),
        a: service.actions().map(action).collect(),
        r: types.collect(),
        c: service.keys().filter_map(key).collect(),
    }
}

/// The facts' own table of global keys is there for others; ours is `GLOBAL_KEYS`. This lists where they differ.
#[test]
fn global_keys_are_those_of_the_facts_but_for_the_differences_listed() {
    let Some(facts) = facts() else { return };
    let mut differ = Vec::new();
    for (name, (kind, many, _)) in &facts.global {
        let plain = name.replace("${TagKey}", "");
        let Some(ours) = GLOBAL_KEYS.iter().find(|key| key.name.eq_ignore_ascii_case(&plain)) else {
            differ.push(format!("{name}: theirs alone"));
            continue;
        };
        if ours.name != plain {
            differ.push(format!("{name}: ours is spelled {}", ours.name));
        }
        let kinds: Vec<_> =
            ours.types.iter().map(|kind| kind.as_str().replace("IP address", "IPAddress")).collect();
        if kinds != [kind.as_str()] {
            differ.push(format!("{name}: {kind}, ours {}", kinds.join(" or ")));
        }
        if ours.multivalued != (*many == 1) {
            differ.push(format!("{name}: multivalued {many}"));
        }
    }
    for key in GLOBAL_KEYS {
        let name =
            key.name.strip_suffix('/').map_or(key.name.to_owned(), |name| format!("{name}/${{TagKey}}"));
        if !facts.global.keys().any(|theirs| theirs.eq_ignore_ascii_case(&name)) {
            differ.push(format!("{name}: ours alone"));
        }
    }
    insta::assert_snapshot!(differ.join("\n"), @r"
    aws:EpochTime: Date, ours Date or Numeric
    aws:FederatedProvider: String, ours String or ARN
    aws:Referer: ours is spelled aws:referer
    aws:ViaCustomerDomain: theirs alone
    ec2:RoleDelivery: ours alone
    ec2:SourceInstanceArn: ours alone
    lambda:SourceFunctionArn: ours alone
    ssm:SourceInstanceArn: ours alone
    codebuild:BuildArn: ours alone
    codebuild:ProjectArn: ours alone
    glue:RoleAssumedBy: ours alone
    glue:CredentialIssuingService: ours alone
    identitystore:UserId: ours alone
    ");
}

/// A service may list a global key; then it should say what we say.
#[test]
fn services_type_global_keys_as_we_do_but_for_the_differences_listed() {
    let mut differ = BTreeSet::new();
    for service in catalog::services() {
        for key in service.keys() {
            let name = key.name().replace("${TagKey}", "x");
            let (Some(kind), Some(ours)) = (key.kind(), GlobalKey::find(&name)) else {
                continue;
            };
            if !ours.types.contains(&value_type(kind)) || ours.multivalued != key.is_multivalued() {
                let many = if key.is_multivalued() { ", several" } else { "" };
                differ.insert(format!("{}: {}{many} ({service})", key.name(), kind.as_str()));
            }
        }
    }
    insta::assert_snapshot!(Vec::from_iter(differ).join("\n"), @r"
    identitystore:UserId: String, several (q)
    identitystore:UserId: String, several (qbusiness)
    ");
}

/// The engine's list is AWS's page; the reference's flags come from elsewhere.
#[test]
fn resource_control_policies_cover_what_the_reference_says() {
    let nothing = prepared(
        r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}"#,
        PolicyType::ResourceControl,
    );
    let all = prepared(ALL, PolicyType::Identity);
    let set = PolicySet::builder().identity(all).rcp_level(vec![nothing]).build().unwrap();
    let mut differ = Vec::new();
    for service in catalog::services() {
        let Some(action) = service.actions().next() else { continue };
        let decided = evaluate(&set, &request(action)).decision();
        let covered = decided == Decision::ExplicitlyDenied;
        if covered != service.has_rcp() {
            differ.push(format!("{service}: {}", if covered { "ours alone" } else { "theirs alone" }));
        }
    }
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn ac_004_a_wildcard_stands_for_the_actions_that_a_decision_would_match() {
    let none = PolicySet::builder().build().unwrap();
    let mut requests: Vec<_> = catalog::actions().map(|action| (action, request(action))).collect();
    // Two actions of STS need no permission, so no pattern shows in their decisions.
    requests.retain(|(_, request)| evaluate(&none, request).decision() != Decision::Allowed);
    let is_free = |action: &catalog::Action| FREE.contains(&action.to_string().as_str());
    assert_eq!(requests.len() + FREE.len(), catalog::actions().count());
    for pattern in
        ["*", "*:*", "s3:Get*", "S3:*", "?3:*tag*", "*:Get?ser", "iam:*MFA*", "kms:Decrypt", "s3*", "a:b:*"]
    {
        let allow = format!(r#"{{"Effect": "Allow", "Action": "{pattern}", "Resource": "*"}}"#);
        let set = PolicySet::builder().identity(prepared(&allow, PolicyType::Identity)).build().unwrap();
        let allowed = |request: &Request| evaluate(&set, request).decision() == Decision::Allowed;
        let matched = requests.iter().filter(|(_, request)| allowed(request)).map(|(action, _)| *action);
        let mut expanded = catalog::expand(pattern);
        expanded.retain(|action| !is_free(action));
        assert!(matched.eq(expanded), "{pattern}");
    }
}

#[test]
fn looking_up_an_action_allocates_nothing_after_the_first() {
    let look = || {
        for name in ["s3:GetObject", "EC2:runinstances", "zebra:Run", "iam:NoSuchThing"] {
            let found = catalog::action(name);
            std::hint::black_box(found.map(|action| (action.takes_resource(), action.level())));
        }
    };
    // The first look at a service reads its lines.
    look();
    assert_eq!(allocation_counter::measure(look).count_total, 0);
}

const FREE: [&str; 2] = ["sts:GetCallerIdentity", "sts:GetSessionToken"];
const ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

fn prepared(statement: &str, kind: PolicyType) -> Arc<Prepared> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    Prepared::new("p", Policy::parse(&text).unwrap(), kind).unwrap()
}

fn request(action: catalog::Action) -> Request {
    Request {
        principal: "arn:aws:iam::111122223333:user/ana".parse().unwrap(),
        action: action.to_name().unwrap(),
        resource: "*".parse().unwrap(),
        resource_account: "111122223333".parse().ok(),
        resource_in_management_account: false,
        context: Context::default(),
    }
}

fn value_type(kind: KeyType) -> ValueType {
    match kind {
        KeyType::String => ValueType::String,
        KeyType::Arn => ValueType::Arn,
        KeyType::Bool => ValueType::Bool,
        KeyType::Numeric => ValueType::Number,
        KeyType::Date => ValueType::Date,
        KeyType::IpAddress => ValueType::Ip,
    }
}

/// The committed file, unpacked; `None` where there is no `zstd`.
fn facts() -> Option<Facts> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/data/service-reference.json.zst");
    let unpacked = output_of(Command::new("zstd").args(["-dcq", file]))?;
    Some(serde_json::from_slice(&unpacked).unwrap())
}
