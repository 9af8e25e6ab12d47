//! Which policies apply, by layer, made ready once and asked many times.

use std::sync::Arc;

use thiserror::Error;

use super::decision::{Layer, StatementId};
use super::index::Index;
use super::principal::PrincipalTest;
use super::statement::ReadyStatement;
use crate::name::Action;
use crate::policy::{ParseErrors, Policy, PolicyType, Statement};
use crate::request::KeyName;

/// One policy made ready for its place. Share it between sets.
#[derive(Debug, Clone)]
pub struct Prepared {
    name: String,
    policy: Policy,
    kind: PolicyType,
    pub(super) ready: Box<[ReadyStatement]>,
}

impl Prepared {
    /// Makes a policy ready.
    ///
    /// # Errors
    ///
    /// A statement lacks the resource or principal part that this type of policy must have, or has a
    /// principal part that it must not have (PA-019).
    pub fn new(name: impl Into<String>, policy: Policy, kind: PolicyType) -> Result<Arc<Self>, ParseErrors> {
        if let Some(refused) = ParseErrors::from_vec(policy.refusals(kind)) {
            return Err(refused);
        }
        let variables = policy.has_variables();
        let ready = policy.statements.iter().map(|statement| ReadyStatement::new(statement, kind, variables));
        Ok(Arc::new(Self { name: name.into(), ready: ready.collect(), policy, kind }))
    }

    /// The name under which answers refer to it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy as it was read.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What it is attached to.
    pub fn kind(&self) -> PolicyType {
        self.kind
    }
}

/// The policies that apply to a request, ready to be asked.
#[derive(Debug, Clone)]
pub struct PolicySet {
    policies: Box<[(Place, Arc<Prepared>)]>,
    /// All statements, in the order in which a deciding one is named.
    pub(super) slots: Box<[Slot]>,
    pub(super) index: Index,
    pub(super) counts: Counts,
    pub(super) options: Options,
}

/// A layer, and for organization policies the level in its tree (root first).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) layer: Layer,
    pub(super) level: u8,
}

/// A statement in the set's order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) place: Place,
    policy: u32,
    statement: u32,
}

/// How many policies or levels each layer has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) boundary: usize,
    pub(super) session: usize,
    pub(super) endpoint: usize,
    pub(super) scp_levels: usize,
    /// Policies, on whatever level.
    pub(super) rcps: usize,
    rcp_levels: usize,
}

/// Switches that the rules leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Are `sts:GetCallerIdentity` and `sts:GetSessionToken` allowed whatever the policies say? (EV-096)
    pub exempt_actions: bool,
    /// Services, beside KMS keys and role trust, whose resource policy must allow too (EV-046).
    pub resource_policy_mandatory: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { exempt_actions: true, resource_policy_mandatory: Vec::new() }
    }
}

/// A statement with its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct StatementRef<'s> {
    /// The layer its policy stands in.
    pub layer: Layer,
    /// The level of the organization's tree, root 0; 0 for other layers.
    pub level: usize,
    /// The policy.
    pub policy: &'s Prepared,
    /// Its place in the policy, from 1.
    pub index: usize,
    /// The statement as it was read.
    pub statement: &'s Statement,
}

/// Why policies make no set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SetError {
    /// A policy was made ready for another place.
    #[error("`{name}` was made ready as {found}, but it is used as {wanted}")]
    WrongType {
        /// The policy.
        name: String,
        /// What it was made ready for.
        found: PolicyType,
        /// Where it is used.
        wanted: Layer,
    },
    /// A layer takes one policy and was given more.
    #[error("a request has at most one policy in the layer {0}")]
    OnlyOne(Layer),
    /// Too many policies for one principal (RL-010).
    #[error("{found} policies apply, the limit is {limit}", limit = PolicySetBuilder::MAX_POLICIES)]
    Policies {
        /// How many.
        found: usize,
    },
    /// Too many levels in an organization's tree.
    #[error("{found} levels of organization policies, the limit is {limit}", limit = PolicySetBuilder::MAX_LEVELS)]
    Levels {
        /// How many.
        found: usize,
    },
}

/// Collects the policies of a [`PolicySet`].
///
/// ```
/// use twokeys::engine::{PolicySet, Prepared};
/// use twokeys::policy::{Policy, PolicyType};
///
/// let text = r#"{"Version": "2012-10-17",
///   "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
/// let policy = Prepared::new("storage", Policy::parse(text)?, PolicyType::Identity)?;
/// let set = PolicySet::builder().identity(policy).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct PolicySetBuilder {
    policies: Vec<(Place, Arc<Prepared>)>,
    scp_levels: usize,
    rcp_levels: usize,
    options: Options,
}

