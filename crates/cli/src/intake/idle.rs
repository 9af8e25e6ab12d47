//! Policies that were given and have nothing to do with what is asked: more often a mistake than not.

use twokeys::report::Warning;
use twokeys::request::{Principal, PrincipalKind, Resource};

use super::question::Question;
use super::world::{Place, World};

/// Which places of policies no question has touched so far.
#[derive(Debug, Clone)]
pub(crate) struct Idle {
    left: Vec<Place>,
    /// Who asked last, for the words.
    who: Option<String>,
}

impl Idle {
    /// All that was given.
    pub(crate) fn new(world: &World) -> Self {
        Self { left: world.given_places(), who: None }
    }

    /// Takes off what has to do with this question.
    pub(crate) fn see(&mut self, question: &Question) {
        if !self.left.is_empty() {
            self.left.retain(|place| !touches(place, question));
            self.who = Some(question.principal().as_str().to_owned());
        }
    }

    /// Takes off what a copy of this has seen, which was made a while ago.
    pub(crate) fn join(&mut self, copy: &Self) {
        if !self.left.is_empty() {
            self.left.retain(|place| copy.left.contains(place));
            self.who.clone_from(&copy.who);
        }
    }

    /// What is left.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let Some(who) = &self.who else { return Vec::new() };
        self.left.iter().map(|place| of_place(place, who)).collect()
    }
}

/// The same where all of an account are asked, about these resources or whether there is one.
pub(crate) fn policies_of_others(world: &World, resources: &[Resource]) -> Vec<Warning> {
    let places = world.given_places();
    let others = places.iter().filter(|place| match place {
        Place::Resource(of) => !resources.iter().any(|resource| place.is_policy_of(resource, of)),
        _ => false,
    });
    others.map(|place| of_place(place, "")).collect()
}

fn touches(place: &Place, question: &Question) -> bool {
    let who = question.principal();
    match place {
        Place::Identity => has_policies(who.kind()),
        Place::Boundary => has_policies(who.kind()) && !who.is_service_linked(),
        Place::Session => matches!(who.kind(), PrincipalKind::RoleSession | PrincipalKind::FederatedUser),
        Place::Scp(_) => is_limited(who),
        Place::Rcp(_) => !who.is_service_linked(),
        Place::Resource(of) => place.is_policy_of(question.resource(), of),
        Place::Endpoint | Place::Organization(_) => true,
    }
}

/// Do identity policies speak for it?
fn has_policies(kind: PrincipalKind) -> bool {
    matches!(kind, PrincipalKind::User | PrincipalKind::RoleSession | PrincipalKind::FederatedUser)
}

/// Do service control policies reach it (EV-052)?
fn is_limited(who: &Principal) -> bool {
    who.account().is_some() && !who.details.management_account && !who.is_service_linked()
}

fn of_place(place: &Place, who: &str) -> Warning {
    let (what, why, help) = match place {
        Place::Identity => {
            ("--policy", format!("`{who}` has no identity policies"), "correct who asks: `-p user/NAME`")
        }
        Place::Boundary => {
            ("--boundary", format!("`{who}` has no boundary"), "correct who asks: `-p user/NAME`")
        }
        Place::Session => {
            ("--session-policy", format!("`{who}` is no session"), "correct who asks: `-p role/NAME`")
        }
        Place::Scp(_) => (
            "--scp",
            format!("service control policies do not reach `{who}`"),
            "take it away, or correct who asks",
        ),
        Place::Rcp(_) => (
            "--rcp",
            format!("resource control policies do not reach `{who}`"),
            "take it away, or correct who asks",
        ),
        Place::Resource(arn) => (
            "--resource-policy",
            format!("nothing is asked about `{arn}`"),
            "correct the ARN; but for a bucket and its objects it must be that of `-r`",
        ),
        Place::Endpoint | Place::Organization(_) => {
            ("a policy", "nothing asks for it".to_owned(), "take it away")
        }
    };
    Warning::of_question("not-applicable", format!("{what} does not apply: {why}"), help)
}
