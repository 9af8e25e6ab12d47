//! The flow chart of the AWS documentation, box by box.
//!
//! A plain two-valued function of what matched and of the requester's kind. The order of the boxes is
//! the specification (EV-007); do not rearrange them for speed. Cross-account requests have a second
//! chart, in `cross_account.rs`.

use super::applicable;
use super::decision::{Decision, Layer, StatementId};
use super::matched::{Counting, Layers, Matched};
use super::policy_set::PolicySet;
use super::principal::Level;
use crate::request::{PrincipalKind, Request};

/// What a run of the chart looks at.
pub(super) struct Chart<'c> {
    pub(super) set: &'c PolicySet,
    pub(super) request: &'c Request,
    pub(super) layers: Layers,
    pub(super) matched: &'c Matched,
}

/// The end of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ruling {
    pub(super) decision: Decision,
    pub(super) layer: Layer,
    pub(super) by: Option<StatementId>,
}

/// The only place where "allowed" is said.
pub(super) fn allowed(layer: Layer, by: Option<StatementId>) -> Ruling {
    Ruling { decision: Decision::Allowed, layer, by }
}

/// Nothing in this layer allows.
pub(super) fn silent(layer: Layer) -> Ruling {
    Ruling { decision: Decision::ImplicitlyDenied, layer, by: None }
}

impl Chart<'_> {
    /// Decides, with undecided statements counted as `counting` says.
    pub(super) fn run(&self, counting: Counting) -> Ruling {
        let Self { set, request, layers, matched } = *self;
        let optimistic = counting.allows;

        // 0. Two calls cannot be denied.
        if applicable::is_exempt(set, request, optimistic) {
            return allowed(Layer::Exempt, None);
        }

        // 1. One matching `Deny`, wherever it stands, is final.
        if let Some(deny) = matched.deny(counting) {
            let layer = set.statement(deny).map_or(Layer::Identity, |statement| statement.layer);
            return Ruling { decision: Decision::ExplicitlyDenied, layer, by: Some(deny) };
        }

        // 2. Some credentials cannot make some calls.
        if applicable::is_restricted(request, optimistic) {
            return silent(Layer::Credential);
        }

        // 3. The organization's guard rails: present but silent means no. RCPs allow by themselves.
        if layers.has(Layer::Scp) && !matched.scps_allow(set.counts.scp_levels, counting) {
            return silent(Layer::Scp);
        }

        // 4. So does the VPC endpoint.
        if set.counts.endpoint > 0 && matched.allow(Layer::Endpoint, counting).is_none() {
            return silent(Layer::Endpoint);
        }

        // 5. Then someone must grant it; who, depends on who asks.
        match request.principal.kind() {
            PrincipalKind::Anonymous | PrincipalKind::Service | PrincipalKind::FederatedCaller => {
                self.by_resource_alone(counting)
            }
            PrincipalKind::Root => self.for_root(counting),
            PrincipalKind::User | PrincipalKind::RoleSession | PrincipalKind::FederatedUser => {
                if applicable::is_same_account(request) {
                    self.in_one_account(counting)
                } else {
                    self.across_accounts(counting)
                }
            }
        }
    }

    /// Requesters without policies of their own: the resource must name them (EV-091, EV-092, EV-042).
    fn by_resource_alone(&self, counting: Counting) -> Ruling {
        match self.matched.resource_grant(counting) {
            Some((Level::Direct, grant)) => allowed(Layer::Resource, Some(grant)),
            _ => silent(Layer::Resource),
        }
    }

    /// Root needs no grant in its own account, but for roles and keys, whose policies must allow (EV-090).
    fn for_root(&self, counting: Counting) -> Ruling {
        let task_policy = self.set.counts.session > 0;
        if task_policy && self.matched.allow(Layer::Session, counting).is_none() {
            return silent(Layer::Session);
        }
        if applicable::is_same_account(self.request) && !applicable::is_mandatory(self.set, self.request) {
            return allowed(Layer::Root, None);
        }
        match self.matched.resource_grant(counting) {
            Some((_, grant)) => allowed(Layer::Resource, Some(grant)),
            None => silent(Layer::Resource),
        }
    }

    /// Users and sessions within one account (EV-020).
    fn in_one_account(&self, counting: Counting) -> Ruling {
        let resource = self.matched.resource_grant(counting);

        // 5a. A resource policy that names this very requester needs no second grant.
        if let Some((Level::Direct, grant)) = resource {
            return allowed(Layer::Resource, Some(grant));
        }

        // 5b. Otherwise someone must have granted it: the resource to the entity, or the identity policies.
        let (layer, grant) = match resource {
            Some((Level::Entity, grant)) => (Layer::Resource, grant),
            // Roles and keys: their own policy must at least delegate to the account (EV-040, EV-045).
            None if applicable::is_mandatory(self.set, self.request) => return silent(Layer::Resource),
            _ => match self.matched.allow(Layer::Identity, counting) {
                Some(grant) => (Layer::Identity, grant),
                None => return silent(Layer::Identity),
            },
        };

        // 6-7. Ceilings take away and never give.
        match self.silent_ceiling(counting) {
            Some(ceiling) => silent(ceiling),
            None => allowed(layer, Some(grant)),
        }
    }

    /// The first of boundary and session policies that is there and does not allow.
    pub(super) fn silent_ceiling(&self, counting: Counting) -> Option<Layer> {
        let set = self.set;
        let bounded = self.layers.has(Layer::Boundary) && set.counts.boundary > 0;
        if bounded && self.matched.allow(Layer::Boundary, counting).is_none() {
            return Some(Layer::Boundary);
        }
        let limited = match self.request.principal.kind() {
            // A federated user without session policies has no permissions from identity policies (EV-082).
            PrincipalKind::FederatedUser => true,
            PrincipalKind::RoleSession => self.layers.has(Layer::Session) && set.counts.session > 0,
            _ => false,
        };
        (limited && self.matched.allow(Layer::Session, counting).is_none()).then_some(Layer::Session)
    }
}
