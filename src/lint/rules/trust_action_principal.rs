//! E149: a trust policy whose action does not fit its principal.

use super::trust_federated_format::is_known_host;
use crate::lint::Fix;
use crate::lint::cover;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Effect;
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct TrustActionPrincipal;

static META: Meta = Meta {
    code: "E149",
    name: "trust-action-principal",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the action of a trust policy is not the one by which its principal assumes roles",
    explanation: "\
Each kind of principal has its own way to assume a role: a SAML provider `sts:AssumeRoleWithSAML`, an \
OIDC provider `sts:AssumeRoleWithWebIdentity`, all others `sts:AssumeRole`. With another action the \
statement trusts nobody.",
    elsewhere: "Access Analyzer MISMATCHED_ACTION_FOR_PRINCIPAL",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
  "Action": "sts:AssumeRoleWithSAML",
  "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}}"#,
    ),
};

impl Rule for TrustActionPrincipal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let trusted = subject.principals().filter(|principal| {
            principal.statement.effect.value == Effect::Allow && !principal.statement.action.negated
        });
        for principal in trusted {
            let Some(needed) = needed(principal.kind, principal.text) else { continue };
            let entries = &principal.statement.action.entries;
            let reaches = |entry: &str, name: &str| cover::action(entry, name);
            let fits = entries.iter().any(|entry| reaches(&entry.value, needed));
            let wrong = entries.iter().find(|entry| WAYS.iter().any(|way| reaches(&entry.value, way)));
            let Some(wrong) = wrong.filter(|_| !fits) else { continue };
            let message = format!("`{}` assumes roles by `{needed}`", principal.text);
            let fix = Fix::replace(format!("write `{needed}`"), wrong.span, quoted(needed), false);
            let finding = META.at(wrong.span, message).label("does not fit the principal");
            found.push(
                finding.other(principal.span, "the principal").help(format!("write `{needed}`")).fix(fix),
            );
        }
    }
}

/// The ways to assume a role.
const WAYS: [&str; 3] = [PLAIN, SAML, WEB];
const PLAIN: &str = "sts:AssumeRole";
const SAML: &str = "sts:AssumeRoleWithSAML";
const WEB: &str = "sts:AssumeRoleWithWebIdentity";

/// The way of a principal; none where its name does not tell.
fn needed(kind: Option<&str>, text: &str) -> Option<&'static str> {
    match kind? {
        "AWS" | "Service" if text != "*" => Some(PLAIN),
        "Federated" if text.contains(":saml-provider/") => Some(SAML),
        "Federated" if text.contains(":oidc-provider/") || is_known_host(text) => Some(WEB),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&TrustActionPrincipal), @r#"
        E149 `arn:aws:iam::111122223333:saml-provider/idp` assumes roles by `sts:AssumeRoleWithSAML`
          "Action": "sts:AssumeRole"}}
                    ^^^^^^^^^^^^^^^^ does not fit the principal
        help: write `sts:AssumeRoleWithSAML`
        "#);
    }

    #[test]
    fn each_principal_needs_its_own_way_and_tags_may_stand_alone() {
        for (principal, action, wrong) in [
            (r#"{"AWS": "111122223333"}"#, r#""sts:AssumeRole""#, false),
            (r#"{"AWS": "111122223333"}"#, r#""sts:AssumeRoleWithSAML""#, true),
            (r#"{"Service": "lambda.amazonaws.com"}"#, r#""sts:TagSession""#, false),
            (r#"{"Federated": "cognito-identity.amazonaws.com"}"#, r#""sts:Assume*""#, false),
            (r#"{"Federated": "cognito-identity.amazonaws.com"}"#, r#""sts:AssumeRole""#, true),
        ] {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Principal": {principal}, "Action": {action}}}}}"#
            );
            let shown = show_on(&TrustActionPrincipal, &Example::of(PolicyType::Trust, text.leak()));
            assert_eq!(!shown.is_empty(), wrong, "{principal} {action}: {shown}");
        }
    }
}
