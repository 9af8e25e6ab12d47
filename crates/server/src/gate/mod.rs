//! The one gate: nothing is done for a caller unless the engine allows it (RL-007).

mod denial;
mod sets;

pub use denial::Denial;
pub use sets::Sets;

use chrono::DateTime;
use twokeys::engine::{self, Decision, Evaluation, PolicySet};
use twokeys::mfa::{Profile, Signing};
use twokeys::name::Action;
use twokeys::request::{Context, ContextBuilder, Facts, Request, Resource};

use crate::caller::Caller;
use crate::state::{State, Tags};

/// What is asked of the gate.
#[derive(Debug)]
pub struct Question<'q> {
    /// The account as it is now.
    pub state: &'q State,
    /// Who asks.
    pub caller: &'q Caller,
    /// `iam:CreateUser`
    pub action: &'q str,
    /// The ARN, or `*`.
    pub resource: &'q str,
    /// Keys beside those that every request carries.
    pub keys: ContextBuilder,
    /// Tags of the resource.
    pub resource_tags: &'q Tags,
    /// Tags that the request would set.
    pub request_tags: &'q Tags,
    /// The resource's own policy: for `sts:AssumeRole` the trust policy.
    pub resource_policy: Option<&'q str>,
    /// Where the two MFA keys come from.
    pub mfa: Mfa,
    /// Where and when.
    pub scene: Scene<'q>,
}

/// Where the two MFA keys of a question come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mfa {
    /// From what signed.
    OfCredential,
    /// The call brings a code itself (STS-042).
    WithCode,
    /// From [`Question::keys`]: whoever asks the decision API says them, and what is not said is missing.
    AsGiven,
}

/// Where and when a request was made.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'q> {
    /// In seconds since 1970.
    pub now: u64,
    /// The peer's address: never one that a header claims.
    pub source_ip: std::net::IpAddr,
    /// `User-Agent`, if it was sent.
    pub user_agent: Option<&'q str>,
    /// `aws:RequestedRegion`
    pub region: &'q str,
    /// Which reading of MF-002 is in force.
    pub profile: Profile,
}

/// A proof that the engine allowed this call. Only the gate makes one, and every handler asks for one.
#[derive(Debug)]
pub struct Permit(());

/// Decides. Every refusal is a [`Denial`] with its reason.
///
/// # Errors
///
/// The engine does not allow it, or nothing certain can be said.
pub fn pass(sets: &Sets, question: &Question<'_>) -> Result<Permit, Denial> {
    let (request, set) = prepare(sets, question)?;
    let evaluation = engine::evaluate(&set, &request);
    match evaluation.decision() {
        decision if decision.is_allowed() => Ok(Permit(())),
        decision => Err(denial(question, &set, &evaluation, decision)),
    }
}

fn denial(question: &Question<'_>, set: &PolicySet, evaluation: &Evaluation, decision: Decision) -> Denial {
    Denial::new(question, set, evaluation, decision)
}

/// The request and the policies that the engine is asked with.
///
/// # Errors
///
/// A policy that applies cannot be read or is not there.
pub fn prepare(sets: &Sets, question: &Question<'_>) -> Result<(Request, std::sync::Arc<PolicySet>), Denial> {
    let unusable = |why: String| Denial::indeterminate(question, why);
    let principal = question.caller.principal(question.state).map_err(|error| unusable(error.to_string()))?;
    let action: Action = question.action.parse().map_err(|error| unusable(format!("{error}")))?;
    let resource: Resource = question.resource.parse().map_err(|error| unusable(format!("{error}")))?;
    let set = sets.of(question.state, question.caller, question.resource_policy).map_err(unusable)?;
    let context = context(question, &principal, &resource).map_err(unusable)?;
    let owner = resource.owner(&principal).or(Some(question.state.id()));
    let mut request = Request::new(principal, action, resource, context);
    request.resource_account = owner;
    Ok((request, set))
}

fn context(
    question: &Question<'_>,
    principal: &twokeys::request::Principal,
    resource: &Resource,
) -> Result<Context, String> {
    let Question { caller, scene, .. } = question;
    let pairs = |tags: &Tags| tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
    let now = i64::try_from(scene.now).ok().and_then(|now| DateTime::from_timestamp(now, 0));
    let session = caller.credential.session.as_ref();
    let facts = Facts {
        mfa: match question.mfa {
            Mfa::OfCredential => Some(caller.mfa(scene.now, scene.profile)),
            Mfa::WithCode => Some(Signing::AccessKeyWithCode.mfa(scene.profile)),
            Mfa::AsGiven => None,
        },
        issued_ago: session.map(|session| scene.now.saturating_sub(session.issued)),
        principal_tags: caller.tags(),
        resource_tags: pairs(question.resource_tags),
        request_tags: pairs(question.request_tags),
        ..Facts::at(now.ok_or("the clock is beyond the calendar")?)
    };
    let mut builder = question
        .keys
        .clone()
        .fill("aws:SourceIp", [scene.source_ip.to_string()])
        .fill("aws:RequestedRegion", [scene.region]);
    if let Some(agent) = scene.user_agent {
        builder = builder.fill("aws:UserAgent", [agent]);
    }
    if let Some(identity) = session.and_then(|session| session.source_identity.as_deref()) {
        builder = builder.fill("aws:SourceIdentity", [identity]);
    }
    let owner = resource.owner(principal).or(Some(question.state.id()));
    facts.complete(builder, principal, owner).build().map_err(|error| error.to_string())
}