impl PolicySet {
    /// A set to be filled.
    pub fn builder() -> PolicySetBuilder {
        PolicySetBuilder::default()
    }

    /// The statement with this id, which must come from this set.
    pub fn statement(&self, id: StatementId) -> Option<StatementRef<'_>> {
        let slot = self.slots.get(id.0 as usize)?;
        let (place, policy) = self.policies.get(slot.policy as usize)?;
        let statement = policy.policy.statements.get(slot.statement as usize)?;
        let index = slot.statement as usize + 1;
        Some(StatementRef { layer: place.layer, level: place.level.into(), policy, index, statement })
    }

    /// All statements, in the order in which a deciding one is named.
    pub fn statements(&self) -> impl Iterator<Item = (StatementId, StatementRef<'_>)> {
        let ids = (0..self.slots.len()).filter_map(|at| u32::try_from(at).ok()).map(StatementId);
        ids.filter_map(|id| self.statement(id).map(|statement| (id, statement)))
    }

    /// The policies, by layer and as given.
    pub fn policies(&self) -> impl Iterator<Item = (Layer, &Arc<Prepared>)> {
        self.policies.iter().map(|(place, policy)| (place.layer, policy))
    }

    /// Is there a policy, or for organization policies a level, in this layer?
    pub fn has(&self, layer: Layer) -> bool {
        let levels = layer == Layer::Scp && self.counts.scp_levels > 0;
        levels || self.policies.iter().any(|(place, _)| place.layer == layer)
    }

    /// How many levels the organization policies of a layer have; 0 for other layers.
    pub fn levels(&self, layer: Layer) -> usize {
        match layer {
            Layer::Scp => self.counts.scp_levels,
            Layer::Rcp => self.counts.rcp_levels,
            _ => 0,
        }
    }

    /// Every context key that a policy names, also in variables; each once, sorted by name.
    pub fn keys(&self) -> Vec<&KeyName> {
        let ready = self.policies.iter().flat_map(|(_, policy)| policy.ready.iter());
        let mut keys: Vec<_> = ready.flat_map(ReadyStatement::keys).collect();
        keys.sort_by(|one, other| one.by_name(other));
        keys.dedup();
        keys
    }

    /// The same policies as a builder, to be changed.
    pub fn to_builder(&self) -> PolicySetBuilder {
        PolicySetBuilder {
            policies: self.policies.to_vec(),
            scp_levels: self.counts.scp_levels,
            rcp_levels: self.counts.rcp_levels,
            options: self.options.clone(),
        }
    }

    /// The statements of all policies, made ready, in the set's order.
    pub(super) fn ready_statements(&self) -> impl Iterator<Item = &ReadyStatement> {
        self.policies.iter().flat_map(|(_, policy)| policy.ready.iter())
    }

    pub(super) fn matches_action(&self, id: u32, action: &Action) -> bool {
        let ready = self.slots.get(id as usize).and_then(|slot| self.ready(*slot));
        ready.is_some_and(|statement| statement.actions.matches(action))
    }

    pub(super) fn principal_test(&self, id: StatementId) -> Option<&PrincipalTest> {
        self.ready(*self.slots.get(id.0 as usize)?)?.principal()
    }

    pub(super) fn ready(&self, slot: Slot) -> Option<&ReadyStatement> {
        self.policies.get(slot.policy as usize)?.1.ready.get(slot.statement as usize)
    }
}

impl PolicySetBuilder {
    /// The most policies that may apply to one request.
    pub const MAX_POLICIES: usize = 1_000;
    /// The most levels of an organization's tree; AWS has seven.
    pub const MAX_LEVELS: usize = 64;

    /// Adds a policy of the user, one of its groups, or the role.
    #[must_use]
    pub fn identity(self, policy: Arc<Prepared>) -> Self {
        self.add(Layer::Identity, 0, policy)
    }

    /// Sets the permissions boundary.
    #[must_use]
    pub fn boundary(self, policy: Arc<Prepared>) -> Self {
        self.add(Layer::Boundary, 0, policy)
    }

    /// Adds a session policy.
    #[must_use]
    pub fn session(self, policy: Arc<Prepared>) -> Self {
        self.add(Layer::Session, 0, policy)
    }

