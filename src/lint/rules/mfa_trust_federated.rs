//! M460: an MFA test on users of an identity provider.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{guards, mend, named};
use crate::lint::text::names_it;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaTrustFederated;

static META: Meta = Meta {
    code: "M460",
    name: "mfa-trust-federated",
    severity: Severity::Error,
    security: Some(7.0),
    types: &[PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a trust policy asks callers of an identity provider for AWS's MFA keys",
    explanation: "\
AssumeRoleWithSAML and AssumeRoleWithWebIdentity never carry an MFA key: AWS does not see how the \
identity provider knows its user. `Bool` locks all of them out, `IfExists` lets all of them in. MFA \
must be enforced by the provider.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
  "Action": "sts:AssumeRoleWithSAML",
  "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}, "BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
  "Action": "sts:AssumeRoleWithSAML",
  "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}}"#,
    ),
};

impl Rule for MfaTrustFederated {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject) {
            let statement = guard.statement;
            let federated = statement
                .principal
                .as_ref()
                .is_some_and(|part| named(part).iter().any(|(kind, _)| *kind == Some("Federated")));
            let by_action = !statement.action.negated
                && statement
                    .action
                    .entries
                    .iter()
                    .any(|entry| FEDERATED.iter().any(|action| names_it(&entry.value, action)));
            let Some(test) = guard.tests().next() else { continue };
            if !federated && !by_action {
                continue;
            }
            let message = match (guard.allows(), guard.vector.missing) {
                (true, true) | (false, false) => {
                    "this test lets in everyone from the identity provider, MFA or not"
                }
                (true, false) | (false, true) => "this test locks everyone from the identity provider out",
            };
            let mut finding = META.at(test.test.key.span, message).label("never there").about(&test);
            let edits = mend::without_mfa(statement).unwrap_or_default().into_iter().map(Some).collect();
            finding.fix = mend::unsafe_fix("take the MFA test out", edits);
            let help = "take the test out and enforce MFA in the identity provider";
            found.push(finding.help(help).truth(guard.truth()));
        }
    }
}

/// The calls by which users of an identity provider get a role.
const FEDERATED: [&str; 2] = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaTrustFederated), @r#"
        M460 this test lets in everyone from the identity provider, MFA or not
          "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}, "BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}}
                                                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never there
        help: take the test out and enforce MFA in the identity provider
        truth: missing → allowed   false → not allowed   true → allowed
        "#);
    }

    #[test]
    fn the_actions_of_the_list_exist() {
        assert!(FEDERATED.iter().all(|action| crate::catalog::action(action).is_some()));
    }
}
