//! Who speaks for whom: one mistake is told once, by the rule that knows most about it.

use std::collections::HashSet;

use crate::lint::Finding;

/// Which general rules an MFA rule stands for when both speak of the same key.
const BY_KEY: &[(&str, &[&str])] = &[
    ("M401", &["S323"]),
    ("M407", &["S321", "S323"]),
    ("M408", &["E133"]),
    ("M409", &["W204", "W205", "S323"]),
    ("M410", &["W211", "S323"]),
    ("M411", &["W211", "W213", "W214", "S323"]),
    ("M412", &["W213", "E133", "I504", "S323"]),
    ("M413", &["I519"]),
    ("M414", &["I525"]),
    ("M420", &["S323"]),
    ("M424", &["W214"]),
];

/// Rules that judge a statement by its vector.
const BY_VECTOR: &[&str] =
    &["M400", "M401", "M402", "M403", "M404", "M405", "M406", "M420", "M421", "M422", "M483"];

/// Which rules a rule stands for when both speak of the same statement. Where the spelling of a test is
/// at fault, what the engine makes of the statement is no news.
const BY_STATEMENT: &[(&str, &[&str])] = &[
    ("M407", BY_VECTOR),
    ("M408", BY_VECTOR),
    ("M409", BY_VECTOR),
    ("M410", &["M400"]),
    ("M411", BY_VECTOR),
    ("M412", BY_VECTOR),
    ("M423", &["M400", "M483"]),
    ("M426", &["M422"]),
    ("M481", &["W219"]),
];

/// Drops the findings for which an MFA rule stands. They must know their statements.
///
/// A rule that does not run stands for nothing: then the general rule is all there is.
pub(in crate::lint) fn stand_in(found: &mut Vec<Finding>) {
    let mut keys = HashSet::new();
    let mut statements = HashSet::new();
    for finding in found.iter() {
        let replaced = |table: &'static [(&str, &[&'static str])]| {
            let rows = table.iter().filter(|(special, _)| *special == finding.code());
            rows.flat_map(|(_, general)| general.iter().copied())
        };
        keys.extend(replaced(BY_KEY).filter_map(|code| Some((code, finding.about?))));
        statements.extend(replaced(BY_STATEMENT).map(|code| (code, finding.statement)));
    }
    found.retain(|finding| {
        let by_key = finding.about.is_some_and(|key| keys.contains(&(finding.code(), key)));
        !by_key && !statements.contains(&(finding.code(), finding.statement))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Options, lint};
    use crate::policy::{Policy, PolicyType};

    fn codes(condition: &str, options: &Options) -> Vec<&'static str> {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject",
              "Resource": "arn:aws:s3:::b/*", "Condition": {condition}}}}}"#
        );
        lint(&Policy::parse(&text).unwrap(), options).iter().map(Finding::code).collect()
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
