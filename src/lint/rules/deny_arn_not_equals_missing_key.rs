//! W230: a `Deny` that a missing key sets off.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{PolicyType, SetPrefix};
use crate::source::Severity;

pub(super) struct DenyArnNotEqualsMissingKey;

static META: Meta = Meta {
    code: "W230",
    name: "deny-arn-not-equals-missing-key",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "a `Deny` with a negated operator also hits requests without the key",
    explanation: "\
A negated operator is true when the key is missing. A `Deny` meant for callers from elsewhere then also \
hits services that act for the caller, and callers of other kinds. Spell it `…IfExists` to say that this \
is known, and exempt services with `aws:ViaAWSService` and `aws:PrincipalIsAWSService`.",
    elsewhere: "iam-policy-validator ineffective_deny_carve_out",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:*", "Resource": "*",
  "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:*", "Resource": "*",
  "Condition": {
    "StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"},
    "BoolIfExists": {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"}}}}"#,
    ),
};

impl Rule for DenyArnNotEqualsMissingKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        use PolicyType::{Boundary, Identity, ServiceControl, Session};
        // Only requests that nobody signed have no caller, and these kinds of policy never see them.
        let is_signed = matches!(subject.kind(), Identity | Boundary | Session | ServiceControl);
        for test in subject.tests().filter(|test| !test.grants()) {
            let operator = test.operator();
            let is_always_there = test.global_key().is_some_and(|key| {
                key.presence.starts_with("always") || is_signed && test.is_on("aws:PrincipalArn")
            });
            // Another test of the statement may ask for the key.
            let is_wanted =
                tests_of(test.statement).any(|other| other.is_on(test.key()) && other.wants_key());
            if operator.base.negated
                && !operator.if_exists
                && operator.set != Some(SetPrefix::ForAnyValue)
                && !is_always_there
                && !is_wanted
            {
                let message =
                    format!("`{}` is also true when `{}` is missing", test.block.written, test.key());
                found.push(META.at(test.block.operator.span, message).about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn whoever_signed_has_an_arn() {
        let text: &str = META.bad.text.replace("aws:SourceVpce", "aws:PrincipalArn").leak();
        assert_eq!(show_on(&DenyArnNotEqualsMissingKey, &Example::identity(text)), "");
        assert_ne!(show_on(&DenyArnNotEqualsMissingKey, &Example::resource("s3", text)), "");
    }

    #[test]
    fn points_at_the_operator() {
        insta::assert_snapshot!(show(&DenyArnNotEqualsMissingKey), @r#"
        W230 `StringNotEquals` is also true when `aws:SourceVpce` is missing
          "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}
                        ^^^^^^^^^^^^^^^^^
        "#);
    }
}
