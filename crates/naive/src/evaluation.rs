//! Section D: from the statements that match to the outcome.

use std::collections::BTreeSet;

use twokeys::policy::Effect;
use twokeys::request::{KeyState, PrincipalKind, Request, Resource};

use crate::credentials::{MFA_PRESENT, is_exempt, is_restricted};
use crate::maybe::Maybe;
use crate::principals::Level;
use crate::statements::{Judged, judge};
use crate::world::{Layer, World, applicable, boundary_counts, scps_count, sessions_count};

/// EV-002: the three outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Granted.
    Allowed,
    /// Granted by nobody, or not by all who must.
    ImplicitlyDenied,
    /// Forbidden by a Deny.
    ExplicitlyDenied,
}

/// What the policies say to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// All outcomes that are possible; one, unless unknown keys matter.
    pub possible: BTreeSet<Outcome>,
    /// The unknown keys, in lower case, that undecided statements and rules ask for.
    pub unknown_keys: BTreeSet<String>,
}

/// One of the three passes of EV-009.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// (1) Undecided Allows count, undecided Denies do not.
    AllowsIn,
    /// (2) Undecided Denies count, undecided Allows do not.
    DeniesIn,
    /// (3) Nothing undecided counts.
    AllOut,
}

/// Decides a request, statement by statement.
pub fn evaluate(world: &World, request: &Request) -> Answer {
    let has_boundary = world.boundary.is_some();
    let judged: Vec<Judged> = applicable(world, request)
        .into_iter()
        .flat_map(|(layer, policy)| {
            policy
                .statements
                .iter()
                .map(move |statement| judge(layer, policy, statement, has_boundary, request))
        })
        .collect();
    let passes = [Pass::AllowsIn, Pass::DeniesIn, Pass::AllOut];
    let possible = passes.iter().map(|pass| Chart { world, request, judged: &judged, pass: *pass }.outcome());
    Answer { possible: possible.collect(), unknown_keys: unknown_keys(world, request, &judged) }
}

fn unknown_keys(world: &World, request: &Request, judged: &[Judged]) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> =
        judged.iter().flat_map(|statement| statement.unknown_keys.clone()).collect();
    let exempt = !world.without_exempt_actions && is_exempt(request) == Maybe::EITHER;
    let mfa_matters = exempt || is_restricted(request) == Maybe::EITHER;
    if mfa_matters && request.context.get(MFA_PRESENT) == KeyState::Unknown {
        keys.insert(MFA_PRESENT.to_ascii_lowercase());
    }
    keys
}

/// The pseudo-code D.8 with its inputs.
struct Chart<'a> {
    world: &'a World,
    request: &'a Request,
    judged: &'a [Judged],
    pass: Pass,
}

