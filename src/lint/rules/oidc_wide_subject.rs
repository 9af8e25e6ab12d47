//! S320: more repositories, or branches, than one.

use crate::lint::grants::is_star;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::has_wildcard;
use crate::lint::web_identity::providers;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct OidcWideSubject;

static META: Meta = Meta {
    code: "S320",
    name: "oidc-wide-subject",
    severity: Severity::Warning,
    security: Some(6.5),
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a pattern for the subject of tokens spans organizations, repositories or all refs",
    explanation: "\
The subject says which repository, branch or project got the token. A wildcard in the place of \
the organization or the repository trusts whoever can make one that fits; `repo:org/app:*` \
trusts every branch and every pull request, so whoever may open one. Name the repository and the \
branch or the environment.",
    elsewhere: "Access Analyzer SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
    "StringLike": {"token.actions.githubusercontent.com:sub": "repo:org/*"}}}}"#,
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

impl Rule for OidcWideSubject {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            for provider in providers(statement) {
                let subjects = provider.claims(statement).filter(|(claim, test)| {
                    claim.eq_ignore_ascii_case("sub")
                        && test.comparison() == Comparison::StringLike
                        && !test.operator().base.negated
                });
                for value in subjects.flat_map(|(_, test)| test.values()) {
                    if let Some(whom) = trusted_too(&value.text) {
                        let message = format!("`{}` trusts {whom}", value.text);
                        found.push(META.at(value.span, message).help("name the one that is meant"));
                    }
                }
            }
        }
    }
}

/// Whom a pattern for a subject trusts beside the one that is meant.
fn trusted_too(subject: &str) -> Option<&'static str> {
    if subject.starts_with(['*', '?']) {
        return Some("everyone who gets a token");
    }
    let (kind, rest) = subject.split_once(':')?;
    if has_wildcard(kind) {
        return Some("everyone who gets a token");
    }
    match kind {
        "repo" | "project_path" => {
            let (path, context) = rest.split_once(':').unwrap_or((rest, ""));
            let (owner, name) = path.split_once('/').unwrap_or((path, ""));
            let all = |text: &str| {
                ["", "ref:", "ref:refs/"].iter().any(|start| text.strip_prefix(start).is_some_and(is_star))
            };
            if has_wildcard(owner) {
                Some("more organizations than one")
            } else if has_wildcard(name) {
                Some("more repositories than one")
            } else if all(context) {
                Some("every branch, tag and pull request")
            } else {
                None
            }
        }
        "organization" => has_wildcard(rest.split(':').next()?).then_some("more organizations than one"),
        "system" => {
            has_wildcard(rest.split(':').nth(1)?).then_some("the accounts of more namespaces than one")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_value() {
        insta::assert_snapshot!(show(&OidcWideSubject), @r#"
        S320 `repo:org/*` trusts more repositories than one
            "StringLike": {"token.actions.githubusercontent.com:sub": "repo:org/*"}}}}
                                                                      ^^^^^^^^^^^^
        help: name the one that is meant
        "#);
    }

    #[test]
    fn subjects_of_providers() {
        for (subject, expected) in [
            ("repo:org/app:ref:refs/heads/main", None),
            ("repo:org/app:ref:refs/heads/release-*", None),
            ("repo:org/app:environment:*", None),
            ("repo:org/app:*", Some("every branch, tag and pull request")),
            ("repo:org/app:ref:*", Some("every branch, tag and pull request")),
            ("repo:org/app-*:ref:refs/heads/main", Some("more repositories than one")),
            ("repo:org*", Some("more organizations than one")),
            ("*", Some("everyone who gets a token")),
            ("project_path:group/*:ref_type:branch:ref:main", Some("more repositories than one")),
            ("organization:org:project:*:workspace:*:run_phase:*", None),
            ("organization:*:project:p:workspace:w:run_phase:apply", Some("more organizations than one")),
            ("system:serviceaccount:default:app", None),
            ("system:serviceaccount:*:app", Some("the accounts of more namespaces than one")),
            ("4711", None),
        ] {
            assert_eq!(trusted_too(subject), expected, "{subject}");
        }
    }
}
