//! M492: administrators who need no MFA.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, Vector, all_statements};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, Policy, PolicyType, Statement};
use crate::source::Severity;

pub(super) struct AdminWithoutMfa;

static META: Meta = Meta {
    code: "M492",
    name: "admin-without-mfa",
    severity: Severity::Error,
    security: Some(8.0),
    types: &[PolicyType::Identity],
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "every action on every resource is allowed, and MFA is never asked for",
    explanation: "\
Whoever holds an access key of this identity holds the account. Administrators are the first who \
need MFA: require it in the statement, or add a gate that denies everything but enrollment without \
MFA.",
    elsewhere: "CIS 2.10 and 2.14 (v7); prowler iam_administrator_access_with_mfa",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "*", "Resource": "*"},
  {"Effect": "Deny",
   "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
     "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
     "sts:GetSessionToken"], "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#,
    ),
};

impl Rule for AdminWithoutMfa {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let gated = all_statements(subject).any(|(policy, statement)| is_gate(policy, statement));
        let admins = subject.statements().filter(|statement| {
            statement.effect.value == Effect::Allow
                && !statement.action.negated
                && Names::actions(statement).is_everything()
                && Names::resources(statement).is_everything()
                && Vector::of(subject.policy, statement).is_none()
        });
        for statement in admins.filter(|_| !gated) {
            let message = "a stolen access key of this identity is enough to take the account over";
            let finding = META.at(statement.action.span.0, message).label("everything, without MFA");
            found.push(finding.help("deny everything but enrollment without MFA (see M430)"));
        }
    }
}

/// Does a statement deny nearly everything for want of MFA? One that does it wrongly has its own finding.
fn is_gate(policy: &Policy, statement: &Statement) -> bool {
    let broad = statement.action.negated || Names::actions(statement).is_everything();
    statement.effect.value == Effect::Deny
        && broad
        && Vector::of(policy, statement).is_some_and(|vector| vector.without_mfa() && !vector.fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AdminWithoutMfa), @r#"
        M492 a stolen access key of this identity is enough to take the account over
          "Effect": "Allow", "Action": "*", "Resource": "*"}}
                                       ^^^ everything, without MFA
        help: deny everything but enrollment without MFA (see M430)
        "#);
    }
}
