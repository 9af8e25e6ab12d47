//! One principal with its requests at hand: only the action and the resource change from ask to ask.

use crate::account::circumstances::Circumstances;
use crate::account::principal::PrincipalRef;
use crate::account::problem::Indeterminate;
use crate::engine::{Evaluation, PolicySet, evaluate};
use crate::name::{AccountId, Action};
use crate::request::{Context, Principal, Request, Resource};
use crate::verdict::Answers;

/// A principal about to ask.
pub(in crate::account) struct Asker<'a> {
    who: PrincipalRef<'a>,
    circumstances: &'a Circumstances,
    pub(super) principal: Principal,
    /// A request in each state, by the owner of the resource; most askers need one or two.
    requests: Vec<(Option<AccountId>, Answers<Request>)>,
}

/// One of the three states.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    Missing,
    False,
    True,
}

impl State {
    pub(super) const ALL: [Self; 3] = [Self::Missing, Self::False, Self::True];
}

impl<'a> Asker<'a> {
    pub(in crate::account) fn new(
        who: PrincipalRef<'a>,
        circumstances: &'a Circumstances,
    ) -> Result<Self, Indeterminate> {
        let principal = circumstances.principal(who)?;
        Ok(Self { who, circumstances, principal, requests: Vec::new() })
    }

    /// The contexts in which it asks about things of its own account.
    pub(super) fn contexts(&self) -> Result<Answers<Context>, Indeterminate> {
        self.circumstances.contexts(self.who, &self.principal, self.principal.account())
    }

    /// Asks in one state.
    pub(super) fn ask(
        &mut self,
        set: &PolicySet,
        action: &Action,
        resource: &Resource,
        state: State,
    ) -> Result<Evaluation, Indeterminate> {
        let owner = resource.owner(&self.principal);
        let known = self.requests.iter().position(|(of, _)| *of == owner);
        let at = match known {
            Some(at) => at,
            None => {
                let requests = self.requests(owner, action, resource)?;
                self.requests.push((owner, requests));
                self.requests.len() - 1
            }
        };
        let unreachable = || Indeterminate { reasons: vec!["no request at hand".to_owned()] };
        let (_, requests) = self.requests.get_mut(at).ok_or_else(unreachable)?;
        let request = match state {
            State::Missing => &mut requests.missing,
            State::False => &mut requests.false_,
            State::True => &mut requests.true_,
        };
        if request.action.as_str() != action.as_str() {
            request.action = action.clone();
        }
        if request.resource != *resource {
            request.resource = resource.clone();
        }
        Ok(evaluate(set, request))
    }

    /// Asks in all three states.
    pub(in crate::account) fn ask_all(
        &mut self,
        set: &PolicySet,
        action: &Action,
        resource: &Resource,
    ) -> Result<Answers, Indeterminate> {
        Ok(Answers {
            missing: self.ask(set, action, resource, State::Missing)?,
            false_: self.ask(set, action, resource, State::False)?,
            true_: self.ask(set, action, resource, State::True)?,
        })
    }

    fn requests(
        &self,
        owner: Option<AccountId>,
        action: &Action,
        resource: &Resource,
    ) -> Result<Answers<Request>, Indeterminate> {
        let contexts = self.circumstances.contexts(self.who, &self.principal, owner)?;
        let request =
            |context| Request::new(self.principal.clone(), action.clone(), resource.clone(), context);
        Ok(Answers {
            missing: request(contexts.missing),
            false_: request(contexts.false_),
            true_: request(contexts.true_),
        })
    }
}
