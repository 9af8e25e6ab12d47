//! Trust in identity providers that speak `OpenID` Connect: who they are, and what a condition asks of their
//! tokens.
//!
//! A token says who got it (`sub`) and for whom it was made out (`aud`). STS gives both to conditions under
//! the name of the provider: `token.actions.githubusercontent.com:sub`.

use super::Test;
use super::subject::tests_of;
use crate::policy::{Effect, PrincipalValue, SetPrefix, Statement};
use crate::source::Span;

/// The action that a token is good for.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Providers that IAM knows without an ARN.
const BUILT_IN: &[&str] =
    &["cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"];

/// Providers that all their customers share, who all may ask for any audience: only the subject tells
/// one from another.
const SHARED: &[&str] =
    &["token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com"];

/// A provider in the principal of an `Allow`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Provider<'p> {
    /// Its name, which its keys begin with.
    pub(super) name: &'p str,
    /// Where it stands.
    pub(super) span: Span,
}

/// The providers whose tokens a statement takes.
pub(super) fn providers(statement: &Statement) -> Vec<Provider<'_>> {
    let trusts = statement.effect.value == Effect::Allow && super::grants::touches(statement, ACTION);
    let part = statement.principal.as_ref().filter(|part| trusts && !part.negated);
    let Some(PrincipalValue::Map(groups)) = part.map(|part| &part.value) else { return Vec::new() };
    let values =
        groups.iter().filter(|group| group.kind.value == "Federated").flat_map(|group| &group.values);
    let of = |text| {
        let arn = str::split_once(text, ":oidc-provider/").map(|(_, name)| name);
        arn.or_else(|| BUILT_IN.contains(&text).then_some(text))
    };
    values.filter_map(|value| Some(Provider { name: of(value.value.as_str())?, span: value.span })).collect()
}

impl Provider<'_> {
    /// Does it serve customers who do not know each other under one name?
    pub(super) fn is_shared(self) -> bool {
        SHARED.contains(&self.name)
    }

    /// The tests of a condition on its tokens, with the claim.
    pub(super) fn claims(self, statement: &Statement) -> impl Iterator<Item = (&str, Test<'_>)> {
        tests_of(statement).filter_map(move |test| Some((self.claim(test.key())?, test)))
    }

    /// The claim that a key stands for, if it is one of this provider.
    fn claim(self, key: &str) -> Option<&str> {
        let (name, claim) = key.split_at_checked(self.name.len())?;
        claim.strip_prefix(':').filter(|_| name.eq_ignore_ascii_case(self.name))
    }
}

/// Does a test hold for chosen values only?
pub(super) fn is_choice(test: &Test<'_>) -> bool {
    let operator = test.operator();
    !operator.base.negated && !operator.if_exists && operator.set != Some(SetPrefix::ForAllValues)
}
