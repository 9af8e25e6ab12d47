//! What can be settled once for all principals that have the same policies.
//!
//! The classes of actions, the resources to try for each, and the answers of the classes in which no
//! statement asks who the principal is.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::asker::{Asker, State};
use super::candidates::{Candidate, Filler};
use crate::account::problem::Indeterminate;
use crate::engine::{ActionClasses, Actions, Decision, PolicySet, StatementId};
use crate::name::{AccountId, Action};
use crate::policy::{PrincipalPart, PrincipalValue};
use crate::request::{PrincipalKind, Resource};
use crate::verdict::{Answers, Verdict};

/// A set of policies with what was found out about it.
#[derive(Debug)]
pub(super) struct Plan {
    set: Arc<PolicySet>,
    /// For each action its class.
    class_of: Vec<u32>,
    classes: Vec<Class>,
    /// Answers of the classes that do not depend on the principal, by what else the engine sees of it.
    shared: Mutex<HashMap<Kind, Shared>>,
}

/// For each class its answers, if they do not depend on the principal.
type Shared = Arc<[Option<Arc<[Found]>>]>;

/// What the engine asks of a principal beside its context: two of the same kind get the same answers where
/// no statement names a key or a principal.
type Kind = (PrincipalKind, bool);

/// Actions that all statements treat alike.
#[derive(Debug, Clone)]
struct Class {
    /// The place of one of them in the list.
    action: usize,
    candidates: Vec<Candidate>,
    /// Do the answers depend on who asks?
    is_personal: bool,
}

/// The answers about one resource.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) resource: Resource,
    pub(super) answers: Answers,
    pub(super) verdict: Verdict,
}

/// Keys that tell who asks. All begin like this; the rest of the context is the same for everyone.
const PERSONAL_KEYS: [&str; 3] = ["aws:principal", "aws:userid", "aws:username"];

impl Plan {
    pub(super) fn new(set: Arc<PolicySet>, actions: &Actions, account: AccountId, partition: &str) -> Self {
        let found = ActionClasses::new(&set, actions);
        let filler = Filler::new(&set, account, partition);
        let mut classes = Vec::with_capacity(found.representatives().len());
        for at in found.representatives() {
            let statements = actions.as_slice().get(at).map(|action| set.statements_on(action));
            classes.push(Class::new(&set, &filler, at, &statements.unwrap_or_default()));
        }
        let class_of =
            (0..actions.as_slice().len()).map(|at| found.class_of(at).and_then(|at| u32::try_from(at).ok()));
        let class_of = class_of.map(Option::unwrap_or_default).collect();
        let mut plan = Self { set, class_of, classes, shared: Mutex::default() };
        if plan.classes.iter().any(|class| class.candidates.iter().any(Candidate::is_by_service)) {
            plan.split_by_service(actions);
        }
        plan
    }

    /// The class of the action at this place of the list.
    pub(super) fn class_of(&self, action: usize) -> usize {
        self.class_of.get(action).map_or(usize::MAX, |class| *class as usize)
    }

    /// Where a candidate takes its service from the action, two services are two classes.
    fn split_by_service(&mut self, actions: &Actions) {
        let mut known: HashMap<(u32, &str), u32> = HashMap::new();
        for (at, (action, class)) in actions.as_slice().iter().zip(&mut self.class_of).enumerate() {
            let Some(whole) = self.classes.get(*class as usize) else { continue };
            if !whole.candidates.iter().any(Candidate::is_by_service) {
                continue;
            }
            let part = match known.get(&(*class, action.service())) {
                Some(part) => *part,
                None => {
                    let part = Class { action: at, ..whole.clone() };
                    self.classes.push(part);
                    let part = u32::try_from(self.classes.len() - 1).unwrap_or(u32::MAX);
                    known.insert((*class, action.service()), part);
                    part
                }
            };
            *class = part;
        }
    }

    /// For each class the answers about the resources given, or about one that it can find.
    pub(super) fn answers(
        &self,
        actions: &[Action],
        resources: &[Resource],
        asker: &mut Asker<'_>,
    ) -> Result<Vec<Arc<[Found]>>, Indeterminate> {
        let shared = self.shared(actions, resources, asker)?;
        let mut answers = Vec::with_capacity(self.classes.len());
        for (class, shared) in self.classes.iter().zip(shared.iter()) {
            answers.push(match shared {
                Some(found) => Arc::clone(found),
                None => self.ask(class, actions, resources, asker)?,
            });
        }
        Ok(answers)
    }

