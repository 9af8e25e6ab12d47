//! Which policies apply to whom.
//!
//! A user has the policies attached to it, its own and those of its groups; a role has its own and the
//! attached. Principals with the same policies in the same order share one set, which is made ready once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::document::Document;
use super::held::Held;
use super::principal::PrincipalRef;
use super::problem::Indeterminate;
use super::{Account, ManagedPolicy, Role};
use crate::engine::{PolicySet, PolicySetBuilder, Prepared};

/// The policy sets of an account's principals, each made ready when it is first asked for.
#[derive(Debug)]
pub struct Attachments<'a> {
    account: &'a Account,
    /// Policies that everyone has beside those of the account: of the organization, of an endpoint.
    base: PolicySetBuilder,
    sets: Mutex<HashMap<Vec<usize>, Arc<PolicySet>>>,
}

/// The policies of one principal.
#[derive(Debug, Clone)]
pub struct Attached<'a> {
    set: Arc<PolicySet>,
    origins: Vec<(Arc<Prepared>, Origin<'a>)>,
}

/// How a principal comes by a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The group it comes through, if it does.
    pub group: Option<&'a str>,
    /// How it is held.
    pub holding: Holding,
}

/// How an entity holds a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// It belongs to the entity alone.
    Inline,
    /// It is a managed policy.
    Managed,
    /// It is the permissions boundary.
    Boundary,
}

/// No more sets than this are kept; memory must not grow with the number of principals.
const MOST_SETS: usize = 1_024;

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holding = match self.holding {
            Holding::Inline => "inline",
            Holding::Managed => "attached",
            Holding::Boundary => "boundary",
        };
        match self.group {
            Some(group) => write!(f, "{holding}, group {group}"),
            None => f.write_str(holding),
        }
    }
}

impl Attached<'_> {
    /// The policies, ready to be asked. Principals with equal policies have the very same set.
    pub fn set(&self) -> &Arc<PolicySet> {
        &self.set
    }

    /// How the principal comes by a policy of the set; none for what is not the account's.
    pub fn origin(&self, policy: &Prepared) -> Option<Origin<'_>> {
        let of = |(held, _): &&(Arc<Prepared>, Origin<'_>)| std::ptr::eq(Arc::as_ptr(held), policy);
        self.origins.iter().find(of).map(|(_, origin)| *origin)
    }
}

impl Account {
    /// The policies of one principal alone.
    ///
    /// Who asks for many takes [`Attachments`], which share them.
    ///
    /// # Errors
    ///
    /// A policy that applies is broken or missing, so that nothing certain can be said.
    pub fn policy_set(&self, principal: PrincipalRef<'_>) -> Result<Arc<PolicySet>, Indeterminate> {
        let attachments = Attachments::new(self, PolicySet::builder());
        attachments.of(principal).map(|attached| Arc::clone(attached.set()))
    }
}

impl<'a> Attachments<'a> {
    /// The sets of `account`, each with the policies of `base` besides.
    pub fn new(account: &'a Account, base: PolicySetBuilder) -> Self {
        Self { account, base, sets: Mutex::default() }
    }

