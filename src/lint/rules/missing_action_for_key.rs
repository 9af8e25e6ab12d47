//! E153: a condition on what the trust policy does not let anyone pass.

use crate::lint::cover;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Effect;
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MissingActionForKey;

static META: Meta = Meta {
    code: "E153",
    name: "missing-action-for-key",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a condition wants session tags or a source identity, and the policy does not allow to pass them",
    explanation: "\
Who assumes a role may pass tags only with `sts:TagSession`, a source identity only with \
`sts:SetSourceIdentity` and a context only with `sts:SetContext`, all granted by the trust policy. A \
condition that wants one of them while no statement allows it is never met.",
    elsewhere: "Access Analyzer MISSING_ACTION_FOR_CONDITION_KEY, UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": ["sts:AssumeRole", "sts:TagSession"],
  "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}}}"#,
    ),
};

impl Rule for MissingActionForKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let granted = |name: &str| {
            subject.statements().filter(|statement| statement.effect.value == Effect::Allow).any(
                |statement| {
                    let named =
                        statement.action.entries.iter().any(|entry| cover::action(&entry.value, name));
                    named != statement.action.negated
                },
            )
        };
        for test in subject.tests().filter(|test| test.grants() && test.wants_key()) {
            let Some(action) = needed(test.key()).filter(|action| !granted(action)) else { continue };
            let message =
                format!("`{}` is there only with `{action}`, which no statement allows", test.key());
            let finding = META.at(test.test.key.span, message).label("always missing").about(&test);
            found.push(finding.help(format!("allow `{action}` as well")));
        }
    }
}

/// The action without which nobody can pass a key.
fn needed(key: &str) -> Option<&'static str> {
    let begins = |start: &str| key.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if begins("aws:RequestTag/") || is("aws:TagKeys") || is("sts:TransitiveTagKeys") {
        Some("sts:TagSession")
    } else if is("sts:SourceIdentity") {
        Some("sts:SetSourceIdentity")
    } else if begins("sts:RequestContext/") || is("sts:RequestContextProviders") {
        Some("sts:SetContext")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&MissingActionForKey), @r#"
        E153 `aws:RequestTag/team` is there only with `sts:TagSession`, which no statement allows
          "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}}}
                                                                     ^^^^^^^^^^^^^^^^^^^^^ always missing
        help: allow `sts:TagSession` as well
        "#);
    }

    #[test]
    fn another_statement_may_allow_it_and_a_missing_key_may_be_welcome() {
        let policy = |condition: &str, more: &str| {
            let text = format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "111122223333"}},
                  "Action": "sts:AssumeRole", "Condition": {condition}}}{more}]}}"#
            );
            show_on(&MissingActionForKey, &Example::of(PolicyType::Trust, text.leak()))
        };
        let tags =
            r#", {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:TagSession"}"#;
        assert_ne!(policy(r#"{"StringLike": {"sts:SourceIdentity": "*"}}"#, tags), "");
        assert_eq!(policy(r#"{"StringLike": {"aws:RequestTag/a": "*"}}"#, tags), "");
        assert_eq!(policy(r#"{"StringLikeIfExists": {"aws:RequestTag/a": "x"}}"#, ""), "");
        assert_eq!(policy(r#"{"Null": {"aws:TagKeys": "true"}}"#, ""), "");
    }
}
