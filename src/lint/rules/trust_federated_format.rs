//! E150: a federated principal that is no identity provider.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::{has_variable, has_wildcard, is_account, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct TrustFederatedFormat;

static META: Meta = Meta {
    code: "E150",
    name: "trust-federated-format",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a federated principal is neither the ARN of a provider nor a host that AWS knows",
    explanation: "\
In a trust policy `Federated` names the ARN of a SAML or OIDC provider of the account, or one of the \
hosts that need none: Cognito, Google, Facebook, Amazon. Anything else, a star too, trusts nobody.",
    elsewhere: "Access Analyzer INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY; parliament UNKNOWN_FEDERATION_SOURCE",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.example.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {"oidc.example.com:aud": "app", "oidc.example.com:sub": "svc"}}}}"#,
    ),
};

impl Rule for TrustFederatedFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for principal in subject.principals().filter(|principal| principal.kind == Some("Federated")) {
            // E139 speaks of variables, E143 of empty texts.
            let told_elsewhere = principal.text.is_empty() || has_variable(principal.text);
            if !told_elsewhere && !is_provider(principal.text) {
                let message = format!("`{}` is no identity provider", principal.text);
                let label = "expected `arn:aws:iam::ACCOUNT:saml-provider/NAME` or `…:oidc-provider/HOST`";
                found.push(META.at(principal.span, message).label(label));
            }
        }
    }
}

/// Providers of web identities that need no object of their own in the account.
const HOSTS: [&str; 4] =
    ["cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"];

pub(super) fn is_known_host(text: &str) -> bool {
    // Cognito has a host of its own in some partitions.
    HOSTS.contains(&text) || text.starts_with("cognito-identity") && text.contains(".amazonaws.")
}

fn is_provider(text: &str) -> bool {
    let of_account = |account: &str| is_account(account);
    is_known_host(text)
        || whole_arn(text).is_some_and(|[_, _, service, region, account, name]| {
            let provider =
                name.strip_prefix("saml-provider/").or_else(|| name.strip_prefix("oidc-provider/"));
            let named = provider.is_some_and(|name| !name.is_empty() && !has_wildcard(name));
            service == "iam" && region.is_empty() && of_account(account) && named
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn shows_the_form() {
        insta::assert_snapshot!(show(&TrustFederatedFormat), @r#"
        E150 `*` is no identity provider
          "Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"}}
                                                        ^^^ expected `arn:aws:iam::ACCOUNT:saml-provider/NAME` or `…:oidc-provider/HOST`
        "#);
    }

    #[test]
    fn forms_of_providers() {
        for (text, expected) in [
            ("arn:aws:iam::111122223333:saml-provider/idp", true),
            ("arn:aws-us-gov:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1", true),
            ("cognito-identity.amazonaws.com", true),
            ("cognito-identity-us-gov.amazonaws.com", true),
            ("accounts.google.com", true),
            ("*", false),
            ("oidc.example.com", false),
            ("arn:aws:iam::111122223333:oidc-provider/*", false),
            ("arn:aws:iam::111122223333:role/idp", false),
        ] {
            assert_eq!(is_provider(text), expected, "{text}");
        }
    }
}
