//! W226: a `Deny` by tag for an action without tags.

use crate::catalog::Action;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct UnsupportedTagCondition;

static META: Meta = Meta {
    code: "W226",
    name: "unsupported-tag-condition",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` waits for `aws:ResourceTag` on actions that do not have the key",
    explanation: "\
Not every service says of which tags a resource has, and some say so for a few actions only. Where the \
key is missing, a plain test never holds, and the `Deny` protects nothing. The message says of which \
day the data is.",
    elsewhere: "Access Analyzer DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE and three relatives",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "iam:DeleteGroup", "Resource": "*",
  "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
  "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}}}"#,
    ),
};

impl Rule for UnsupportedTagCondition {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject
            .tests()
            .filter(|test| !test.grants() && !test.statement.action.negated && test.wants_key())
        {
            if test.global_key().is_none_or(|key| key.name != "aws:ResourceTag/") {
                continue;
            }
            for named in subject.named_by(test.statement) {
                let action = named.entry;
                let lacks = |actions: &[Action]| !actions.iter().any(|action| action.has_key(test.key()));
                if named.reached().is_some_and(lacks) {
                    let message =
                        format!("`{}` does not have the key `{}` {}", action.value, test.key(), as_of());
                    let finding = META.at(action.span, message).label("never denied");
                    found.push(finding.other(test.test.key.span, "always missing for it"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&UnsupportedTagCondition), @r#"
        W226 `iam:DeleteGroup` does not have the key `aws:ResourceTag/env` as of 2026-10-27
          "Effect": "Deny", "Action": "iam:DeleteGroup", "Resource": "*",
                                      ^^^^^^^^^^^^^^^^^ never denied
        "#);
    }
}
