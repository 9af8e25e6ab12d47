//! What fits together in one question: facts that a requester can have, and nothing said twice.

use twokeys::request::{ContextBuilder, CredentialType, Details, Principal, PrincipalKind};

use super::question::Given;
use crate::failure::Problem;

/// The keys that `--via-service` sets.
const FORWARDED: [&str; 4] =
    ["aws:ViaAWSService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"];

/// Only facts that such a requester can have. Others would change nothing, or what they must not.
pub(super) fn check(given: &Given, who: &Principal, details: &Details) -> Result<(), Problem> {
    use PrincipalKind::{FederatedUser, RoleSession, Root, Service, User};
    let kind = who.kind();
    let in_account = who.account().is_some();
    let credential = details.credential.map(|credential| match credential {
        CredentialType::LongTerm | CredentialType::GetSessionToken => matches!(kind, User | Root),
        CredentialType::GetFederationToken => kind == FederatedUser,
    });
    for (given, fits, name, whose) in [
        (details.role_arn.is_some(), kind == RoleSession, "roleArn", "a session of a role"),
        (details.issuer_user_arn.is_some(), kind == FederatedUser, "issuerUserArn", "a federated user"),
        (
            details.unique_id.is_some(),
            matches!(kind, User | RoleSession),
            "uniqueId",
            "a user or a session of a role",
        ),
        (details.canonical_user.is_some(), in_account, "canonicalUser", "someone who belongs to an account"),
        (details.service_names.is_some(), kind == Service, "serviceNames", "a service"),
        (
            details.management_account == Some(true),
            in_account,
            "managementAccount",
            "someone who belongs to an account",
        ),
        (
            credential.is_some(),
            credential == Some(true),
            "credential",
            "a user or root, or for `get-federation-token` a federated user",
        ),
    ] {
        if given && !fits {
            let message = format!("the detail `{name}` is that of {whose}, but `{}` asks", who.as_str());
            return Err(Problem::new("bad-detail", message).help("take it away, or correct who asks"));
        }
    }
    if !given.principal_tags.is_empty() && !in_account {
        let message = format!("`{}` has no tags, but --principal-tag gives one", who.as_str());
        return Err(Problem::new("bad-detail", message).help("users, roles and their sessions have tags"));
    }
    if given.via_service.is_some() && !in_account {
        let message = format!("a service forwards calls of accounts, but `{}` asks", who.as_str());
        return Err(
            Problem::new("bad-detail", message).help("take `--via-service` away, or correct who asks")
        );
    }
    Ok(())
}

/// What flags say of a key, the context must not say again (UX-082).
pub(super) fn once(given: &Given, context: &ContextBuilder) -> Result<(), Problem> {
    for (family, flag, tags) in [
        ("aws:PrincipalTag/", "--principal-tag", &given.principal_tags),
        ("aws:ResourceTag/", "--resource-tag", &given.resource_tags),
        ("aws:RequestTag/", "--request-tag", &given.request_tags),
    ] {
        for (at, (key, _)) in tags.iter().enumerate() {
            let again = tags.iter().take(at).any(|(other, _)| other.eq_ignore_ascii_case(key));
            let name = format!("{family}{key}");
            if again || context.names(&name) {
                return Err(twice(&format!("{flag} {key}")));
            }
            if context.mentions(&name) {
                let message =
                    format!("`{flag} {key}` gives a value, but the family of `{name}` is said to be unknown");
                return Err(Problem::new("given-twice", message).help("take one of the two away"));
            }
        }
    }
    if !given.request_tags.is_empty() && context.mentions("aws:TagKeys") {
        let message = "`aws:TagKeys` is given twice: `--request-tag` sets it as well";
        return Err(Problem::new("given-twice", message).help("take one of the two away"));
    }
    if let Some(service) = &given.via_service
        && let Some(key) = FORWARDED.into_iter().find(|key| context.mentions(key))
    {
        let message = format!("`{key}` is given twice: `--via-service {service}` sets it as well");
        return Err(Problem::new("given-twice", message).help("take one of the two away"));
    }
    Ok(())
}

fn twice(what: &str) -> Problem {
    Problem::new("given-twice", format!("`{what}` is given twice"))
        .help("take one of the two away; tags and context keys compare without case")
}
