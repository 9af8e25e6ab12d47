//! What the Denies of an identity stop together, where they cover the same ground.

use std::cell::OnceCell;

use super::guard::{Guard, Outline, all_statements, covers_principals, other_tests, outlines};
use super::names::Names;
use super::{Vector, is_carve_out};
use crate::lint::Subject;
use crate::policy::{Effect, Policy, Statement};

/// What the rules about MFA look up again and again: made once for a policy, when the first of them asks.
#[derive(Debug, Clone, Default)]
pub(in crate::lint) struct Ground<'p> {
    guards: OnceCell<Vec<Guard<'p>>>,
    denies: OnceCell<Vec<Deny<'p>>>,
}

/// A `Deny` of the identity, in the policy or in one beside it.
#[derive(Debug, Clone)]
pub(super) struct Deny<'p> {
    pub(super) statement: &'p Statement,
    pub(super) actions: Names,
    pub(super) resources: Names,
    /// Whom it stops where its other conditions hold.
    pub(super) stops: Joined,
    /// What these other conditions say.
    pub(super) others: Vec<Outline<'p>>,
    /// Do they only spare services and named callers, as is usual?
    spares_as_usual: bool,
}

/// Who is stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::lint) struct Joined {
    pub(in crate::lint) missing: bool,
    pub(in crate::lint) without: bool,
    pub(in crate::lint) fresh: bool,
}

impl<'p> Ground<'p> {
    /// The statements of the policy that have MFA tests.
    pub(super) fn guards(&self, policy: &'p Policy) -> &[Guard<'p>] {
        self.guards.get_or_init(|| {
            policy.statements.iter().filter_map(|statement| Guard::of(policy, statement)).collect()
        })
    }
}

/// The Denies of an identity.
pub(super) fn denies<'s, 'p>(subject: &'s Subject<'p>) -> &'s [Deny<'p>] {
    subject.ground.denies.get_or_init(|| {
        let denies = all_statements(subject).filter(|(_, one)| one.effect.value == Effect::Deny);
        denies.map(|(policy, statement)| Deny::of(policy, statement)).collect()
    })
}

impl<'p> Deny<'p> {
    fn of(policy: &'p Policy, statement: &'p Statement) -> Self {
        Self {
            statement,
            actions: Names::actions(statement),
            resources: Names::resources(statement),
            stops: Vector::of(policy, statement).map_or(Joined::EVERYONE, Joined::of),
            others: outlines(statement),
            spares_as_usual: other_tests(statement).all(|test| is_carve_out(&test)),
        }
    }
}

/// Whom the identity's Denies stop on all that this one covers, this one included.
pub(in crate::lint) fn joined(subject: &Subject<'_>, guard: &Guard<'_>) -> Joined {
    let conditions = outlines(guard.statement);
    let actions = Names::actions(guard.statement).cells();
    let resources = Names::resources(guard.statement).cells();
    let own = Joined::of(guard.vector);
    let wider = |deny: &&Deny<'_>| {
        // Nearly all stop nobody whom this one does not: there may be thousands of equals.
        own.or(deny.stops) != own
            && !std::ptr::eq(deny.statement, guard.statement)
            && actions.iter().any(|cell| deny.actions.includes(cell))
            && deny.others.iter().all(|test| conditions.contains(test))
            && covers_principals(deny.statement, guard.statement)
    };
    let others: Vec<_> = denies(subject).iter().filter(wider).collect();
    let cells =
        actions.iter().flat_map(|actions| resources.iter().map(move |resources| (actions, resources)));
    let on = |(actions, resources): (&Names, &Names)| {
        let covering =
            others.iter().filter(|deny| deny.actions.includes(actions) && deny.resources.includes(resources));
        covering.fold(own, |sum, deny| sum.or(deny.stops))
    };
    cells.map(on).reduce(Joined::and).unwrap_or(own)
}

impl Joined {
    const EVERYONE: Self = Self { missing: true, without: true, fresh: true };

    fn of(vector: Vector) -> Self {
        Self { missing: vector.missing, without: vector.without, fresh: vector.fresh }
    }

    fn or(self, other: Self) -> Self {
        Self {
            missing: self.missing || other.missing,
            without: self.without || other.without,
            fresh: self.fresh || other.fresh,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            missing: self.missing && other.missing,
            without: self.without && other.without,
            fresh: self.fresh && other.fresh,
        }
    }

    /// Is everyone stopped but those with MFA?
    pub(in crate::lint) fn spares_mfa_only(self) -> bool {
        self == Self { missing: true, without: true, fresh: false }
    }
}

/// What the identity's Denies stop. Conditions that are known to spare services and named callers do
/// not count against a `Deny`.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Stops<'s, 'p>(Vec<&'s Deny<'p>>);

impl<'s, 'p> Stops<'s, 'p> {
    /// What they stop of all those of whom a statement speaks.
    pub(in crate::lint) fn over(subject: &'s Subject<'p>, statement: &Statement) -> Self {
        let over = |deny: &&Deny<'p>| deny.spares_as_usual && covers_principals(deny.statement, statement);
        Self(denies(subject).iter().filter(over).collect())
    }

    /// Do they mean to stop callers without MFA on all of some actions and resources? A `Deny` that stops
    /// only some of them has a finding of its own.
    pub(in crate::lint) fn guard(&self, actions: &Names, resources: &Names) -> bool {
        self.0.iter().any(|deny| {
            (deny.stops.missing || deny.stops.without)
                && deny.actions.includes(actions)
                && deny.resources.includes(resources)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Options;
    use crate::lint::mfa::guards;
    use crate::policy::PolicyType;

    fn of_first(text: &str, beside: &[&str]) -> Joined {
        let policy = Policy::parse(text).unwrap();
        let mut options = Options::new(PolicyType::Identity);
        options.beside = beside.iter().map(|text| Policy::parse(text).unwrap()).collect();
        let subject = Subject::new(&policy, &options);
        joined(&subject, &guards(&subject).next().unwrap())
    }

    const HALF: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny",
      "Action": ["s3:DeleteObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}"#;

    #[test]
    fn two_halves_make_a_whole_also_when_they_stand_in_two_policies() {
        let other = |actions: &str, more: &str| {
            format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": {actions},
                  "Resource": "*", "Condition": {{"Null": {{"aws:MultiFactorAuthPresent": "true"{more}}}}}}}}}"#
            )
        };
        let [all, one, rest] =
            [r#""s3:*""#, r#""s3:DeleteObject""#, r#""s3:Put*""#].map(|names| other(names, ""));
        let narrowed = other(r#""s3:*""#, r#", "aws:SourceVpc": "true""#);
        assert!(!of_first(HALF, &[]).spares_mfa_only());
        assert!(of_first(HALF, &[&all]).spares_mfa_only());
        assert!(!of_first(HALF, &[&one]).spares_mfa_only());
        assert!(of_first(HALF, &[&one, &rest]).spares_mfa_only());
        assert!(!of_first(HALF, &[&narrowed]).spares_mfa_only());
    }
}
