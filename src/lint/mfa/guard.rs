//! Statements that name an MFA key, and what they come to together.

use super::names::Names;
use super::{MfaTruth, Vector, is_on_mfa_key};
use crate::lint::subject::tests_of;
use crate::lint::{Subject, Test};
use crate::name::fold;
use crate::policy::{Effect, Operator, Policy, PrincipalPart, PrincipalValue, Statement};

/// More statements than this are not joined: a policy that has them is not written for people.
const MOST: usize = 256;

/// A statement with MFA tests.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Guard<'p> {
    pub(in crate::lint) statement: &'p Statement,
    pub(in crate::lint) vector: Vector,
}

/// Whom the `Deny` statements of an identity stop together, where they cover the same ground.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::lint) struct Joined {
    pub(in crate::lint) missing: bool,
    pub(in crate::lint) without: bool,
    pub(in crate::lint) fresh: bool,
}

/// The statements of the policy that have MFA tests.
pub(in crate::lint) fn guards<'p>(subject: &Subject<'p>) -> impl Iterator<Item = Guard<'p>> + use<'p> {
    let policy = subject.policy;
    subject.statements().filter_map(|statement| Guard::of(policy, statement))
}

/// Those that deny everyone who has not used MFA.
pub(in crate::lint) fn gates<'p>(subject: &Subject<'p>) -> impl Iterator<Item = Guard<'p>> + use<'p> {
    guards(subject).filter(Guard::is_gate)
}

/// All statements that the identity is known to have, with their policies.
pub(in crate::lint) fn all_statements<'p>(
    subject: &Subject<'p>,
) -> impl Iterator<Item = (&'p Policy, &'p Statement)> + use<'p> {
    let policies = std::iter::once(subject.policy).chain(&subject.options.beside);
    policies.flat_map(|policy| policy.statements.iter().map(move |statement| (policy, statement)))
}

/// The tests of a statement that are not about MFA.
pub(in crate::lint) fn other_tests(statement: &Statement) -> impl Iterator<Item = Test<'_>> {
    tests_of(statement).filter(|test| !is_on_mfa_key(test))
}

/// The first test on an MFA key.
pub(in crate::lint) fn first_test(statement: &Statement) -> Option<Test<'_>> {
    tests_of(statement).find(is_on_mfa_key)
}

impl<'p> Guard<'p> {
    fn of(policy: &'p Policy, statement: &'p Statement) -> Option<Self> {
        Some(Self { statement, vector: Vector::of(policy, statement)? })
    }

    /// Does it allow?
    pub(in crate::lint) fn allows(&self) -> bool {
        self.statement.effect.value == Effect::Allow
    }

    /// Does it deny?
    pub(in crate::lint) fn denies(&self) -> bool {
        !self.allows()
    }

    /// Does it deny everyone who has not used MFA, and nobody just after it?
    pub(in crate::lint) fn is_gate(&self) -> bool {
        self.denies() && self.vector.spares_mfa_only()
    }

    /// The line under a finding.
    pub(in crate::lint) fn truth(&self) -> MfaTruth {
        self.vector.truth(self.statement.effect.value)
    }

    /// Its MFA tests.
    pub(in crate::lint) fn tests(&self) -> impl Iterator<Item = Test<'p>> + use<'p> {
        tests_of(self.statement).filter(is_on_mfa_key)
    }

