//! A generated case as a case of a scenario file (TE-001), to be kept or tried by hand.
//!
//! Two members are not of that format: `unknown` in a request (UX-082), and `options` for switches
//! that scenario files have not.

use twokeys::request::{CredentialType, PrincipalDetails};

use super::policies::quoted;
use super::requests::RequestDraft;
use super::worlds::WorldDraft;

/// The case as JSON.
pub(super) fn case(world: &WorldDraft, request: Option<&RequestDraft>) -> String {
    let mut members = vec![];
    members.extend(request.map(|request| member("request", &request_object(request))));
    members.push(member("policies", &policies(world)));
    if world.without_exempt_actions || !world.mandatory_services.is_empty() {
        members.push(member(
            "options",
            &object(&[
                member("withoutExemptActions", &world.without_exempt_actions.to_string()),
                member("mandatoryServices", &strings(&world.mandatory_services)),
            ]),
        ));
    }
    format!("{{\n{}\n}}", members.join(",\n"))
}

fn policies(world: &WorldDraft) -> String {
    let levels = |levels: &[Vec<String>]| array(&levels.iter().map(|level| array(level)).collect::<Vec<_>>());
    let mut members = vec![member("identity", &array(&world.identity))];
    members.extend(world.boundary.iter().map(|policy| member("boundary", policy)));
    members.extend((!world.session.is_empty()).then(|| member("session", &array(&world.session))));
    members.extend(world.resource.iter().map(|policy| member("resource", policy)));
    members.extend((!world.scps.is_empty()).then(|| member("scps", &levels(&world.scps))));
    members.extend((!world.rcps.is_empty()).then(|| member("rcps", &levels(&world.rcps))));
    members.extend(world.endpoint.iter().map(|policy| member("vpce", policy)));
    object(&members)
}

fn request_object(request: &RequestDraft) -> String {
    let mut members = vec![
        member("principal", &quoted(&request.principal)),
        member("action", &quoted(&request.action)),
        member("resource", &quoted(&request.resource)),
    ];
    members
        .extend(request.resource_account.iter().map(|account| member("resourceAccount", &quoted(account))));
    if request.resource_in_management_account {
        members.push(member("resourceInManagementAccount", "true"));
    }
    let details = details(&request.details);
    members.extend((!details.is_empty()).then(|| member("principalDetails", &object(&details))));
    let keys: Vec<String> = request.known.iter().map(|(key, values)| member(key, &strings(values))).collect();
    members.push(member("context", &object(&keys)));
    members.extend((!request.unknown.is_empty()).then(|| member("unknown", &strings(&request.unknown))));
    object(&members)
}

fn details(details: &PrincipalDetails) -> Vec<String> {
    let mut members = Vec::new();
    members.extend(details.role_arn.iter().map(|arn| member("roleArn", &quoted(arn.as_str()))));
    members.extend(details.issuer_user_arn.iter().map(|arn| member("issuerUserArn", &quoted(arn.as_str()))));
    members.extend(details.unique_id.iter().map(|id| member("uniqueId", &quoted(id))));
    members.extend(details.canonical_user.iter().map(|id| member("canonicalUser", &quoted(id))));
    members.extend(
        (!details.service_names.is_empty()).then(|| member("serviceNames", &strings(&details.service_names))),
    );
    members.extend(details.management_account.then(|| member("managementAccount", "true")));
    members.extend(details.credential.map(|credential| {
        let word = match credential {
            CredentialType::LongTerm => "long-term",
            CredentialType::GetSessionToken => "get-session-token",
            CredentialType::GetFederationToken => "get-federation-token",
        };
        member("credential", &quoted(word))
    }));
    members
}

fn member(name: &str, value: &str) -> String {
    format!("{}: {value}", quoted(name))
}

fn object(members: &[String]) -> String {
    format!("{{\n  {}}}", members.join(",\n  "))
}

fn array(items: &[String]) -> String {
    format!("[{}]", items.join(",\n  "))
}

fn strings(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}