    /// The account.
    pub fn account(&self) -> &'a Account {
        self.account
    }

    /// The policies of one principal.
    ///
    /// # Errors
    ///
    /// A policy that applies is broken or missing, there are too many, or a group is unknown. A set
    /// without that policy would answer as if its `Deny` did not exist (RL-002).
    pub fn of<'p>(&self, principal: PrincipalRef<'p>) -> Result<Attached<'p>, Indeterminate>
    where
        'a: 'p,
    {
        let mut gathered = Gathered { account: self.account, found: Vec::new(), reasons: Vec::new() };
        gathered.held(principal.held(), None);
        for name in principal.groups() {
            match self.account.group(name) {
                Some(group) => gathered.held(&group.held, Some(name)),
                None => gathered.reasons.push(format!("the group `{name}` is not in the dump")),
            }
        }
        gathered.boundary(principal.held());
        let Gathered { found: origins, reasons, .. } = gathered;
        if !reasons.is_empty() {
            return Err(Indeterminate { reasons });
        }
        let key: Vec<usize> = origins.iter().map(|(policy, _)| Arc::as_ptr(policy).addr()).collect();
        let known = self.sets.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        let set = match known {
            Some(set) => set,
            None => self.build(key, &origins)?,
        };
        Ok(Attached { set, origins })
    }

    fn build(
        &self,
        key: Vec<usize>,
        origins: &[(Arc<Prepared>, Origin<'_>)],
    ) -> Result<Arc<PolicySet>, Indeterminate> {
        let mut builder = self.base.clone();
        for (policy, origin) in origins {
            let policy = Arc::clone(policy);
            builder = match origin.holding {
                Holding::Inline | Holding::Managed => builder.identity(policy),
                Holding::Boundary => builder.boundary(policy),
            };
        }
        let set = builder.build().map_err(|error| Indeterminate { reasons: vec![error.to_string()] })?;
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= MOST_SETS {
            sets.clear();
        }
        Ok(Arc::clone(sets.entry(key).or_insert_with(|| Arc::new(set))))
    }
}

impl Role {
    /// The trust policy, ready to be asked.
    ///
    /// # Errors
    ///
    /// It is broken, or the dump has none.
    pub fn trust_policy(&self) -> Result<&Arc<Prepared>, Indeterminate> {
        let reason = match &self.trust {
            Some(document) => match document.policy() {
                Ok(policy) => return Ok(policy),
                Err(problem) => problem.to_string(),
            },
            None => format!("role/{}: the dump has no trust policy", self.name),
        };
        Err(Indeterminate { reasons: vec![reason] })
    }
}

/// Policies on the way into a set, in the order in which they are named.
struct Gathered<'a, 'p> {
    account: &'a Account,
    found: Vec<(Arc<Prepared>, Origin<'p>)>,
    reasons: Vec<String>,
}

impl<'a, 'p> Gathered<'a, 'p> {
    fn held(&mut self, held: &Held, group: Option<&'p str>) {
        for inline in &held.inline {
            self.document(&inline.document, Origin { group, holding: Holding::Inline });
        }
        for arn in &held.attached {
            if let Some(version) = self.managed(arn).and_then(ManagedPolicy::default_version) {
                self.document(&version.document, Origin { group, holding: Holding::Managed });
            }
        }
    }

    fn boundary(&mut self, held: &Held) {
        let Some(arn) = &held.boundary else { return };
        let Some(policy) = self.managed(arn) else { return };
        match &policy.boundary {
            Some(boundary) => {
                let origin = Origin { group: None, holding: Holding::Boundary };
                self.found.push((Arc::clone(boundary), origin));
            }
            None => match policy.default_version().map(|version| version.document.policy()) {
                Some(Err(problem)) => self.reasons.push(problem.to_string()),
                _ => self.reasons.push(format!("the boundary `{arn}` cannot be used as one")),
            },
        }
    }

    /// The policy with this ARN; whatever is wrong with it is noted.
    fn managed(&mut self, arn: &str) -> Option<&'a ManagedPolicy> {
        let policy = self.account.policy(arn);
        match policy.map(ManagedPolicy::default_version) {
            None => self.reasons.push(format!("the managed policy `{arn}` is not in the dump")),
            Some(None) => {
                self.reasons.push(format!("the managed policy `{arn}` has no single version in force"));
            }
            Some(Some(_)) => {}
        }
        policy
    }

    fn document(&mut self, document: &Document, origin: Origin<'p>) {
        match document.policy() {
            // The same policy by two ways counts once, and the first way is told.
            Ok(policy) if self.found.iter().any(|(known, _)| Arc::ptr_eq(known, policy)) => {}
            Ok(policy) => self.found.push((Arc::clone(policy), origin)),
            Err(problem) => self.reasons.push(problem.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::ReadOptions;

    const ALLOW: &str =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#;

    fn account() -> Account {
        let managed = |arn: &str| {
            format!(
                r#"{{"Arn": "{arn}", "PolicyVersionList": [{{"VersionId": "v1", "IsDefaultVersion": true, "Document": {ALLOW}}}]}}"#
            )
        };
        let user = |name: &str, more: &str| {
            format!(r#"{{"UserName": "{name}", "Arn": "arn:aws:iam::111122223333:user/{name}", {more}}}"#)
        };
        let power =
            r#""AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/PowerUser"}]"#;
        let boundary = r#""PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/PowerUser"}"#;
        let inline = format!(r#""UserPolicyList": [{{"PolicyName": "own", "PolicyDocument": {ALLOW}}}]"#);
        let dump = format!(
            r#"{{"UserDetailList": [{}, {}, {}, {}], "Policies": [{}], "GroupDetailList": [{{"GroupName": "Developers",
                "Arn": "arn:aws:iam::111122223333:group/Developers", {power}}}]}}"#,
            user("both", &format!(r#"{power}, "GroupList": ["Developers"]"#)),
            user("bounded", &format!("{power}, {boundary}, {inline}")),
            user("direct", power),
            user("member", r#""GroupList": ["Developers"]"#),
            managed("arn:aws:iam::111122223333:policy/PowerUser"),
        );
        Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap()
    }

    fn shown(attached: &Attached<'_>) -> Vec<String> {
        let policies = attached.set().policies();
        let one = |(layer, policy): (_, &Arc<Prepared>)| {
            format!("{layer} {} ({})", policy.name(), attached.origin(policy).unwrap())
        };
        policies.map(one).collect()
    }

    #[test]
    fn a_policy_by_two_ways_counts_once_and_equal_policies_are_one_set() {
        let account = account();
        let attachments = Attachments::new(&account, PolicySet::builder());
        let of = |name: &str| attachments.of(account.principal(name).unwrap()).unwrap();
        assert_eq!(shown(&of("user/direct")), ["identity PowerUser (attached)"]);
        assert_eq!(shown(&of("user/both")), ["identity PowerUser (attached)"]);
        assert_eq!(shown(&of("user/member")), ["identity PowerUser (attached, group Developers)"]);
        assert!(Arc::ptr_eq(of("user/direct").set(), of("user/member").set()), "only the origins differ");
        let bounded =
            ["identity own (inline)", "identity PowerUser (attached)", "boundary PowerUser (boundary)"];
        assert_eq!(shown(&of("user/bounded")), bounded);
    }

    #[test]
    fn what_everyone_has_comes_first_and_has_no_origin() {
        let account = account();
        let policy = account.policies()[0].default_version().unwrap().document.policy().unwrap();
        let guard =
            Prepared::new("guard", policy.policy().clone(), crate::policy::PolicyType::ServiceControl);
        let base = PolicySet::builder().scp_level([guard.unwrap()]);
        let attachments = Attachments::new(&account, base);
        let attached = attachments.of(account.principal("user/direct").unwrap()).unwrap();
        let names: Vec<_> = attached.set().policies().map(|(_, policy)| policy.name()).collect();
        assert_eq!(names, ["guard", "PowerUser"]);
        let (_, guard) = attached.set().policies().next().unwrap();
        assert_eq!(attached.origin(guard), None);
    }
}