impl Chart<'_> {
    /// EV-007: the steps in their order.
    fn outcome(&self) -> Outcome {
        if self.is_exempt() {
            return Outcome::Allowed; // EV-096
        }
        if self.some_deny_matches() {
            return Outcome::ExplicitlyDenied; // EV-005, EV-053
        }
        let is_allowed = !self.is_restricted() // EV-097
            && self.all_scp_levels_allow() // EV-051
            && self.endpoint_allows() // EV-094
            && self.is_granted();
        if is_allowed { Outcome::Allowed } else { Outcome::ImplicitlyDenied } // EV-006
    }

    /// EV-096; what is undecided counts in the pass that grants the most.
    fn is_exempt(&self) -> bool {
        let exempt = is_exempt(self.request);
        !self.world.without_exempt_actions && self.counts_as_allow(exempt)
    }

    /// EV-097; what is undecided restricts in the other two passes (EV-009).
    fn is_restricted(&self) -> bool {
        !self.counts_as_allow(is_restricted(self.request).not())
    }

    fn counts_as_allow(&self, truth: Maybe) -> bool {
        if self.pass == Pass::AllowsIn { truth.can_hold } else { !truth.can_fail }
    }

    fn counts_as_deny(&self, truth: Maybe) -> bool {
        if self.pass == Pass::DeniesIn { truth.can_hold } else { !truth.can_fail }
    }

    fn some_deny_matches(&self) -> bool {
        self.judged
            .iter()
            .any(|statement| statement.effect == Effect::Deny && self.counts_as_deny(statement.truth))
    }

    /// The nearest level of the matching Allows of a layer (EV-004, PR-002).
    fn allow_level(&self, layer: Layer) -> Level {
        self.judged
            .iter()
            .filter(|statement| statement.layer == layer && statement.effect == Effect::Allow)
            .filter(|statement| self.counts_as_allow(statement.truth))
            .map(|statement| statement.level)
            .max()
            .unwrap_or(Level::None)
    }

    fn allows(&self, layer: Layer) -> bool {
        self.allow_level(layer) != Level::None
    }

    /// EV-051: every level must allow; without levels nothing is in force.
    fn all_scp_levels_allow(&self) -> bool {
        !scps_count(self.request)
            || (0..self.world.scps.len()).all(|level| self.allows(Layer::ServiceControl(level)))
    }

    /// EV-094: a policy that is there must allow.
    fn endpoint_allows(&self) -> bool {
        self.world.endpoint.is_none() || self.allows(Layer::Endpoint)
    }

    /// The grants by kind of principal.
    fn is_granted(&self) -> bool {
        let resource = self.allow_level(Layer::Resource);
        match self.request.principal.kind() {
            // EV-042, EV-043, EV-091, EV-092
            PrincipalKind::Anonymous | PrincipalKind::Service | PrincipalKind::FederatedCaller => {
                resource == Level::Direct
            }
            PrincipalKind::Root => self.root_is_granted(resource),
            PrincipalKind::User | PrincipalKind::RoleSession | PrincipalKind::FederatedUser => {
                if self.is_same_account() {
                    self.is_granted_in_same_account(resource)
                } else {
                    self.is_granted_across_accounts(resource)
                }
            }
        }
    }

    /// EV-090, EV-098.
    fn root_is_granted(&self, resource: Level) -> bool {
        let task_allows = self.world.session.is_empty() || self.allows(Layer::Session);
        let needs_no_grant = self.is_same_account() && !self.resource_must_allow();
        task_allows && (needs_no_grant || resource != Level::None)
    }

    /// EV-020, EV-022, EV-040, EV-045.
    fn is_granted_in_same_account(&self, resource: Level) -> bool {
        let (identity, boundary, session) = self.identity_boundary_session();
        let by_identity = identity && (!self.resource_must_allow() || resource != Level::None);
        resource == Level::Direct || ((resource == Level::Entity || by_identity) && boundary && session)
    }

    /// EV-030: all must allow, and nothing stands in for anything else.
    fn is_granted_across_accounts(&self, resource: Level) -> bool {
        let (identity, boundary, session) = self.identity_boundary_session();
        resource != Level::None && identity && boundary && session
    }

    /// I, B and S of section D.2.
    fn identity_boundary_session(&self) -> (bool, bool, bool) {
        let identity = self.allows(Layer::Identity);
        let has_boundary = boundary_counts(self.request) && self.world.boundary.is_some();
        let boundary = !has_boundary || self.allows(Layer::Boundary); // EV-070
        let is_federated = self.request.principal.kind() == PrincipalKind::FederatedUser;
        let session = if !sessions_count(self.request) {
            true // EV-080
        } else if self.world.session.is_empty() {
            !is_federated // EV-082
        } else {
            self.allows(Layer::Session) // EV-081
        };
        (identity, boundary, session)
    }

    /// EV-010.
    fn is_same_account(&self) -> bool {
        let of_principal = self.request.principal.account();
        if let Some(owner) = self.request.resource_account {
            return of_principal == Some(owner);
        }
        match &self.request.resource {
            Resource::Star => true,
            // What names no owner, and what AWS owns, is at home; what is no account is nobody's.
            Resource::Arn(arn) if matches!(arn.field(4), "" | "aws") => true,
            Resource::Arn(arn) => arn.account().is_some() && arn.account() == of_principal,
        }
    }

    /// EV-040, EV-045, EV-046: is nothing granted without the resource's own policy?
    fn resource_must_allow(&self) -> bool {
        let action = &self.request.action;
        // Where there is no resource there is no policy of it to ask for.
        let Resource::Arn(arn) = &self.request.resource else { return false };
        let trust_actions = [
            "sts:assumerole",
            "sts:assumerolewithsaml",
            "sts:assumerolewithwebidentity",
            "sts:tagsession",
            "sts:setsourceidentity",
        ];
        let is_role = arn.service() == "iam" && arn.resource().starts_with("role/");
        let is_key = arn.service() == "kms" && arn.resource().starts_with("key/");
        (trust_actions.contains(&action.folded()) && is_role)
            || (action.service() == "kms" && is_key)
            || self.world.mandatory_services.iter().any(|service| service == action.service())
    }
}