    fn shared(
        &self,
        actions: &[Action],
        resources: &[Resource],
        asker: &mut Asker<'_>,
    ) -> Result<Shared, Indeterminate> {
        let kind = (asker.principal.kind(), asker.principal.is_service_linked());
        if let Some(known) = self.shared.lock().unwrap_or_else(PoisonError::into_inner).get(&kind) {
            return Ok(Arc::clone(known));
        }
        let mut answers = Vec::with_capacity(self.classes.len());
        for class in &self.classes {
            // A class without actions is left over from a split.
            let found =
                if class.is_personal { None } else { Some(self.ask(class, actions, resources, asker)?) };
            answers.push(found);
        }
        let answers: Arc<[_]> = answers.into();
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, Arc::clone(&answers));
        Ok(answers)
    }

    fn ask(
        &self,
        class: &Class,
        actions: &[Action],
        resources: &[Resource],
        asker: &mut Asker<'_>,
    ) -> Result<Arc<[Found]>, Indeterminate> {
        let Some(action) = actions.get(class.action) else { return Ok(Arc::default()) };
        if resources.is_empty() {
            return Ok([self.find(class, action, asker)?].into());
        }
        resources.iter().map(|resource| self.about(action, resource, asker)).collect()
    }

    /// The first candidate that is allowed without MFA, else the first that is allowed with it, else the first
    /// that may be allowed, else `*`.
    fn find(&self, class: &Class, action: &Action, asker: &mut Asker<'_>) -> Result<Found, Indeterminate> {
        let mut resources = vec![Resource::Star];
        let contexts = if class.candidates.iter().any(Candidate::has_variables) {
            Some(asker.contexts()?)
        } else {
            None
        };
        let none = crate::request::Context::default();
        for candidate in &class.candidates {
            // A variable may stand for another text in each state.
            let states = contexts.as_ref().filter(|_| candidate.has_variables());
            let states = states.map_or([Some(&none), None, None], |contexts| {
                [Some(&contexts.missing), Some(&contexts.false_), Some(&contexts.true_)]
            });
            let begin = resources.len();
            for context in states.into_iter().flatten() {
                let resource = candidate.resolve(action.service(), context);
                let known = resources.get(begin..).unwrap_or_default();
                let other = resource.filter(|resource| !known.contains(resource));
                resources.extend(other);
            }
        }
        // What hangs on something unknown is no "yes", but is not to pass for a "no" either.
        let mut open = &Resource::Star;
        for state in State::ALL {
            for resource in &resources {
                let answer = asker.ask(&self.set, action, resource, state)?;
                if answer.decision().is_allowed() {
                    return self.about(action, resource, asker);
                }
                if open == &Resource::Star && answer.possible().contains(Decision::Allowed) {
                    open = resource;
                }
            }
        }
        self.about(action, open, asker)
    }

    fn about(
        &self,
        action: &Action,
        resource: &Resource,
        asker: &mut Asker<'_>,
    ) -> Result<Found, Indeterminate> {
        let answers = asker.ask_all(&self.set, action, resource)?;
        Ok(Found { resource: resource.clone(), verdict: answers.verdict(), answers })
    }
}

impl Class {
    fn new(set: &PolicySet, filler: &Filler, action: usize, statements: &[StatementId]) -> Self {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut known = HashSet::new();
        let mut is_personal = false;
        for id in statements {
            let Some(statement) = set.statement(*id) else { continue };
            for candidate in filler.candidates(statement) {
                if known.insert(candidate.key()) {
                    candidates.push(candidate);
                }
            }
            let by_key = set.keys_of(*id).any(|key| PERSONAL_KEYS.iter().any(|start| key.starts_with(start)));
            is_personal |= by_key || statement.statement.principal.as_ref().is_some_and(tells_apart);
        }
        Self { action, candidates, is_personal }
    }
}

/// Does a principal element treat principals differently?
fn tells_apart(part: &PrincipalPart) -> bool {
    let everyone = matches!(&part.value, PrincipalValue::Text(text) if text.value == "*");
    part.negated || !everyone
}