    /// The MFA test to point at: the first of which something holds, or else the first.
    pub(in crate::lint) fn blame(&self, guilty: impl Fn(&Test<'p>) -> bool) -> Option<Test<'p>> {
        self.tests().find(|test| guilty(test)).or_else(|| self.tests().next())
    }

    /// Does it stop or admit the same callers on everything on which the other one does?
    pub(in crate::lint) fn covers(&self, other: &Self) -> bool {
        let conditions: Vec<_> = other_tests(other.statement).map(|test| outline(&test)).collect();
        self.vector == other.vector
            && self.statement.effect.value == other.statement.effect.value
            && other_tests(self.statement).all(|test| conditions.contains(&outline(&test)))
            && covers_principals(self.statement, other.statement)
            && Names::actions(self.statement).includes(&Names::actions(other.statement))
            && Names::resources(self.statement).includes(&Names::resources(other.statement))
    }

    /// Whom the identity's Denies stop on all that this one covers, this one included.
    pub(in crate::lint) fn joined(&self, subject: &Subject<'_>) -> Joined {
        let conditions: Vec<_> = other_tests(self.statement).map(|test| outline(&test)).collect();
        let wider = |statement: &Statement| {
            statement.effect.value == Effect::Deny
                && other_tests(statement).all(|test| conditions.contains(&outline(&test)))
                && covers_principals(statement, self.statement)
        };
        let others = all_statements(subject)
            .filter(|(_, statement)| !std::ptr::eq(*statement, self.statement) && wider(statement))
            .take(MOST)
            .map(|(policy, statement)| {
                (Names::actions(statement), Names::resources(statement), reach(policy, statement))
            });
        let others: Vec<_> = others.collect();
        let own = Joined::of(&self.vector);
        if others.is_empty() {
            return own;
        }
        let resources = Names::resources(self.statement).cells();
        let mut all: Option<Joined> = None;
        for actions in Names::actions(self.statement).cells() {
            for resources in &resources {
                let covering =
                    others.iter().filter(|(a, r, _)| a.includes(&actions) && r.includes(resources));
                let here = covering.fold(own, |sum, (_, _, joined)| sum.or(*joined));
                all = Some(all.map_or(here, |all| all.and(here)));
            }
        }
        all.unwrap_or(own)
    }
}

impl Joined {
    const EVERYONE: Self = Self { missing: true, without: true, fresh: true };

    fn of(vector: &Vector) -> Self {
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

    /// Does it stop everyone but those with MFA?
    pub(in crate::lint) fn spares_mfa_only(self) -> bool {
        self == Self { missing: true, without: true, fresh: false }
    }
}

/// Whom a `Deny` stops where its other conditions hold.
pub(super) fn reach(policy: &Policy, statement: &Statement) -> Joined {
    Vector::of(policy, statement).map_or(Joined::EVERYONE, |vector| Joined::of(&vector))
}

/// What the identity's Denies stop. Conditions that are known to spare services and named callers do
/// not count against a `Deny`.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Stops(Vec<(Names, Names, Joined)>);

impl Stops {
    /// What they stop of all those of whom a statement speaks.
    pub(in crate::lint) fn over(subject: &Subject<'_>, statement: &Statement) -> Self {
        let denies = all_statements(subject).filter(|(_, deny)| {
            deny.effect.value == Effect::Deny
                && other_tests(deny).all(|test| super::is_carve_out(&test))
                && covers_principals(deny, statement)
        });
        let each =
            denies.map(|(policy, deny)| (Names::actions(deny), Names::resources(deny), reach(policy, deny)));
        Self(each.collect())
    }

    /// Whom they stop on all of some actions and resources.
    pub(in crate::lint) fn on(&self, actions: &Names, resources: &Names) -> Joined {
        let covering = self.0.iter().filter(|(a, r, _)| a.includes(actions) && r.includes(resources));
        covering.fold(Joined::default(), |sum, (_, _, joined)| sum.or(*joined))
    }

    /// Do they mean to stop callers without MFA there? A `Deny` that stops only some of them has a finding
    /// of its own.
    pub(in crate::lint) fn guard(&self, actions: &Names, resources: &Names) -> bool {
        let Joined { missing, without, .. } = self.on(actions, resources);
        missing || without
    }
}

/// What a test says, apart from how it is written.
pub(super) fn outline<'p>(test: &Test<'p>) -> (Operator, String, Vec<&'p str>) {
    let mut values: Vec<_> = test.values().iter().map(|value| value.text.as_str()).collect();
    values.sort_unstable();
    (test.operator(), fold(test.key()), values)
}

/// Does one statement speak of everyone of whom the other speaks?
pub(in crate::lint) fn covers_principals(wide: &Statement, narrow: &Statement) -> bool {
    match (&wide.principal, &narrow.principal) {
        (None, None) => true,
        (Some(wide), _) if is_everyone(wide) => true,
        (Some(wide), Some(narrow)) if wide.negated || narrow.negated => wide == narrow,
        (Some(wide), Some(narrow)) => {
            let known = named(wide);
            named(narrow).iter().all(|one| known.contains(one))
        }
        _ => false,
    }
}

/// Is it `*`, or `*` among the principals of AWS?
pub(in crate::lint) fn is_everyone(part: &PrincipalPart) -> bool {
    !part.negated && named(part).iter().any(|(kind, text)| matches!(*kind, None | Some("AWS")) && text == "*")
}

/// The values of a principal element; an account by its number, however it is written.
pub(in crate::lint) fn named(part: &PrincipalPart) -> Vec<(Option<&str>, String)> {
    let plain = |text: &str| account_of(text).unwrap_or(text).to_owned();
    match &part.value {
        PrincipalValue::Text(text) => vec![(None, text.value.clone())],
        PrincipalValue::Map(groups) => {
            let each =
                groups.iter().flat_map(|group| group.values.iter().map(|value| (&group.kind.value, value)));
            each.map(|(kind, value)| (Some(kind.as_str()), plain(&value.value))).collect()
        }
    }
}

/// The account, if the text is the root of one.
fn account_of(text: &str) -> Option<&str> {
    let (_, rest) = text.strip_prefix("arn:")?.split_once(":iam::")?;
    rest.strip_suffix(":root")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Options;
    use crate::policy::PolicyType;

    fn joined(text: &str, beside: &[&str]) -> Joined {
        let policy = Policy::parse(text).unwrap();
        let mut options = Options::new(PolicyType::Identity);
        options.beside = beside.iter().map(|text| Policy::parse(text).unwrap()).collect();
        let subject = Subject::new(&policy, &options);
        guards(&subject).next().unwrap().joined(&subject)
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
        assert!(!joined(HALF, &[]).spares_mfa_only());
        assert!(joined(HALF, &[&all]).spares_mfa_only());
        assert!(!joined(HALF, &[&one]).spares_mfa_only());
        assert!(joined(HALF, &[&one, &rest]).spares_mfa_only());
        assert!(!joined(HALF, &[&narrowed]).spares_mfa_only());
    }
}