    /// Sets the policy of the resource; of a role its trust policy.
    #[must_use]
    pub fn resource(self, policy: Arc<Prepared>) -> Self {
        self.add(Layer::Resource, 0, policy)
    }

    /// Sets the policy of the VPC endpoint the request comes through.
    #[must_use]
    pub fn endpoint(self, policy: Arc<Prepared>) -> Self {
        self.add(Layer::Endpoint, 0, policy)
    }

    /// Adds a level of service control policies, root first. A level without policies allows nothing.
    #[must_use]
    pub fn scp_level(mut self, policies: impl IntoIterator<Item = Arc<Prepared>>) -> Self {
        let level = self.scp_levels;
        self.scp_levels += 1;
        policies.into_iter().fold(self, |set, policy| set.add(Layer::Scp, level, policy))
    }

    /// Adds a level of resource control policies, root first.
    #[must_use]
    pub fn rcp_level(mut self, policies: impl IntoIterator<Item = Arc<Prepared>>) -> Self {
        let level = self.rcp_levels;
        self.rcp_levels += 1;
        policies.into_iter().fold(self, |set, policy| set.add(Layer::Rcp, level, policy))
    }

    /// Sets the switches.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    fn add(mut self, layer: Layer, level: usize, policy: Arc<Prepared>) -> Self {
        // A level beyond `u8` is beyond the limit, too; `build` says so.
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        self.policies.push((Place { layer, level }, policy));
        self
    }

    /// Replaces or removes policies; for trying out changes.
    pub(super) fn map(
        mut self,
        change: impl Fn(Layer, usize, &Arc<Prepared>) -> Option<Arc<Prepared>>,
    ) -> Self {
        let changed = self.policies.iter().enumerate().filter_map(|(at, (place, policy))| {
            change(place.layer, at, policy).map(|policy| (*place, policy))
        });
        self.policies = changed.collect();
        self
    }

    /// The set, ready to be asked.
    pub fn build(self) -> Result<PolicySet, SetError> {
        let Self { mut policies, scp_levels, rcp_levels, options } = self;
        if policies.len() > Self::MAX_POLICIES {
            return Err(SetError::Policies { found: policies.len() });
        }
        let levels = scp_levels.max(rcp_levels);
        if levels > Self::MAX_LEVELS {
            return Err(SetError::Levels { found: levels });
        }
        for (place, policy) in &policies {
            if !place.layer.takes(policy.kind) {
                let name = policy.name.clone();
                return Err(SetError::WrongType { name, found: policy.kind, wanted: place.layer });
            }
        }
        let count = |layer| policies.iter().filter(|(place, _)| place.layer == layer).count();
        for layer in [Layer::Boundary, Layer::Resource, Layer::Endpoint] {
            if count(layer) > 1 {
                return Err(SetError::OnlyOne(layer));
            }
        }
        let counts = Counts {
            boundary: count(Layer::Boundary),
            session: count(Layer::Session),
            endpoint: count(Layer::Endpoint),
            scp_levels,
            rcps: count(Layer::Rcp),
            rcp_levels,
        };
        // `Layer` is declared in the order of naming; the sort keeps the given order within a layer.
        policies.sort_by_key(|(place, _)| place.layer);
        let mut slots = Vec::new();
        for ((place, prepared), policy) in policies.iter().zip(0..) {
            slots.extend((0..).zip(prepared.ready.iter()).map(|(statement, _)| Slot {
                place: *place,
                policy,
                statement,
            }));
        }
        let index = Index::new(policies.iter().flat_map(|(_, policy)| policy.ready.iter()));
        Ok(PolicySet { policies: policies.into(), slots: slots.into(), index, counts, options })
    }
}

impl Layer {
    /// Does a policy of this type belong into this layer?
    fn takes(self, kind: PolicyType) -> bool {
        match self {
            Self::Identity => kind == PolicyType::Identity,
            Self::Boundary => kind == PolicyType::Boundary,
            Self::Session => kind == PolicyType::Session,
            Self::Resource => matches!(kind, PolicyType::Resource | PolicyType::Trust),
            Self::Scp => kind == PolicyType::ServiceControl,
            Self::Rcp => kind == PolicyType::ResourceControl,
            Self::Endpoint => kind == PolicyType::Endpoint,
            Self::Credential | Self::Exempt | Self::Root => false,
        }
    }
}
