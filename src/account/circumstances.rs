//! What surrounds a question to an account: the time, keys of the context, the organization.

use crate::name::AccountId;
use crate::request::{Context, ContextBuilder, ContextError, Facts, MfaState, Principal};
use crate::verdict::Answers;

use super::principal::PrincipalRef;
use super::problem::Indeterminate;

/// What is the same for all principals and actions that are asked about.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// Time, organization and tags. What they say of MFA is replaced by each state in turn.
    pub facts: Facts,
    /// Keys that are given; nothing overwrites them.
    pub context: ContextBuilder,
    /// Is every key unknown that nothing gives, instead of absent? (UX-043)
    pub rest_unknown: bool,
    /// How many seconds ago was MFA used, in the state in which it was?
    pub mfa_age: u64,
    /// Is the account the management account of its organization?
    pub management_account: bool,
}

impl Circumstances {
    /// Who asks.
    pub(super) fn principal(&self, who: PrincipalRef<'_>) -> Result<Principal, Indeterminate> {
        let mut principal =
            who.to_principal().map_err(|error| Indeterminate { reasons: vec![error.to_string()] })?;
        principal.details.management_account = self.management_account;
        Ok(principal)
    }

    /// The context of someone's question about a resource of `owner`, in the three states of MFA.
    pub(super) fn contexts(
        &self,
        who: PrincipalRef<'_>,
        principal: &Principal,
        owner: Option<AccountId>,
    ) -> Result<Answers<Context>, Indeterminate> {
        let tags = who.tags().iter().map(|tag| (tag.key.clone(), tag.value.clone()));
        let principal_tags = self.facts.principal_tags.iter().cloned().chain(tags).collect();
        let mut builder = self.context.clone();
        if let PrincipalRef::User(user) = who {
            // The name itself, whatever an odd path makes of the last part of the ARN.
            builder = builder.fill("aws:username", [user.name.as_str()]);
        }
        let facts = Facts { principal_tags, ..self.facts.clone() };
        let unusable = |error: ContextError| Indeterminate { reasons: vec![error.to_string()] };
        self.in_three_states(&facts, &builder, principal, owner).map_err(unusable)
    }

    /// A context in the three states.
    pub(super) fn in_three_states(
        &self,
        facts: &Facts,
        builder: &ContextBuilder,
        principal: &Principal,
        owner: Option<AccountId>,
    ) -> Result<Answers<Context>, ContextError> {
        let with = |state: MfaState| {
            let facts = Facts { mfa: Some(state), ..facts.clone() };
            let builder = facts.complete(builder.clone(), principal, owner);
            if self.rest_unknown { builder.unknown("*").build() } else { builder.build() }
        };
        Ok(Answers {
            missing: with(MfaState::Missing)?,
            false_: with(MfaState::False)?,
            true_: with(MfaState::True { age: self.mfa_age })?,
        })
    }
}
