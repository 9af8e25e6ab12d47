//! M481: an MFA gate on what is denied anyway.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, Names, all_statements, covers_principals, guards};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, Statement};
use crate::source::Severity;

pub(super) struct MfaAllowUnreachable;

static META: Meta = Meta {
    code: "M481",
    name: "mfa-allow-unreachable",
    severity: Severity::Warning,
    security: Some(1.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` with MFA is covered by a `Deny` without conditions",
    explanation: "\
A `Deny` wins over every `Allow`. This one has no condition, so what the `Allow` grants with MFA is \
denied with MFA too: nobody gets it. Give the `Deny` the MFA test instead, or drop the `Allow`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"},
  {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
   "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaAllowUnreachable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::allows) {
            let is_absolute = |statement: &Statement| {
                statement.effect.value == Effect::Deny
                    && statement.condition.iter().all(|block| block.tests.is_empty())
                    && covers_principals(statement, guard.statement)
            };
            let denies: Vec<_> = all_statements(subject)
                .filter(|(_, statement)| is_absolute(statement))
                .map(|(_, statement)| (statement, Names::actions(statement), Names::resources(statement)))
                .collect();
            if denies.is_empty() {
                continue;
            }
            let actions = Names::actions(guard.statement).cells();
            let resources = Names::resources(guard.statement).cells();
            let covering = |a: &Names, r: &Names| {
                denies.iter().find(|(_, actions, resources)| actions.includes(a) && resources.includes(r))
            };
            let covered = |a: &Names| resources.iter().all(|r| covering(a, r).is_some());
            if actions.is_empty() || resources.is_empty() || !actions.iter().all(covered) {
                continue;
            }
            let message = "nobody gets this, with MFA or without: a `Deny` covers it";
            let mut finding =
                META.at(guard.statement.action.span.0, message).label("denied anyway").truth(guard.truth());
            let first = actions
                .first()
                .zip(resources.first())
                .and_then(|(a, r)| covering(a, r))
                .map(|(deny, ..)| *deny);
            if let Some(deny) = first.filter(|deny| subject.statements().any(|own| std::ptr::eq(own, *deny)))
            {
                finding = finding.other(deny.action.span.0, "denied here without a condition");
            }
            found.push(finding.help("give the `Deny` the MFA test, or drop this `Allow`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaAllowUnreachable), @r#"
        M481 nobody gets this, with MFA or without: a `Deny` covers it
          {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
                                        ^^^^^^^^^^^^^^^^^ denied anyway
        help: give the `Deny` the MFA test, or drop this `Allow`
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
