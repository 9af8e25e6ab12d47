//! Who may take on a role, in the three states of MFA, as far as its trust policy tells.
//!
//! The session of a role carries no MFA (MF-002, row 9), so what a role is worth is decided at the door: by the
//! `AssumeRole` call. Here the call is asked for everyone whom the trust policy names, with a caller who
//! may call it; keys that nobody can know beforehand, an external id or tags of a stranger, count as
//! unknown, and what is possible counts as let in.

use super::Role;
use super::circumstances::Circumstances;
use super::problem::Indeterminate;
use crate::engine::{Decision, PolicySet, Prepared, evaluate};
use crate::name::{AccountId, Action, Arn};
use crate::policy::{Effect, Policy, PolicyType, PrincipalValue};
use crate::request::{Facts, Principal, PrincipalDetails, Request, Resource};
use crate::verdict::{Answers, Verdict};

/// Those whom a trust policy names, each with what it takes to come in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// In the order of the policy, each once.
    pub callers: Vec<TrustedCaller>,
}

/// One entry of a trust policy's principals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedCaller {
    /// As the policy names it.
    pub name: String,
    /// What it is.
    pub kind: CallerKind,
    /// Could the call succeed, in each state? Services and providers have no MFA; they are not asked.
    pub possible: Option<Answers<bool>>,
}

/// What a trust policy can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// A user, all of an account, or everyone: people with credentials of their own.
    People,
    /// Another role, whose sessions carry no MFA.
    Role,
    /// A service of AWS, which runs what it was told to.
    Service,
    /// An identity provider, which has its own idea of MFA (MF-017).
    Provider,
    /// Something that is nobody: a misspelled ARN, the id of a deleted user.
    Nobody,
}

/// A user that stands for everyone of an account.
const ANYONE: &str = "xyzzy";

const MAY_CALL: &str = r#"{"Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}"#;

impl Trust {
    /// Asks the trust policy of a role.
    ///
    /// # Errors
    ///
    /// The policy is broken or missing.
    pub fn of(role: &Role, circumstances: &Circumstances) -> Result<Self, Indeterminate> {
        let policy = role.trust_policy()?;
        let unusable = |error: &dyn std::fmt::Display| Indeterminate { reasons: vec![error.to_string()] };
        let may_call = Policy::parse(MAY_CALL)
            .and_then(|policy| Prepared::new("(caller)", policy, PolicyType::Identity))
            .map_err(|error| unusable(&error))?;
        let set = PolicySet::builder().identity(may_call).resource(policy.clone()).build();
        let set = set.map_err(|error| unusable(&error))?;
        let action: Action = "sts:AssumeRole".parse().map_err(|error| unusable(&error))?;
        let door = Door { set, action, role, circumstances };
        let mut callers: Vec<TrustedCaller> = Vec::new();
        let allows = policy.policy().statements.iter().filter(|one| one.effect.value == Effect::Allow);
        for (kind, name) in
            allows.filter_map(|one| one.principal.as_ref()).flat_map(|part| named(&part.value))
        {
            if !callers.iter().any(|known| known.name == name) {
                callers.push(door.caller(kind, name));
            }
        }
        Ok(Self { callers })
    }

    /// Could a person come in without MFA?
    ///
    /// Whoever comes by way of another role counts: that session has no MFA either.
    pub fn lets_in_without_mfa(&self) -> bool {
        self.callers.iter().any(|caller| match (caller.kind, caller.possible) {
            (CallerKind::People, Some(possible)) => possible.missing || possible.false_,
            (CallerKind::Role, Some(possible)) => possible.false_,
            _ => false,
        })
    }

    /// What the call takes for people; none if the role is not for people.
    ///
    /// Of several the most open.
    pub fn verdict(&self) -> Option<Verdict> {
        let people = self.callers.iter().filter(|caller| caller.kind == CallerKind::People);
        let verdicts = people.filter_map(TrustedCaller::verdict);
        verdicts.min_by_key(|verdict| Verdict::ALL.iter().position(|other| other == verdict))
    }
}

impl TrustedCaller {
    /// What the call takes.
    pub fn verdict(&self) -> Option<Verdict> {
        self.possible.map(|Answers { missing, false_, true_ }| Verdict::of(missing, false_, true_))
    }
}

/// The `AssumeRole` call on one role.
struct Door<'d> {
    set: PolicySet,
    action: Action,
    role: &'d Role,
    circumstances: &'d Circumstances,
}

