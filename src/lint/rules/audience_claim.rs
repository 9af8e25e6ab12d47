//! I516: an audience compared as no provider sends it.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::has_wildcard;
use crate::lint::web_identity::providers;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::{Comparison, PolicyType, SetPrefix};
use crate::source::Severity;

pub(super) struct AudienceClaim;

static META: Meta = Meta {
    code: "I516",
    name: "audience-claim",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the audience of tokens is compared in a form that the provider does not send",
    explanation: "\
A token names its audience in full: one text, such as `sts.amazonaws.com`. A wildcard admits \
tokens that were made out for other purposes; `ForAllValues` admits those without an audience; \
another operator than one for strings compares nothing.",
    elsewhere: "Access Analyzer CONFIRM_AUDIENCE_CLAIM_TYPE",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringLike": {"token.actions.githubusercontent.com:aud": "*"},
    "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:org/app:ref:refs/heads/main"}}}}"#,
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

impl Rule for AudienceClaim {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            for provider in providers(statement) {
                for (_, test) in
                    provider.claims(statement).filter(|(claim, _)| claim.eq_ignore_ascii_case("aud"))
                {
                    if let Some(why) = what_is_odd(&test) {
                        let message = format!("an audience is one text, but this {why}");
                        found.push(
                            META.at(test.block.operator.span, message)
                                .help("write `StringEquals` with the audience")
                                .about(&test),
                        );
                    }
                }
            }
        }
    }
}

fn what_is_odd(test: &Test<'_>) -> Option<&'static str> {
    let wild = test.values().iter().any(|value| has_wildcard(&value.text));
    match test.comparison() {
        _ if test.operator().set == Some(SetPrefix::ForAllValues) => Some("is also true without it"),
        Comparison::StringLike if wild => Some("takes any that fits"),
        Comparison::StringLike | Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => None,
        Comparison::Null => None,
        _ => Some("compares no texts"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_operator() {
        insta::assert_snapshot!(show(&AudienceClaim), @r#"
        I516 an audience is one text, but this takes any that fits
          "Condition": {"StringLike": {"token.actions.githubusercontent.com:aud": "*"},
                        ^^^^^^^^^^^^
        help: write `StringEquals` with the audience
        "#);
    }
}
