//! For whom do the MFA tests of a statement hold? The engine says; nobody looks at the shape of the text.

use super::{MfaTruth, is_mfa_key};
use crate::engine::{self, Truth};
use crate::policy::{ConditionBlock, Effect, Policy, Statement};
use crate::request::{Context, MFA_AGE, MFA_PRESENT};

/// The longest life of a session, in seconds: no age is greater.
pub(in crate::lint) const LONGEST: i64 = 129_600;

/// The ages that are always asked about, beside those around the numbers of the statement.
const AGES: [i64; 3] = [0, 300, LONGEST];

/// Do the MFA tests of a statement hold, for each class of callers? All other tests count as true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Vector {
    /// Callers without an MFA key: long-term access keys, anonymous callers, services.
    pub(in crate::lint) missing: bool,
    /// Temporary credentials got without MFA: the key is there and false.
    pub(in crate::lint) without: bool,
    /// Sessions that used MFA just now.
    pub(in crate::lint) fresh: bool,
    /// Sessions that used MFA as long ago as possible.
    stale: bool,
    /// Does it hold at every age, and at some?
    always: bool,
    ever: bool,
}

impl Vector {
    /// The vector of a statement's MFA tests, if it has any.
    pub(in crate::lint) fn of(policy: &Policy, statement: &Statement) -> Option<Self> {
        let blocks = part(statement, is_mfa_key);
        (!blocks.is_empty()).then(|| Self::of_blocks(policy, &blocks))
    }

    /// The vector of those MFA tests that are on one key.
    pub(in crate::lint) fn of_key(policy: &Policy, statement: &Statement, key: &str) -> Option<Self> {
        let blocks = part(statement, |name| name.eq_ignore_ascii_case(key));
        (!blocks.is_empty()).then(|| Self::of_blocks(policy, &blocks))
    }

    fn of_blocks(policy: &Policy, blocks: &[ConditionBlock]) -> Self {
        let variables = policy.has_variables();
        let holds = |keys: &[(&str, &str)]| {
            let builder =
                keys.iter().fold(Context::builder(), |builder, (key, value)| builder.set(key, [*value]));
            let truth = |context| engine::condition_holds(blocks, variables, &context);
            builder.build().is_ok_and(|context| truth(context) == Truth::True)
        };
        let at = |age: i64| holds(&[(MFA_PRESENT, "true"), (MFA_AGE, &age.to_string())]);
        let [fresh, recent, stale] = AGES.map(at);
        let (mut always, mut ever) = (fresh && recent && stale, fresh || recent || stale);
        for age in around(blocks) {
            let holds = at(age);
            always &= holds;
            ever |= holds;
        }
        Self { missing: holds(&[]), without: holds(&[(MFA_PRESENT, "false")]), fresh, stale, always, ever }
    }

    /// Do they hold for these callers, with MFA meaning MFA just now?
    pub(in crate::lint) fn is(&self, missing: bool, without: bool, fresh: bool) -> bool {
        [self.missing, self.without, self.fresh] == [missing, without, fresh]
    }

    /// In an `Allow`: does it let in those with MFA and nobody else?
    pub(in crate::lint) fn admits_mfa_only(&self) -> bool {
        self.is(false, false, true)
    }

    /// In a `Deny`: does it stop everyone but those with MFA?
    pub(in crate::lint) fn spares_mfa_only(&self) -> bool {
        self.is(true, true, false)
    }

    /// Does it hold for somebody without MFA?
    pub(in crate::lint) fn without_mfa(&self) -> bool {
        self.missing || self.without
    }

    /// Does it hold with MFA whatever the age?
    pub(in crate::lint) fn at_every_age(&self) -> bool {
        self.always
    }

    /// Does it hold with MFA, but not just after it?
    pub(in crate::lint) fn only_when_old(&self) -> bool {
        !self.fresh && self.ever
    }

    /// Does it hold just after MFA, but not always?
    pub(in crate::lint) fn only_when_fresh(&self) -> bool {
        self.fresh && !self.always
    }

    /// Does it hold for nobody?
    pub(in crate::lint) fn is_never(&self) -> bool {
        !self.missing && !self.without && !self.ever
    }

    /// The line for a person.
    pub(in crate::lint) fn truth(&self, effect: Effect) -> MfaTruth {
        let Self { missing, without, fresh, stale, .. } = *self;
        MfaTruth { effect, missing, without, fresh, stale }
    }
}

/// The condition of a statement with nothing but the tests on some keys.
fn part(statement: &Statement, wanted: impl Fn(&str) -> bool) -> Vec<ConditionBlock> {
    let blocks =
        statement.condition.iter().filter(|block| block.tests.iter().any(|test| wanted(&test.key.value)));
    let of_mfa = |block: &ConditionBlock| ConditionBlock {
        operator: block.operator.clone(),
        written: block.written.clone(),
        tests: block.tests.iter().filter(|test| wanted(&test.key.value)).cloned().collect(),
    };
    blocks.map(of_mfa).collect()
}

/// For each number in the block the ages before it, at it and after it.
fn around(blocks: &[ConditionBlock]) -> impl Iterator<Item = i64> {
    let values = blocks.iter().flat_map(|block| &block.tests).flat_map(|test| &test.values);
    let whole = |text: &str| text.trim().split('.').next()?.parse::<i64>().ok();
    let numbers = values.filter_map(move |value| whole(&value.text));
    numbers
        .flat_map(|number| [number.saturating_sub(1), number, number.saturating_add(1)])
        .filter(|age| *age >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(condition: &str) -> Option<Vector> {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b",
              "Condition": {condition}}}}}"#
        );
        let policy = Policy::parse(&text).unwrap();
        Vector::of(&policy, &policy.statements[0])
    }

    #[test]
    fn mf_018_the_engine_tells_the_classes_of_callers_apart() {
        for (condition, missing, without, fresh) in [
            (r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, false, false, true),
            (r#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, true, false, true),
            (r#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#, true, true, false),
            (r#"{"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, false, true, false),
            (r#"{"Null": {"aws:MultiFactorAuthPresent": "true"}}"#, true, false, false),
            (r#"{"Null": {"aws:MultiFactorAuthAge": "true"}}"#, true, true, false),
            (r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}"#, false, false, true),
            (r#"{"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": 3600}}"#, true, true, true),
            (
                r#"{"Bool": {"aws:MultiFactorAuthPresent": "true", "aws:SecureTransport": "no"}}"#,
                false,
                false,
                true,
            ),
        ] {
            assert!(vector(condition).unwrap().is(missing, without, fresh), "{condition}");
        }
        assert_eq!(vector(r#"{"Bool": {"aws:SecureTransport": "true"}}"#), None);
    }

    #[test]
    fn a_single_second_is_noticed() {
        let vector = vector(r#"{"NumericEquals": {"aws:MultiFactorAuthAge": "3600"}}"#).unwrap();
        assert!(vector.only_when_old() && !vector.at_every_age() && !vector.is_never());
        let vector = tests::vector(r#"{"NumericNotEquals": {"aws:MultiFactorAuthAge": "3600"}}"#).unwrap();
        assert!(vector.only_when_fresh());
    }
}
