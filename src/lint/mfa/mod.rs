//! What the rules about MFA share: the judgment by caller class, and who speaks for whom.

mod truth;

use std::collections::HashSet;

pub use truth::MfaTruth;

use super::{Finding, Subject, Test};
use crate::engine::{self, Truth};
use crate::policy::{ConditionBlock, ConditionTest, Statement};
use crate::request::{Context, MFA_AGE, MFA_PRESENT};

/// Which general rules an MFA rule stands for when both speak of the same key: the special one knows
/// more, and one mistake should be told once.
const STANDS_FOR: &[(&str, &[&str])] = &[
    ("M407", &["S321"]),
    ("M408", &["E133"]),
    ("M409", &["W204", "W205"]),
    ("M410", &["W211"]),
    ("M411", &["W211", "W213", "W214"]),
    ("M412", &["W213", "I504"]),
    ("M413", &["I519"]),
    ("M414", &["I525"]),
    ("M420", &["S323"]),
];

/// Rules that find the spelling of an MFA test at fault. Where one speaks, what the engine makes of
/// the statement is no news: the spelling is the finding.
const BY_FORM: &[&str] = &["M407", "M408", "M409", "M411", "M412"];

/// Rules that judge a statement by its vector.
const BY_VECTOR: &[&str] =
    &["M400", "M401", "M402", "M403", "M404", "M405", "M406", "M420", "M421", "M422", "M483"];

/// Do the MFA tests of a statement hold, for each class of callers? All other tests count as true.
///
/// The engine says so; nobody looks at the shape of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vector {
    /// Callers without an MFA key: long-term access keys, anonymous callers, services.
    missing: bool,
    /// Temporary credentials got without MFA: the key is there and false.
    without: bool,
    /// Sessions that used MFA just now.
    fresh: bool,
}

impl Vector {
    /// The vector of a statement's MFA tests.
    pub(super) fn of(subject: &Subject<'_>, statement: &Statement) -> Self {
        let blocks = mfa_part(statement);
        let holds = |keys: &[(&str, &str)]| {
            let builder =
                keys.iter().fold(Context::builder(), |builder, (key, value)| builder.set(key, [*value]));
            let truth = |context| engine::condition_holds(&blocks, subject.policy.has_variables(), &context);
            builder.build().is_ok_and(|context| truth(context) == Truth::True)
        };
        Self {
            missing: holds(&[]),
            without: holds(&[(MFA_PRESENT, "false")]),
            fresh: holds(&[(MFA_PRESENT, "true"), (MFA_AGE, "0")]),
        }
    }

    /// Is it this one?
    pub(super) fn is(self, missing: bool, without: bool, fresh: bool) -> bool {
        self == Self { missing, without, fresh }
    }
}

/// Is a test on one of the two MFA keys?
pub(super) fn is_on_mfa_key(test: &Test<'_>) -> bool {
    test.is_on(MFA_PRESENT) || test.is_on(MFA_AGE)
}

/// The condition of a statement with nothing but its MFA tests.
fn mfa_part(statement: &Statement) -> Vec<ConditionBlock> {
    let of_mfa = |test: &&ConditionTest| {
        test.key.value.eq_ignore_ascii_case(MFA_PRESENT) || test.key.value.eq_ignore_ascii_case(MFA_AGE)
    };
    let blocks = statement.condition.iter().map(|block| ConditionBlock {
        operator: block.operator.clone(),
        written: block.written.clone(),
        tests: block.tests.iter().filter(of_mfa).cloned().collect(),
    });
    blocks.filter(|block| !block.tests.is_empty()).collect()
}

/// Drops the findings for which an MFA rule stands. They must know their statements.
///
/// An MFA rule that does not run stands for nothing: then the general rule is all there is.
pub(super) fn stand_in(found: &mut Vec<Finding>) {
    let mut replaced = HashSet::new();
    let mut misspelled = HashSet::new();
    for finding in found.iter() {
        let rows = STANDS_FOR.iter().filter(|(special, _)| *special == finding.code());
        let general = rows.flat_map(|(_, general)| general.iter());
        replaced.extend(general.filter_map(|code| Some((*code, finding.about?))));
        if BY_FORM.contains(&finding.code()) {
            misspelled.insert(finding.statement);
        }
    }
    found.retain(|finding| {
        let by_key = finding.about.is_some_and(|key| replaced.contains(&(finding.code(), key)));
        let by_form = BY_VECTOR.contains(&finding.code()) && misspelled.contains(&finding.statement);
        !by_key && !by_form
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Options, lint};
    use crate::policy::{Policy, PolicyType};

    fn policy(condition: &str) -> Policy {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
              "Condition": {condition}}}}}"#
        );
        Policy::parse(&text).unwrap()
    }

    fn vector(condition: &str) -> Vector {
        let (policy, options) = (policy(condition), Options::new(PolicyType::Identity));
        Vector::of(&Subject::new(&policy, &options), &policy.statements[0])
    }

    #[test]
    fn mf_018_the_engine_tells_the_classes_of_callers_apart() {
        for (condition, missing, without, fresh) in [
            (r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, false, false, true),
            (r#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, true, false, true),
            (r#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#, true, true, false),
            (r#"{"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, false, true, false),
            (r#"{"Null": {"aws:MultiFactorAuthPresent": "true"}}"#, true, false, false),
            (r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}"#, false, false, true),
            (r#"{"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": 3600}}"#, true, true, true),
            (r#"{"Bool": {"aws:SecureTransport": "true"}}"#, true, true, true),
        ] {
            assert_eq!(vector(condition), Vector { missing, without, fresh }, "{condition}");
        }
    }

    fn codes(condition: &str, options: &Options) -> Vec<&'static str> {
        lint(&policy(condition), options).iter().map(Finding::code).collect()
    }

    #[test]
    fn a_misspelled_test_is_told_once() {
        let condition = r#"{"ForAllValues:NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}"#;
        assert_eq!(codes(condition, &Options::new(PolicyType::Identity)), ["M407"]);
    }

    #[test]
    fn the_special_rule_speaks_alone_and_the_general_one_when_it_is_not_asked() {
        let condition = r#"{"Bool": {"aws:MultiFactorAuthPresent": "no", "aws:SecureTransport": "no"}}"#;
        assert_eq!(codes(condition, &Options::new(PolicyType::Identity)), ["M412", "W213"]);
        assert_eq!(codes(condition, &Options::reported(PolicyType::Identity)), ["W213", "W213"]);
    }
}
