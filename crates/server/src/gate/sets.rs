//! The policy sets of callers, made ready when they are first asked for.
//!
//! A set is kept until something changes that can alter a decision. Texts are read once however many
//! entities hold them: accounts have far fewer documents than principals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use twokeys::engine::{PolicySet, PolicySetBuilder, Prepared};
use twokeys::policy::{Policy, PolicyType};

use crate::caller::{Caller, Identity, SessionKind};
use crate::state::{Attachments, State};

/// No more sets and texts than this are kept.
const MOST_KEPT: usize = 16_384;

/// Policies made ready, shared by all calls.
#[derive(Debug, Default)]
pub struct Sets {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    generation: u64,
    sets: HashMap<String, Result<Arc<PolicySet>, String>>,
    texts: HashMap<(PolicyType, Arc<str>), Result<Arc<Prepared>, String>>,
}

impl Sets {
    /// The policies that apply to a call of `caller`, with the policy of the resource if it has one.
    ///
    /// # Errors
    ///
    /// A policy that applies cannot be read or is not there.
    pub fn of(
        &self,
        state: &State,
        caller: &Caller,
        resource_policy: Option<&str>,
    ) -> Result<Arc<PolicySet>, String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.generation != state.generation() {
            kept.generation = state.generation();
            kept.sets.clear();
        }
        if kept.sets.len() >= MOST_KEPT {
            kept.sets.clear();
        }
        if kept.texts.len() >= MOST_KEPT {
            kept.texts.clear();
        }
        // A session may have policies of its own; one without has those of its user or role.
        let key = match &caller.credential.session {
            Some(session)
                if session.policy.is_some()
                    || !session.policy_arns.is_empty()
                    || session.kind == SessionKind::Federation =>
            {
                &session.key_id
            }
            _ => caller.principal_id(),
        };
        let set = match kept.sets.get(key) {
            Some(set) => set.clone(),
            None => {
                let set = make(&mut kept, state, caller);
                kept.sets.insert(key.to_owned(), set.clone());
                set
            }
        }?;
        let Some(text) = resource_policy else { return Ok(set) };
        let policy = kept.text("the resource's policy", &Arc::from(text), PolicyType::Trust)?;
        set.to_builder().resource(policy).build().map(Arc::new).map_err(|error| error.to_string())
    }

    /// A text, made ready for its place.
    ///
    /// # Errors
    ///
    /// It is no policy of this type.
    pub fn text(&self, name: &str, text: &Arc<str>, kind: PolicyType) -> Result<Arc<Prepared>, String> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).text(name, text, kind)
    }

    /// The identity policies and the boundary of a user, group or role, as [`PolicySet`]s have them.
    ///
    /// # Errors
    ///
    /// A policy that applies cannot be read or is not there.
    pub fn add_identity(
        &self,
        builder: PolicySetBuilder,
        state: &State,
        label: &str,
        attachments: &Attachments,
    ) -> Result<PolicySetBuilder, String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.attached(builder, state, label, attachments)
    }
}

fn make(kept: &mut Kept, state: &State, caller: &Caller) -> Result<Arc<PolicySet>, String> {
    let mut builder = PolicySet::builder();
    let user = match &caller.identity {
        Identity::User(user) => Some(user),
        Identity::Federated { issuer, .. } => issuer.as_ref(),
        Identity::Root | Identity::Role { .. } => None,
    };
    let mut boundary = None;
    if let Some(user) = user {
        builder = kept.attached(builder, state, &format!("user/{}", user.name), &user.attachments)?;
        for id in &user.groups {
            let group = state.group_by_id(id).ok_or_else(|| format!("the group {id} is not there"))?;
            builder = kept.attached(builder, state, &format!("group/{}", group.name), &group.attachments)?;
        }
        boundary = user.boundary.as_deref();
    }
    if let Identity::Role { role, .. } = &caller.identity {
        builder = kept.attached(builder, state, &format!("role/{}", role.name), &role.attachments)?;
        boundary = role.boundary.as_deref();
    }
    if let Some(arn) = boundary {
        builder = builder.boundary(kept.managed(state, arn, PolicyType::Boundary)?);
    }
    if let Some(session) = &caller.credential.session {
        if let Some(text) = &session.policy {
            let text = Arc::from(text.as_str());
            builder = builder.session(kept.text("the session policy", &text, PolicyType::Session)?);
        }
        for arn in &session.policy_arns {
            builder = builder.session(kept.managed(state, arn, PolicyType::Session)?);
        }
    }
    builder.build().map(Arc::new).map_err(|error| error.to_string())
}

impl Kept {
    fn attached(
        &mut self,
        mut builder: PolicySetBuilder,
        state: &State,
        label: &str,
        attachments: &Attachments,
    ) -> Result<PolicySetBuilder, String> {
        for (name, text) in &attachments.inline {
            let policy = self.text(&format!("{label}#inline:{name}"), text, PolicyType::Identity)?;
            builder = builder.identity(policy);
        }
        for arn in &attachments.managed {
            builder = builder.identity(self.managed(state, arn, PolicyType::Identity)?);
        }
        Ok(builder)
    }

    fn managed(&mut self, state: &State, arn: &str, kind: PolicyType) -> Result<Arc<Prepared>, String> {
        let document = state.policy(arn).and_then(|policy| policy.default_document());
        let document = document.ok_or_else(|| format!("{arn} is attached but not known"))?;
        self.text(arn, document, kind)
    }

    fn text(&mut self, name: &str, text: &Arc<str>, kind: PolicyType) -> Result<Arc<Prepared>, String> {
        if let Some(known) = self.texts.get(&(kind, Arc::clone(text))) {
            return known.clone();
        }
        let made = Policy::parse(text)
            .and_then(|policy| Prepared::new(name, policy, kind))
            .map_err(|errors| format!("{name}: {errors}"));
        self.texts.insert((kind, Arc::clone(text)), made.clone());
        made
    }
}
