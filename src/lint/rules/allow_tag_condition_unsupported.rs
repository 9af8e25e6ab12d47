//! I513: an `Allow` that waits for a tag in vain.

use crate::catalog::Action;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::fold;
use crate::source::Severity;

pub(super) struct AllowTagConditionUnsupported;

static META: Meta = Meta {
    code: "I513",
    name: "allow-tag-condition-unsupported",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` is guarded by a tag key that the action does not give",
    explanation: "\
The key is never in requests for this action, so this `Allow` never grants it. The data of AWS \
on tags lags behind at times; the message says of which day ours is.",
    elsewhere: "Access Analyzer ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:DeleteGroup", "Resource": "*",
  "Condition": {"StringEquals": {"aws:ResourceTag/env": "dev"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:StartInstances", "Resource": "*",
  "Condition": {"StringEquals": {"aws:ResourceTag/env": "dev"}}}}"#,
    ),
};

impl Rule for AllowTagConditionUnsupported {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| test.grants() && test.wants_key() && is_tag_key(test)) {
            for named in subject.named_by(test.statement) {
                if test.statement.action.negated {
                    break;
                }
                let entry = named.entry;
                let Some(actions) = named.reached() else { continue };
                if !actions.iter().any(|action| may_have(*action, test.key())) {
                    let message =
                        format!("`{}` never has the key `{}`, {}", entry.value, test.key(), as_of());
                    let finding = META.at(entry.span, message).label("not granted here");
                    found.push(finding.other(test.test.key.span, "waits for the tag"));
                }
            }
        }
    }
}

/// Can a request for this action have the key? What is made with tags has these tags already when it is
/// judged, though the reference does not say so.
fn may_have(action: Action, key: &str) -> bool {
    let made_with_tags = || fold(key).starts_with("aws:resourcetag/") && action.has_key("aws:TagKeys");
    action.has_key(key) || made_with_tags()
}

fn is_tag_key(test: &Test<'_>) -> bool {
    let key = fold(test.key());
    key.starts_with("aws:resourcetag/") || key.starts_with("aws:requesttag/") || key == "aws:tagkeys"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&AllowTagConditionUnsupported), @r#"
        I513 `iam:DeleteGroup` never has the key `aws:ResourceTag/env`, as of 2026-10-27
          "Effect": "Allow", "Action": "iam:DeleteGroup", "Resource": "*",
                                       ^^^^^^^^^^^^^^^^^ not granted here
        "#);
    }
}
