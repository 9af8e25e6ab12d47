//! Is MFA really required? One question in the three states, and what follows (MF-018).
//!
//! A policy set enforces MFA for a question only if the answer is "allowed" with MFA and "not allowed" in
//! both other states: with the key missing (long-term access keys) and with the key false (sessions
//! without MFA). Testing two of the three hides the most common hole. The verdict comes from deciding,
//! never from the look of a policy.

use std::fmt;

use crate::engine::{Evaluation, PolicySet, evaluate};
use crate::request::{Context, ContextError, MFA_AGE, MFA_PRESENT, MfaState, Request};

/// The answers of one question in the three states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers<A = Evaluation> {
    /// With neither MFA key.
    pub missing: A,
    /// With `aws:MultiFactorAuthPresent` false.
    pub false_: A,
    /// With MFA used just now.
    pub true_: A,
}

/// What the three answers say. Exhaustive on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Allowed in all three states.
    Open,
    /// Allowed with MFA and only so.
    Enforced,
    /// Allowed with MFA, and also with a long-term access key.
    LeaksKeys,
    /// Allowed with MFA, and also in a session without it.
    LeaksSessions,
    /// Denied with MFA, but allowed without.
    Inverted,
    /// Denied in all three states.
    Denied,
}

impl Verdict {
    /// All of them, the most open first.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Inverted, Self::LeaksKeys, Self::LeaksSessions, Self::Enforced, Self::Denied];

    /// The verdict of three answers: is the request allowed? Undecided is not allowed.
    pub fn of(missing: bool, false_: bool, true_: bool) -> Self {
        match (missing, false_, true_) {
            (true, true, true) => Self::Open,
            (false, false, true) => Self::Enforced,
            (true, false, true) => Self::LeaksKeys,
            (false, true, true) => Self::LeaksSessions,
            (false, false, false) => Self::Denied,
            (_, _, false) => Self::Inverted,
        }
    }

    /// Does it let someone in without MFA?
    pub fn is_gap(self) -> bool {
        matches!(self, Self::Open | Self::LeaksKeys | Self::LeaksSessions | Self::Inverted)
    }

    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Enforced => "enforced",
            Self::LeaksKeys => "leaks-keys",
            Self::LeaksSessions => "leaks-sessions",
            Self::Inverted => "inverted",
            Self::Denied => "denied",
        }
    }

    /// The letter used in tables (UX-062).
    pub fn letter(self) -> char {
        match self {
            Self::Open => 'A',
            Self::Enforced => 'M',
            Self::LeaksKeys => 'K',
            Self::LeaksSessions => 'S',
            Self::Inverted => 'I',
            Self::Denied => '.',
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Answers {
    /// Asks one question in the three states.
    pub fn ask(set: &PolicySet, states: &Answers<Request>) -> Self {
        Self {
            missing: evaluate(set, &states.missing),
            false_: evaluate(set, &states.false_),
            true_: evaluate(set, &states.true_),
        }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        let allowed = |answer: Evaluation| answer.decision().is_allowed();
        Verdict::of(allowed(self.missing), allowed(self.false_), allowed(self.true_))
    }
}

impl Answers<Context> {
    /// One context in the three states of MFA; what it says of MFA itself is replaced.
    ///
    /// Only the two MFA keys change. Whoever fills in keys that go with temporary credentials builds the
    /// three contexts himself.
    pub fn of_context(context: &Context) -> Result<Self, ContextError> {
        let with =
            |state: MfaState| state.apply(context.to_builder().forget(MFA_PRESENT).forget(MFA_AGE)).build();
        Ok(Self {
            missing: with(MfaState::Missing)?,
            false_: with(MfaState::False)?,
            true_: with(MfaState::True { age: 0 })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Prepared;
    use crate::policy::{Policy, PolicyType};

    #[test]
    fn mf_018_all_eight_combinations_have_a_verdict() {
        use Verdict::*;
        for (answers, verdict) in [
            ((true, true, true), Open),
            ((false, false, true), Enforced),
            ((true, false, true), LeaksKeys),
            ((false, true, true), LeaksSessions),
            ((true, true, false), Inverted),
            ((true, false, false), Inverted),
            ((false, true, false), Inverted),
            ((false, false, false), Denied),
        ] {
            assert_eq!(Verdict::of(answers.0, answers.1, answers.2), verdict);
        }
    }

    #[test]
    fn mf_005_the_classic_mistake_leaks_keys_and_its_repair_enforces() {
        let verdict = |operator: &str| {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": [
                  {{"Effect": "Allow", "Action": "*", "Resource": "*"}},
                  {{"Effect": "Deny", "Action": "*", "Resource": "*",
                    "Condition": {{"{operator}": {{"aws:MultiFactorAuthPresent": "false"}}}}}}]}}"#
            );
            let policy = Prepared::new("p", Policy::parse(&text).unwrap(), PolicyType::Identity).unwrap();
            let set = PolicySet::builder().identity(policy).build().unwrap();
            let request = |context| {
                let who = "arn:aws:iam::111122223333:user/alice".parse().unwrap();
                Request::new(who, "s3:GetObject".parse().unwrap(), "*".parse().unwrap(), context)
            };
            let Answers { missing, false_, true_ } = Answers::of_context(&Context::default()).unwrap();
            let states =
                Answers { missing: request(missing), false_: request(false_), true_: request(true_) };
            Answers::ask(&set, &states).verdict()
        };
        assert_eq!(verdict("Bool"), Verdict::LeaksKeys);
        assert_eq!(verdict("BoolIfExists"), Verdict::Enforced);
    }
}
