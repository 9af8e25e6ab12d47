//! Policies put together for whoever asks: sets that are made ready once, and kept for the next question.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use twokeys::account::{Attached, Attachments, Holding};
use twokeys::engine::{PolicySet, PolicySetBuilder};
use twokeys::name::AccountId;
use twokeys::policy::PolicyType;
use twokeys::report::stale_age;
use twokeys::request::{KeyName, Resource, Wanted};

use super::home::Way;
use super::one_policy::belongs;
use super::question::Question;
use super::world::{Place, World};
use crate::failure::{Failure, Problem};
use crate::reference::Lately;

/// No more sets of policies than this are kept at a time.
const MOST_SETS: usize = 512;

/// A set of policies, and when MFA is stale for all of them.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The policies.
    pub(crate) set: Arc<PolicySet>,
    /// An age beyond every age that they compare, if they compare one.
    pub(crate) stale_age: Option<u64>,
    /// The keys that an answer can hang on.
    pub(super) keys: Arc<Wanted>,
    /// How the requester comes by those that an account has.
    pub(super) ways: Vec<Way>,
    /// Is there a boundary of the account in whose place one was given?
    pub(crate) has_other_boundary: bool,
    /// Is a policy missing that applies? Then no answer is a permission.
    pub(crate) is_indeterminate: bool,
}

impl Ready {
    fn new(set: Arc<PolicySet>, ways: Vec<Way>, has_other_boundary: bool, is_indeterminate: bool) -> Self {
        // What would allow a request depends on whether a service forwards it, beside what policies ask for.
        let keys = set.keys().into_iter().cloned().chain([KeyName::known("aws:ViaAWSService")]);
        let keys = Arc::new(Wanted::new(keys));
        Self { stale_age: stale_age(&set), keys, set, ways, has_other_boundary, is_indeterminate }
    }
}

/// What the questions before had, and the next one often has, too.
#[derive(Default)]
pub(crate) struct Recent {
    /// Its policies.
    pub(crate) set: Option<(Key, Arc<Ready>)>,
    /// Its action.
    pub(crate) actions: Lately,
}

/// Requests with the same key have the same policies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    principal: Option<AccountId>,
    owner: Option<AccountId>,
    resource_policy: Option<usize>,
    /// The role of the account whose trust policy it is about.
    trust: Option<String>,
    /// The user or the role of the account that asks.
    member: Option<String>,
}

impl World {
    /// The policies that apply to a question.
    pub(crate) fn set_for(&self, question: &Question) -> Result<Arc<Ready>, Failure> {
        self.set_with(&self.key_of(question))
    }

