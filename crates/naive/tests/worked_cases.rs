//! The worked cases of `tests/data/evaluation-cases.json`, decided by the plain evaluator.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use serde_json::Value;
use twokeys::policy::Policy;
use twokeys::request::CredentialType;
use twokeys_naive::generate::RequestDraft;
use twokeys_naive::{Outcome, World, evaluate};

#[test]
fn every_worked_case_ends_as_written() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/evaluation-cases.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(cases.len() >= 422, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let answer = evaluate(&world(&case["policies"]), &request(&case["request"]).build().unwrap());
        let expected = match case["expected"].as_str() {
            Some("Allowed") => Outcome::Allowed,
            Some("ImplicitlyDenied") => Outcome::ImplicitlyDenied,
            Some("ExplicitlyDenied") => Outcome::ExplicitlyDenied,
            other => panic!("{}: no outcome is called {other:?}", case["id"]),
        };
        if answer.possible != BTreeSet::from([expected]) {
            wrong.push(format!(
                "{} ({}): {:?} instead of {expected:?}",
                case["id"], case["rule"], answer.possible
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn world(policies: &Value) -> World {
    let known =
        ["identity", "resource", "boundary", "session", "scps", "rcps", "vpce"].map(str::to_owned).to_vec();
    assert!(policies.as_object().unwrap().keys().all(|member| known.contains(member)), "{policies}");
    let policy = |value: &Value| {
        Policy::parse(&value.to_string()).unwrap_or_else(|error| panic!("{error:?}: {value}"))
    };
    let list =
        |value: &Value| -> Vec<Policy> { value.as_array().into_iter().flatten().map(policy).collect() };
    let one = |value: &Value| (!value.is_null()).then(|| policy(value));
    let levels = |value: &Value| value.as_array().into_iter().flatten().map(list).collect();
    World {
        identity: list(&policies["identity"]),
        boundary: one(&policies["boundary"]),
        session: list(&policies["session"]),
        resource: one(&policies["resource"]),
        scps: levels(&policies["scps"]),
        rcps: levels(&policies["rcps"]),
        endpoint: one(&policies["vpce"]),
        ..World::default()
    }
}

fn request(value: &Value) -> RequestDraft {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let texts = |value: &Value| value.as_array().into_iter().flatten().filter_map(text).collect::<Vec<_>>();
    let facts = &value["principalDetails"];
    let mut draft = RequestDraft {
        principal: text(&value["principal"]).unwrap(),
        action: text(&value["action"]).unwrap(),
        resource: text(&value["resource"]).unwrap(),
        resource_account: text(&value["resourceAccount"]),
        resource_in_management_account: value["resourceInManagementAccount"].as_bool().unwrap_or_default(),
        ..RequestDraft::default()
    };
    for (key, values) in value["context"].as_object().unwrap() {
        draft.known.push((key.clone(), texts(values)));
    }
    draft.details.role_arn = facts["roleArn"].as_str().map(|arn| arn.parse().unwrap());
    draft.details.issuer_user_arn = facts["issuerUserArn"].as_str().map(|arn| arn.parse().unwrap());
    draft.details.unique_id = text(&facts["uniqueId"]);
    draft.details.canonical_user = text(&facts["canonicalUser"]);
    draft.details.service_names = texts(&facts["serviceNames"]);
    draft.details.management_account = facts["managementAccount"].as_bool().unwrap_or_default();
    draft.details.credential = facts["credential"].as_str().map(|word| match word {
        "long-term" => CredentialType::LongTerm,
        "get-session-token" => CredentialType::GetSessionToken,
        "get-federation-token" => CredentialType::GetFederationToken,
        other => panic!("no credential is called {other}"),
    });
    draft
}
