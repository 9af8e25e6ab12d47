//! S317: trust in another account, without a password.

use crate::lint::grants::touches;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::Vector;
use crate::lint::subject::tests_of;
use crate::lint::text::{is_account, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::policy::{Effect, Statement};
use crate::source::Severity;

pub(super) struct TrustForeignAccount;

static META: Meta = Meta {
    code: "S317",
    name: "trust-foreign-account",
    severity: Severity::Warning,
    security: Some(6.0),
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a foreign account is trusted without an external id, an organization or MFA",
    explanation: "\
A service provider assumes roles in the accounts of many customers. If one of them gives the \
provider the ARN of your role as his own, the provider acts in your account for him: the \
confused deputy. An external id that the provider made up for you prevents that; within an \
organization a condition on `aws:PrincipalOrgID` does, and between people MFA. The rule speaks \
only if it is told which accounts are your own.",
    elsewhere: "the guide of AWS on the confused deputy",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
  "Action": "sts:AssumeRole",
  "Condition": {"StringEquals": {"sts:ExternalId": "f3a9"}}}}"#,
    ),
};

impl Rule for TrustForeignAccount {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let own = &subject.options.own_accounts;
        for principal in subject.principals().filter(|principal| principal.kind == Some("AWS")) {
            let statement = principal.statement;
            let negated = statement.principal.as_ref().is_some_and(|part| part.negated);
            let trusts =
                statement.effect.value == Effect::Allow && !negated && touches(statement, "sts:AssumeRole");
            let Some(account) = account_of(principal.text).filter(|_| trusts && !own.is_empty()) else {
                continue;
            };
            let foreign = own.iter().all(|own| own.to_string() != account);
            if foreign && !is_sealed(subject, statement) {
                let message = format!("account {account} is not one of yours and needs no external id");
                found.push(META.at(principal.span, message).help("add a condition on `sts:ExternalId`"));
            }
        }
    }
}

/// The account that a principal belongs to.
fn account_of(text: &str) -> Option<&str> {
    let account = whole_arn(text).map_or(text, |[.., account, _]| account);
    is_account(account).then_some(account)
}

/// Does the condition ask for what a stranger does not have?
fn is_sealed(subject: &Subject<'_>, statement: &Statement) -> bool {
    let by_key = tests_of(statement).any(|test| {
        let keys = ["sts:ExternalId", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];
        let operator = test.operator();
        keys.iter().any(|key| test.is_on(key)) && !operator.base.negated && !operator.if_exists
    });
    by_key || Vector::of(subject.policy, statement).is_some_and(|vector| vector.admits_mfa_only())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_account() {
        insta::assert_snapshot!(show(&TrustForeignAccount), @r#"
        S317 account 444455556666 is not one of yours and needs no external id
          "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: add a condition on `sts:ExternalId`
        "#);
    }

    #[test]
    fn without_own_accounts_nobody_is_a_stranger() {
        use crate::lint::{Options, lint};
        use crate::policy::Policy;

        let policy = Policy::parse(META.bad.text).unwrap();
        let found = lint(&policy, &Options::new(PolicyType::Trust));
        assert!(found.iter().all(|finding| finding.code() != META.code));
    }
}
