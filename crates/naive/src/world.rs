//! The policies around a request, layer by layer (EV-001).

use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{PrincipalKind, Request, Resource};

use crate::rcp_services::RCP_SERVICES;

/// All policies that may have a say.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Policies of the user and its groups, or of the role; those of the issuer for a federated user.
    pub identity: Vec<Policy>,
    /// The permissions boundary.
    pub boundary: Option<Policy>,
    /// Session policies, or the task policy of an `AssumeRoot` session (EV-098).
    pub session: Vec<Policy>,
    /// The policy of the resource: bucket policy, key policy, trust policy.
    pub resource: Option<Policy>,
    /// Service control policies, from the root of the organization down; no level: none in force.
    pub scps: Vec<Vec<Policy>>,
    /// Resource control policies, in the same order.
    pub rcps: Vec<Vec<Policy>>,
    /// The policy of the VPC endpoint.
    pub endpoint: Option<Policy>,
    /// Is EV-096 turned off? It is on by default.
    pub without_exempt_actions: bool,
    /// Services whose resources must allow by themselves (EV-046), in lower case.
    pub mandatory_services: Vec<String>,
}

/// Where an applicable policy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Identity,
    Boundary,
    Session,
    Resource,
    /// With the number of its level.
    ServiceControl(usize),
    ResourceControl,
    Endpoint,
}

impl Layer {
    /// The type that decides on incomplete ARNs (RE-006) and principals (PA-017).
    pub(crate) fn policy_type(self) -> PolicyType {
        match self {
            Self::Identity => PolicyType::Identity,
            Self::Boundary => PolicyType::Boundary,
            Self::Session => PolicyType::Session,
            Self::Resource => PolicyType::Resource,
            Self::ServiceControl(_) => PolicyType::ServiceControl,
            Self::ResourceControl => PolicyType::ResourceControl,
            Self::Endpoint => PolicyType::Endpoint,
        }
    }

    /// PA-017: do statements of this layer name principals?
    pub(crate) fn has_principals(self) -> bool {
        matches!(self, Self::Resource | Self::ResourceControl | Self::Endpoint)
    }
}

/// EV-011, EV-052, EV-061, EV-062: the policies that are consulted for this request.
pub(crate) fn applicable<'w>(world: &'w World, request: &Request) -> Vec<(Layer, &'w Policy)> {
    let mut policies = Vec::new();
    if identity_counts(request) {
        policies.extend(world.identity.iter().map(|policy| (Layer::Identity, policy)));
    }
    if boundary_counts(request) {
        policies.extend(world.boundary.iter().map(|policy| (Layer::Boundary, policy)));
    }
    if sessions_count(request) {
        policies.extend(world.session.iter().map(|policy| (Layer::Session, policy)));
    }
    policies.extend(world.resource.iter().map(|policy| (Layer::Resource, policy)));
    if scps_count(request) {
        for (level, list) in world.scps.iter().enumerate() {
            policies.extend(list.iter().map(|policy| (Layer::ServiceControl(level), policy)));
        }
    }
    if rcps_count(request) {
        policies.extend(world.rcps.iter().flatten().map(|policy| (Layer::ResourceControl, policy)));
    }
    policies.extend(world.endpoint.iter().map(|policy| (Layer::Endpoint, policy)));
    policies
}

/// EV-011, column identity. That of root is an implicit "everything" and no policy.
fn identity_counts(request: &Request) -> bool {
    use PrincipalKind::{FederatedUser, RoleSession, User};
    matches!(request.principal.kind(), User | RoleSession | FederatedUser)
}

/// EV-011, column boundary.
pub(crate) fn boundary_counts(request: &Request) -> bool {
    identity_counts(request) && !request.principal.is_service_linked()
}

/// EV-011, column session; for root EV-098.
pub(crate) fn sessions_count(request: &Request) -> bool {
    use PrincipalKind::{FederatedUser, RoleSession, Root};
    matches!(request.principal.kind(), RoleSession | FederatedUser | Root)
        && !request.principal.is_service_linked()
}

/// EV-011, column SCP; EV-052, EV-054.
pub(crate) fn scps_count(request: &Request) -> bool {
    use PrincipalKind::{FederatedUser, RoleSession, Root, User};
    matches!(request.principal.kind(), User | RoleSession | FederatedUser | Root)
        && !request.principal.is_service_linked()
        && !request.principal.details.management_account
}

/// EV-061, EV-062.
fn rcps_count(request: &Request) -> bool {
    let is_named = |service: &str, beginning: &str| match &request.resource {
        Resource::Arn(arn) => arn.service() == service && arn.resource().starts_with(beginning),
        Resource::Star => false,
    };
    let assumes_service_linked_role = request.principal.kind() == PrincipalKind::Service
        && request.action.folded() == "sts:assumerole"
        && is_named("iam", "role/aws-service-role/");
    let is_key_of_aws = request.action.service() == "kms" && is_named("kms", "alias/aws/");
    RCP_SERVICES.contains(&request.action.service())
        && !request.resource_in_management_account
        && !request.principal.is_service_linked()
        && !assumes_service_linked_role
        && !is_key_of_aws
        && request.action.folded() != "kms:retiregrant"
}
