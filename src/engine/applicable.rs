//! What applies to a request before any statement is read: layers, exemptions, restrictions.

use super::decision::Layer;
use super::matched::Layers;
use super::policy_set::PolicySet;
use crate::name::Action;
use crate::request::{CredentialType, KeyName, KeyState, PrincipalKind, Request, Resource};

/// Services whose actions resource control policies reach, as of September 2026 (EV-061). The list grows:
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
pub(super) const RCP_SERVICES: &[&str] = &[
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// The calls that hand out a role's session; its trust policy must allow them (EV-040).
const TRUST_ACTIONS: [&str; 5] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
];

/// The layers whose policies are consulted for this requester (EV-011).
pub(super) fn layers(set: &PolicySet, request: &Request) -> Layers {
    use PrincipalKind::{Anonymous, FederatedCaller, FederatedUser, RoleSession, Root, Service, User};
    let who = &request.principal;
    let kind = who.kind();
    let linked = who.is_service_linked();
    let has_identity = matches!(kind, User | RoleSession | FederatedUser);
    let in_organization = !matches!(kind, Service | FederatedCaller | Anonymous);
    Layers::none()
        .and_if(true, Layer::Resource)
        .and_if(true, Layer::Endpoint)
        .and_if(has_identity, Layer::Identity)
        .and_if(has_identity && !linked, Layer::Boundary)
        .and_if(matches!(kind, RoleSession | FederatedUser | Root) && !linked, Layer::Session)
        .and_if(in_organization && !linked && !who.details.management_account, Layer::Scp)
        .and_if(set.counts.rcps > 0 && rcp_reaches(request), Layer::Rcp)
}

/// Do resource control policies apply? (EV-061, EV-062)
fn rcp_reaches(request: &Request) -> bool {
    let who = &request.principal;
    // Only the call by which a service takes on its own role, not everything that names the role.
    let to_linked_role = who.kind() == PrincipalKind::Service
        && request.action.folded() == "sts:assumerole"
        && resource_field(request).is_some_and(|role| role.starts_with("role/aws-service-role/"));
    let managed_key = request.action.service() == "kms"
        && resource_field(request).is_some_and(|name| name.starts_with("alias/aws/"));
    RCP_SERVICES.binary_search(&request.action.service()).is_ok()
        && request.action.folded() != "kms:retiregrant"
        && !request.resource_in_management_account
        && !who.is_service_linked()
        && !to_linked_role
        && !managed_key
}

/// Is this a call that policies cannot take away? (EV-096)
///
/// `optimistic`: if it hangs on an unknown MFA key, say yes.
pub(super) fn is_exempt(set: &PolicySet, request: &Request, optimistic: bool) -> bool {
    if request.action.service() != "sts" {
        return false;
    }
    let kind = request.principal.kind();
    let signed = !matches!(kind, PrincipalKind::Anonymous | PrincipalKind::FederatedCaller);
    match request.action.folded() {
        _ if !set.options.exempt_actions => false,
        "sts:getcalleridentity" => signed,
        "sts:getsessiontoken" if matches!(kind, PrincipalKind::User | PrincipalKind::Root) => {
            match request.principal.details.credential {
                Some(credential) => credential == CredentialType::LongTerm,
                // Long-term credentials are those without the MFA key.
                None => match mfa_state(request) {
                    KeyState::Absent => true,
                    KeyState::Unknown => optimistic,
                    KeyState::Known(_) => false,
                },
            }
        }
        _ => false,
    }
}

/// Is this a call that the kind of credential must not make? (EV-097)
///
/// `optimistic`: if it hangs on an unknown MFA key, say no.
pub(super) fn is_restricted(request: &Request, optimistic: bool) -> bool {
    if !matches!(request.action.service(), "sts" | "iam") {
        return false;
    }
    let action = request.action.folded();
    let makes_session = matches!(action, "sts:getsessiontoken" | "sts:getfederationtoken");
    if request.principal.kind() == PrincipalKind::RoleSession && makes_session {
        return true;
    }
    let Some(credential) = request.principal.details.credential else { return false };
    match (credential, request.action.service()) {
        (CredentialType::GetSessionToken, "iam") => match mfa_state(request) {
            KeyState::Known([value]) => !value.eq_ignore_ascii_case("true"),
            KeyState::Known(_) | KeyState::Absent => true,
            KeyState::Unknown => !optimistic,
        },
        (CredentialType::GetSessionToken, "sts") => {
            !matches!(action, "sts:assumerole" | "sts:getcalleridentity")
        }
        (CredentialType::GetFederationToken, "iam") => true,
        (CredentialType::GetFederationToken, "sts") => action != "sts:getcalleridentity",
        _ => false,
    }
}

/// Do the rules of this file look at the single actions of a service?
pub(super) fn tells_actions_apart(service: &str) -> bool {
    matches!(service, "sts" | "kms")
}

/// A word for everything that the rules of this file see in an action; actions with the same word are
/// treated alike by them.
pub(super) fn kind_of_action<'a>(set: &PolicySet, action: &'a Action) -> &'a str {
    let service = action.service();
    match service {
        // Each call of STS has rules of its own; one call of KMS has.
        "sts" => action.folded(),
        "kms" if action.folded() == "kms:retiregrant" => action.folded(),
        "kms" | "iam" => service,
        _ if is_mandatory_service(set, service) => service,
        _ if set.counts.rcps > 0 && RCP_SERVICES.binary_search(&service).is_ok() => "rcp",
        _ => "",
    }
}

fn is_mandatory_service(set: &PolicySet, service: &str) -> bool {
    set.options.resource_policy_mandatory.iter().any(|mandatory| mandatory.eq_ignore_ascii_case(service))
}

/// Do the two rules above hang on an unknown MFA key?
pub(super) fn hangs_on_mfa(set: &PolicySet, request: &Request) -> bool {
    request.context.has_unknown()
        && (is_exempt(set, request, true) != is_exempt(set, request, false)
            || is_restricted(request, true) != is_restricted(request, false))
}

/// Does the requester belong to the account that owns the resource? (EV-010)
pub(super) fn is_same_account(request: &Request) -> bool {
    request.owner().is_some_and(|owner| Some(owner) == request.principal.account())
}

/// Must the resource's own policy allow, whatever identity policies say? (EV-040, EV-045, EV-046)
pub(super) fn is_mandatory(set: &PolicySet, request: &Request) -> bool {
    let Resource::Arn(arn) = &request.resource else { return false };
    let service = request.action.service();
    let assumes = TRUST_ACTIONS.contains(&request.action.folded());
    (assumes && arn.service() == "iam" && arn.resource().starts_with("role/"))
        || (service == "kms" && arn.service() == "kms" && arn.resource().starts_with("key/"))
        || is_mandatory_service(set, service)
}

fn resource_field(request: &Request) -> Option<&str> {
    match &request.resource {
        Resource::Arn(arn) => Some(arn.split_resource().1),
        Resource::Star => None,
    }
}

fn mfa_state(request: &Request) -> KeyState<'_> {
    request.context.state(KeyName::mfa_present())
}

#[cfg(test)]
mod tests {
    use super::RCP_SERVICES;

    #[test]
    fn ev_061_the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(RCP_SERVICES.is_sorted());
        assert_eq!(RCP_SERVICES.len(), 62);
    }
}
