//! M462: an MFA test on a role.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{guards, named, other_tests};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaTrustRolePrincipal;

static META: Meta = Meta {
    code: "M462",
    name: "mfa-trust-role-principal",
    severity: Severity::Warning,
    security: Some(3.0),
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a trust policy asks a role or its session for MFA",
    explanation: "\
The session of a role cannot pass a device code when it assumes another role, and as documented it \
carries `aws:MultiFactorAuthPresent` as `false`. So the role in the principal can never pass this \
test. MFA is proved by the user who assumes the first role: test it there.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"},
  "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaTrustRolePrincipal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let is_role = |text: &str| text.contains(":role/") || text.contains(":assumed-role/");
        for guard in guards(subject) {
            let principals = guard.statement.principal.as_ref().map(named).unwrap_or_default();
            let by_principal = principals.iter().any(|(kind, text)| *kind == Some("AWS") && is_role(text));
            let by_condition = other_tests(guard.statement).any(|test| {
                let positive = test.is_on("aws:PrincipalArn") && !test.operator().base.negated;
                positive
                    && !test.values().is_empty()
                    && test.values().iter().all(|value| is_role(&value.text))
            });
            let Some(test) = guard.tests().next() else { continue };
            if by_principal || by_condition {
                let message = match (guard.allows(), guard.vector.without) {
                    (true, false) | (false, true) => "as documented, no session of a role passes this test",
                    (true, true) | (false, false) => {
                        "as documented, every session of a role passes this test"
                    }
                };
                let finding =
                    META.at(test.test.key.span, message).label("`false` in sessions of roles").about(&test);
                let help = "test MFA where a user assumes the first role";
                found.push(finding.help(help).truth(guard.truth()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaTrustRolePrincipal), @r#"
        M462 as documented, no session of a role passes this test
          "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `false` in sessions of roles
        help: test MFA where a user assumes the first role
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
