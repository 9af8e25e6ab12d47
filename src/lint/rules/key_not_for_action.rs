//! W206: a condition on a key that none of the actions has.

use crate::catalog;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::named::Named;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct KeyNotForAction;

static META: Meta = Meta {
    code: "W206",
    name: "key-not-for-action",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "no action of the statement supports the condition key",
    explanation: "\
A service fills in each of its keys for some actions only. For all others the key is missing: a plain \
test is then never true, a negated or `IfExists` test always. The message says of which day the data is.",
    elsewhere: "parliament UNKNOWN_CONDITION_FOR_ACTION; Access Analyzer IRRELEVANT_CONDITION_KEY_IN_POLICY",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringLike": {"s3:prefix": "home/*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"StringLike": {"s3:prefix": "home/*"}}}}"#,
    ),
};

/// Services of which the reference lacks keys of actions, because two of AWS's pages share their prefix.
const INCOMPLETE: [&str; 1] = ["aws-marketplace"];

impl Rule for KeyNotForAction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| !test.statement.action.negated) {
            let key = test.key();
            let entries = subject.named_by(test.statement);
            // Keys of all services and unknown ones are another matter, and what an identity provider says of
            // its user stays with the session, whatever it calls.
            let is_claim = key
                .split_once(':')
                .is_some_and(|(of, _)| of.contains('.') || of.eq_ignore_ascii_case("saml"));
            if is_claim || entries.is_empty() || test.global_key().is_some() || catalog::key(key).is_none() {
                continue;
            }
            let may_have = |named: &Named<'_>| {
                named.reached().is_none_or(|actions| actions.iter().any(|action| action.has_key(key)))
            };
            // The reference names keys that it gives to no action, or not to all: they belong to some, nobody
            // knows which.
            let service = key.split_once(':').and_then(|(service, _)| catalog::service(service));
            let is_orphan = || {
                service.is_some_and(|of| {
                    INCOMPLETE.contains(&of.prefix()) || of.actions().all(|action| !action.has_key(key))
                })
            };
            if !entries.iter().any(may_have) && !is_orphan() {
                let message = format!("no action of the statement has the key `{key}` {}", as_of());
                let finding = META.at(test.test.key.span, message).label("always missing").about(&test);
                found.push(finding.other(test.statement.action.span.0, "the actions"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn a_key_that_the_reference_does_not_give_to_all_its_actions_may_be_on_any() {
        for (key, action) in [
            ("aws-marketplace:ProductId", "aws-marketplace:Subscribe"),
            ("a4b:filters_deviceType", "a4b:SearchDevices"),
        ] {
            let text = META.bad.text.replace("s3:prefix", key).replace("s3:GetObject", action);
            assert_eq!(crate::lint::show_on(&KeyNotForAction, &Example::identity(text.leak())), "", "{key}");
        }
    }

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&KeyNotForAction), @r#"
        W206 no action of the statement has the key `s3:prefix` as of 2026-10-27
          "Condition": {"StringLike": {"s3:prefix": "home/*"}}}}
                                       ^^^^^^^^^^^ always missing
        "#);
    }
}