impl Door<'_> {
    fn caller(&self, kind: &str, name: &str) -> TrustedCaller {
        let (kind, principal) = match kind {
            "AWS" => self.principal(name),
            "Service" => (CallerKind::Service, None),
            "Federated" => (CallerKind::Provider, None),
            _ => (CallerKind::Nobody, None),
        };
        let possible = principal.and_then(|principal| self.possible(&principal));
        TrustedCaller { name: name.to_owned(), kind, possible }
    }

    /// Someone who matches an entry.
    fn principal(&self, name: &str) -> (CallerKind, Option<Principal>) {
        let partition = self.role.arn.partition();
        let user = |account: AccountId, partition: &str| {
            format!("arn:{partition}:iam::{account}:user/{ANYONE}").parse::<Principal>().ok()
        };
        if name == "*" {
            let own = self.role.arn.account().and_then(|account| user(account, partition));
            return (CallerKind::People, own);
        }
        if let Ok(account) = name.parse() {
            return (CallerKind::People, user(account, partition));
        }
        let Ok(arn) = name.parse::<Arn>() else { return (CallerKind::Nobody, None) };
        match (arn.service(), arn.account(), arn.resource()) {
            ("iam", Some(account), "root") => (CallerKind::People, user(account, arn.partition())),
            ("iam", Some(account), resource) if resource.starts_with("role/") => {
                let last = resource.rsplit('/').next().unwrap_or_default();
                let session = format!("arn:{}:sts::{account}:assumed-role/{last}/{ANYONE}", arn.partition());
                let details = PrincipalDetails { role_arn: Some(arn), ..PrincipalDetails::default() };
                let session = session.parse::<Principal>().ok();
                (CallerKind::Role, session.and_then(|session| session.with_details(details).ok()))
            }
            ("sts", Some(_), resource) if resource.starts_with("assumed-role/") => {
                (CallerKind::Role, name.parse().ok())
            }
            _ => match name.parse() {
                Ok(user) => (CallerKind::People, Some(user)),
                Err(_) => (CallerKind::Nobody, None),
            },
        }
    }

    fn possible(&self, principal: &Principal) -> Option<Answers<bool>> {
        let resource = Resource::Arn(self.role.arn.clone());
        let of_stranger = Circumstances { rest_unknown: true, ..self.circumstances.clone() };
        let facts = Facts { principal_tags: Vec::new(), ..self.circumstances.facts.clone() };
        let owner = self.role.arn.account();
        let contexts =
            of_stranger.in_three_states(&facts, &self.circumstances.context, principal, owner).ok()?;
        let ask = |context| {
            let request = Request::new(principal.clone(), self.action.clone(), resource.clone(), context);
            evaluate(&self.set, &request).possible().contains(Decision::Allowed)
        };
        Some(Answers {
            missing: ask(contexts.missing),
            false_: ask(contexts.false_),
            true_: ask(contexts.true_),
        })
    }
}

/// Kind and name of everyone in a principal element.
fn named(value: &PrincipalValue) -> Vec<(&str, &str)> {
    match value {
        PrincipalValue::Text(text) => vec![("AWS", text.value.as_str())],
        PrincipalValue::Map(groups) => groups
            .iter()
            .flat_map(|group| {
                group.values.iter().map(|name| (group.kind.value.as_str(), name.value.as_str()))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, ReadOptions};

    fn trust(statements: &str) -> Trust {
        let dump = format!(
            r#"{{"RoleDetailList": [{{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r",
              "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{statements}]}}}}]}}"#
        );
        let account = Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap();
        Trust::of(account.role("r").unwrap(), &Circumstances::default()).unwrap()
    }

    fn allow(principal: &str, condition: &str) -> String {
        format!(
            r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "sts:AssumeRole", "Condition": {{{condition}}}}}"#
        )
    }

    const ACCOUNT: &str = r#"{"AWS": "111122223333"}"#;
    const MFA: &str = r#""Bool": {"aws:MultiFactorAuthPresent": "true"}"#;

    #[test]
    fn mf_013_the_call_is_judged_in_the_three_states() {
        let if_exists = MFA.replace("Bool", "BoolIfExists");
        let external = r#""StringEquals": {"sts:ExternalId": "x"}"#;
        for (condition, verdict, without) in [
            ("", Verdict::Open, true),
            (MFA, Verdict::Enforced, false),
            (&if_exists, Verdict::LeaksKeys, true),
            // Nobody knows the external id: it may be the right one.
            (external, Verdict::Open, true),
            (&format!("{external}, {MFA}"), Verdict::Enforced, false),
        ] {
            let trust = trust(&allow(ACCOUNT, condition));
            assert_eq!(
                (trust.verdict(), trust.lets_in_without_mfa()),
                (Some(verdict), without),
                "{condition}"
            );
        }
    }

    #[test]
    fn everyone_who_is_named_is_asked_once_and_the_most_open_door_counts() {
        let both = format!(
            "{}, {}",
            allow(ACCOUNT, MFA),
            allow(r#"{"AWS": "arn:aws:iam::111122223333:user/bob"}"#, "")
        );
        let found = trust(&both);
        assert_eq!(found.callers.len(), 2);
        assert_eq!(found.verdict(), Some(Verdict::Open));
        for (principal, kind, without) in [
            (r#"{"Service": "lambda.amazonaws.com"}"#, CallerKind::Service, false),
            (r#"{"Federated": "accounts.google.com"}"#, CallerKind::Provider, false),
            (r#"{"AWS": "arn:aws:iam::111122223333:role/x/other"}"#, CallerKind::Role, true),
            (r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/other/s"}"#, CallerKind::Role, true),
            (r#"{"AWS": "AIDAXXXXXXXXXXXXXXXXX"}"#, CallerKind::Nobody, false),
            (r#"{"AWS": "arn:aws:iam::444455556666:root"}"#, CallerKind::People, true),
            (r#""*""#, CallerKind::People, true),
        ] {
            let trust = trust(&allow(principal, ""));
            assert_eq!((trust.callers[0].kind, trust.lets_in_without_mfa()), (kind, without), "{principal}");
        }
    }

    #[test]
    fn a_deny_counts_for_everyone() {
        let deny = r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}"#;
        let trust = trust(&format!("{}, {deny}", allow(ACCOUNT, "")));
        assert_eq!(trust.verdict(), Some(Verdict::Enforced));
    }
}
