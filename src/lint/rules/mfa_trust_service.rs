//! M461: an MFA test on an AWS service.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{guards, mend, named};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaTrustService;

static META: Meta = Meta {
    code: "M461",
    name: "mfa-trust-service",
    severity: Severity::Error,
    security: Some(3.0),
    types: &[PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a trust policy asks an AWS service for MFA",
    explanation: "\
Services never have MFA: with `Bool` the service cannot use the role at all, and with `IfExists` the \
test says nothing. Where users share the statement with a service, give each a statement of its own.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for MfaTrustService {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject) {
            let principals = guard.statement.principal.as_ref().map(named).unwrap_or_default();
            let services = principals.iter().filter(|(kind, _)| *kind == Some("Service")).count();
            let Some(test) = guard.tests().next() else { continue };
            if services == 0 {
                continue;
            }
            let message = match (guard.allows(), guard.vector.missing) {
                (true, false) | (false, true) => "this test locks the service out: services never have MFA",
                (true, true) | (false, false) => {
                    "this test says nothing about the service: services never have MFA"
                }
            };
            let mut finding = META.at(test.test.key.span, message).label("never there").about(&test);
            let mut help = "give services a statement of their own, without the test";
            if services == principals.len() {
                let edits =
                    mend::without_mfa(guard.statement).unwrap_or_default().into_iter().map(Some).collect();
                finding.fix = mend::unsafe_fix("take the MFA test out", edits);
                help = "take the test out";
            }
            found.push(finding.help(help).truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaTrustService), @r#"
        M461 this test locks the service out: services never have MFA
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never there
        help: take the test out
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