    /// The same, with those of the question before at hand.
    pub(crate) fn set_after<'r>(
        &self,
        before: &'r mut Option<(Key, Arc<Ready>)>,
        question: &Question,
    ) -> Result<&'r Ready, Failure> {
        let key = self.key_of(question);
        let found = match before.take() {
            Some((of, ready)) if of == key => ready,
            _ => self.set_with(&key)?,
        };
        Ok(&before.insert((key, found)).1)
    }

    fn key_of(&self, question: &Question) -> Key {
        self.key(question.principal_account(), question.owner(), question.resource(), question.member())
    }

    fn set_with(&self, key: &Key) -> Result<Arc<Ready>, Failure> {
        if let Some(ready) = self.sets().get(key) {
            return Ok(Arc::clone(ready));
        }
        let ready = Arc::new(self.ready(key)?);
        let mut sets = self.sets();
        // A stream may name ever more accounts; what is dropped is made again when it is asked for.
        if sets.len() >= MOST_SETS {
            sets.clear();
        }
        sets.insert(key.clone(), Arc::clone(&ready));
        drop(sets);
        Ok(ready)
    }

    fn sets(&self) -> MutexGuard<'_, HashMap<Key, Arc<Ready>>> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The policies that everyone has who asks about this, beside those of the account.
    pub(crate) fn base(&self, resource: &Resource) -> PolicySetBuilder {
        let (account, owner) = self.account_and_owner(resource);
        let key = self.key(account, owner, resource, None);
        // Where RCPs do not reach, none is as good as any (EV-062).
        let beyond_rcps = key.owner.is_some_and(|owner| self.is_management_account(Some(owner)));
        self.build(&Key { owner: key.owner.filter(|_| !beyond_rcps), ..key })
    }

    fn key(
        &self,
        principal: Option<AccountId>,
        owner: Option<AccountId>,
        resource: &Resource,
        member: Option<&str>,
    ) -> Key {
        // Accounts only matter to an organization; without one all requests share a set.
        let in_organization = |account| self.organization.as_ref().is_some_and(|it| it.holds(account));
        let resource_policy = self.policy_of(resource);
        let trust =
            self.home.as_ref().filter(|_| resource_policy.is_none()).and_then(|home| home.role_of(resource));
        Key {
            principal: principal.filter(|account| in_organization(*account)),
            owner: owner.filter(|account| in_organization(*account)),
            resource_policy,
            trust: trust.map(|role| role.name.clone()),
            member: member.map(str::to_owned),
        }
    }

    fn ready(&self, key: &Key) -> Result<Ready, Failure> {
        let too_many = |words: String| {
            Problem::new("too-many-policies", words).help("give only the policies that apply")
        };
        let base = self.build(key);
        let built = || base.clone().build().map(Arc::new).map_err(|error| too_many(error.to_string()));
        let home = self.home.as_ref();
        let mut is_indeterminate = home.zip(key.trust.as_deref()).is_some_and(|(home, role)| {
            home.account.role(role).is_some_and(|role| role.trust_policy().is_err())
        });
        let member = home
            .zip(key.member.as_deref())
            .and_then(|(home, label)| Some((home, home.account.principal(label)?)));
        let Some((home, who)) = member else {
            let set = built()?;
            let (ways, has_other_boundary) = (Vec::new(), false);
            return Ok(Ready::new(set, ways, has_other_boundary, is_indeterminate));
        };
        let attachments = Attachments::new(&home.account, PolicySet::builder());
        let (set, ways) = match attachments.of(who) {
            Ok(attached) => {
                let joined = self.joined(base.clone(), &attached).build();
                (Arc::new(joined.map_err(|error| too_many(error.to_string()))?), home.ways(who, &attached))
            }
            Err(_) => {
                is_indeterminate = true;
                (built()?, Vec::new())
            }
        };
        let has_other_boundary = self.has_boundary() && who.held().boundary.is_some();
        Ok(Ready::new(set, ways, has_other_boundary, is_indeterminate))
    }

    /// The policies of someone of the account beside those that were given as files. Of two boundaries
    /// the one that was given counts.
    fn joined(&self, mut builder: PolicySetBuilder, attached: &Attached<'_>) -> PolicySetBuilder {
        let boundary_given = self.has_boundary();
        for (_, policy) in attached.set().policies() {
            let is_boundary =
                attached.origin(policy).is_some_and(|origin| origin.holding == Holding::Boundary);
            builder = match is_boundary {
                true if boundary_given => builder,
                true => builder.boundary(Arc::clone(policy)),
                false => builder.identity(Arc::clone(policy)),
            };
        }
        builder
    }

    /// Is a boundary given as a file?
    pub(crate) fn has_boundary(&self) -> bool {
        self.policies.iter().any(|loaded| loaded.place == Place::Boundary)
    }

    fn build(&self, key: &Key) -> PolicySetBuilder {
        let mut builder = PolicySet::builder();
        for (index, loaded) in self.policies.iter().enumerate() {
            let policy = Arc::clone(&loaded.prepared);
            builder = match loaded.place {
                Place::Identity => builder.identity(policy),
                Place::Boundary => builder.boundary(policy),
                Place::Session => builder.session(policy),
                Place::Endpoint => builder.endpoint(policy),
                Place::Resource(_) if key.resource_policy == Some(index) => builder.resource(policy),
                Place::Resource(_) | Place::Scp(_) | Place::Rcp(_) | Place::Organization(_) => builder,
            };
        }
        let role =
            self.home.as_ref().zip(key.trust.as_deref()).and_then(|(home, role)| home.account.role(role));
        if let Some(trust) = role.and_then(|role| role.trust_policy().ok()) {
            builder = builder.resource(Arc::clone(trust));
        }
        let at = |place: &Place| {
            let here = self.policies.iter().filter(|loaded| loaded.place == *place);
            here.map(|loaded| Arc::clone(&loaded.prepared)).collect::<Vec<_>>()
        };
        for level in 0..self.levels.0 {
            builder = builder.scp_level(at(&Place::Scp(level)));
        }
        for level in 0..self.levels.1 {
            builder = builder.rcp_level(at(&Place::Rcp(level)));
        }
        let Some(organization) = &self.organization else { return builder };
        let named = |names: &[String], kind: PolicyType| {
            let found = names.iter().filter_map(|name| {
                self.policies.iter().find(|loaded| {
                    loaded.prepared.kind() == kind && loaded.place == Place::Organization(name.clone())
                })
            });
            found.map(|loaded| Arc::clone(&loaded.prepared)).collect::<Vec<_>>()
        };
        for level in organization.levels(key.principal) {
            builder = builder.scp_level(named(&level.scps, PolicyType::ServiceControl));
        }
        for level in organization.levels(key.owner) {
            builder = builder.rcp_level(named(&level.rcps, PolicyType::ResourceControl));
        }
        builder
    }

    /// Which of the resource policies is that of this resource?
    pub(super) fn policy_of(&self, resource: &Resource) -> Option<usize> {
        let Resource::Arn(asked) = resource else { return None };
        let mut best: Option<(usize, usize)> = None;
        for (index, loaded) in self.policies.iter().enumerate() {
            if let Place::Resource(of) = &loaded.place
                && belongs(of, asked)
                && best.is_none_or(|(longest, _)| of.as_str().len() >= longest)
            {
                best = Some((of.as_str().len(), index));
            }
        }
        best.map(|(_, index)| index)
    }
}
