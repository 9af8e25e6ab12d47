//! S319: tokens made out for anybody.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::web_identity::{is_choice, providers};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct OidcWithoutAudience;

static META: Meta = Meta {
    code: "S319",
    name: "oidc-without-audience",
    severity: Severity::Error,
    security: Some(9.0),
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the trust in an OpenID Connect provider has no condition on the audience or the subject",
    explanation: "\
An identity provider gives tokens to all its customers. Without a condition on `…:aud` or \
`…:sub` everyone who gets one of them can take the role. Providers that serve all the world \
under one name, such as GitHub, let everyone choose the audience: there only the subject tells a \
friend from a stranger.",
    elsewhere: "Access Analyzer MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL, MISSING_GITHUB_REPO_CONDITION_KEY",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
  "Action": "sts:AssumeRoleWithWebIdentity"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    "token.actions.githubusercontent.com:sub": "repo:org/app:ref:refs/heads/main"}}}}"#,
    ),
};

impl Rule for OidcWithoutAudience {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            for provider in providers(statement) {
                let is_enough = |claim: &str| !provider.is_shared() || !claim.eq_ignore_ascii_case("aud");
                let mut claims = provider.claims(statement);
                if claims.any(|(claim, test)| is_choice(&test) && is_enough(claim)) {
                    continue;
                }
                let message = format!("everyone who has a token of `{}` can assume this role", provider.name);
                let missing = if provider.is_shared() { "sub" } else { "aud" };
                let help = format!("add a condition on `{}:{missing}`", provider.name);
                found.push(META.at(provider.span, message).help(help));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_provider() {
        insta::assert_snapshot!(show(&OidcWithoutAudience), @r#"
        S319 everyone who has a token of `token.actions.githubusercontent.com` can assume this role
          "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: add a condition on `token.actions.githubusercontent.com:sub`
        "#);
    }
}
