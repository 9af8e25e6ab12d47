//! Statements that name an MFA key, and what they come to together.

use super::names::Names;
use super::{MfaTruth, Vector, is_on_mfa_key};
use crate::lint::subject::tests_of;
use crate::lint::{Subject, Test};
use crate::name::fold;
use crate::policy::{Effect, Operator, Policy, PrincipalPart, PrincipalValue, Statement};

/// A statement with MFA tests.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Guard<'p> {
    pub(in crate::lint) statement: &'p Statement,
    pub(in crate::lint) vector: Vector,
}

/// The statements of the policy that have MFA tests.
pub(in crate::lint) fn guards<'s, 'p>(
    subject: &'s Subject<'p>,
) -> impl Iterator<Item = Guard<'p>> + use<'s, 'p> {
    subject.ground.guards(subject.policy).iter().copied()
}

/// Those that deny everyone who has not used MFA.
pub(in crate::lint) fn gates<'s, 'p>(
    subject: &'s Subject<'p>,
) -> impl Iterator<Item = Guard<'p>> + use<'s, 'p> {
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
    pub(super) fn of(policy: &'p Policy, statement: &'p Statement) -> Option<Self> {
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
        let conditions = outlines(other.statement);
        self.vector == other.vector
            && self.statement.effect.value == other.statement.effect.value
            && outlines(self.statement).iter().all(|test| conditions.contains(test))
            && covers_principals(self.statement, other.statement)
            && Names::actions(self.statement).includes(&Names::actions(other.statement))
            && Names::resources(self.statement).includes(&Names::resources(other.statement))
    }
}

/// What a test says, apart from how it is written.
pub(super) type Outline<'p> = (Operator, String, Vec<&'p str>);

/// What the tests of a statement say that are not about MFA.
pub(super) fn outlines(statement: &Statement) -> Vec<Outline<'_>> {
    other_tests(statement).map(|test| outline(&test)).collect()
}

fn outline<'p>(test: &Test<'p>) -> Outline<'p> {
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
