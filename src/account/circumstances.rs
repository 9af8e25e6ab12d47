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
    ///
    /// # Errors
    ///
    /// The name is none that AWS gives.
    pub fn principal(&self, who: PrincipalRef<'_>) -> Result<Principal, Indeterminate> {
        let mut principal =
            who.to_principal().map_err(|error| Indeterminate { reasons: vec![error.to_string()] })?;
        principal.details.management_account = self.management_account;
        Ok(principal)
    }

    /// The context of someone's question about a resource of `owner`, in the three states of MFA.
    ///
    /// # Errors
    ///
    /// A key is given twice, or a tag is no key or value that a context can hold.
    pub fn contexts(
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::account::{Account, ReadOptions};
    use crate::request::KeyState;

    fn account(users: &str) -> Account {
        let dump = format!(r#"{{"UserDetailList": [{users}]}}"#);
        Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap()
    }

    /// The matrix shares answers between principals where no statement asks for one of these keys.
    #[test]
    fn two_users_differ_in_nothing_but_the_keys_that_tell_who_asks() {
        let user = |name: &str| {
            format!(
                r#"{{"UserName": "{name}", "UserId": "AIDA{name}", "Arn": "arn:aws:iam::111122223333:user/{name}",
                    "Tags": [{{"Key": "team", "Value": "{name}"}}]}}"#
            )
        };
        let account = account(&format!("{}, {}", user("a"), user("b")));
        let circumstances = Circumstances::default();
        let keys: Vec<BTreeMap<String, Vec<String>>> = account
            .principals()
            .map(|who| {
                let principal = circumstances.principal(who).unwrap();
                let contexts = circumstances.contexts(who, &principal, principal.account()).unwrap();
                let known = contexts.true_.known();
                known.map(|(key, values)| (key.to_ascii_lowercase(), values.to_vec())).collect()
            })
            .collect();
        let different: Vec<&String> = keys[0].keys().filter(|key| keys[0][*key] != keys[1][*key]).collect();
        assert_eq!(different, ["aws:principalarn", "aws:principaltag/team", "aws:userid", "aws:username"]);
        assert!(keys[0].keys().eq(keys[1].keys()));
    }

    #[test]
    fn the_name_of_a_user_is_the_name_and_not_the_end_of_the_arn() {
        let account = account(r#"{"UserName": "../x", "Arn": "arn:aws:iam::111122223333:user/../x"}"#);
        let (who, circumstances) = (account.principals().next().unwrap(), Circumstances::default());
        let principal = circumstances.principal(who).unwrap();
        let contexts = circumstances.contexts(who, &principal, None).unwrap();
        assert_eq!(contexts.missing.get("aws:username"), KeyState::Known(&["../x".to_owned()]));
    }
}
