//! M491: a role that people assume without MFA.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, Stops, action, first_test, mend, named};
use crate::lint::text::is_account;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType};
use crate::source::Severity;

pub(super) struct HumanTrustWithoutMfa;

static META: Meta = Meta {
    code: "M491",
    name: "human-trust-without-mfa",
    severity: Severity::Info,
    security: Some(4.0),
    types: &[PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: true,
    since: "0.1.0",
    summary: "users or an account are trusted without an MFA test",
    explanation: "\
A trust policy that names a user or an account lets people in, by long-term access keys too. The \
call to AssumeRole is where a user can prove MFA: afterwards the session of the role no longer \
tells. Require it here, or deny without it.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for HumanTrustWithoutMfa {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let assume = action("sts:AssumeRole");
        for statement in subject.statements().filter(|statement| statement.effect.value == Effect::Allow) {
            let Some(part) = statement.principal.as_ref().filter(|part| !part.negated) else { continue };
            let is_human = |text: &str| is_account(text) || text.contains(":user/");
            let people = named(part).iter().any(|(kind, text)| *kind == Some("AWS") && is_human(text));
            if !people || first_test(statement).is_some() || !Names::actions(statement).meets(&assume) {
                continue;
            }
            let stops = Stops::over(subject, statement);
            if stops.guard(&Names::only(assume.clone()), &Names::resources(statement)) {
                continue;
            }
            let message = "people can assume this role without MFA, with an access key too";
            let mut finding = META.at(part.span.0, message).label("trusted without MFA");
            finding.fix = mend::unsafe_fix("require MFA", vec![mend::require_mfa(statement)]);
            found.push(finding.help(r#"add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`"#));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&HumanTrustWithoutMfa), @r#"
        M491 people can assume this role without MFA, with an access key too
          "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ trusted without MFA
        help: add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`
        "#);
    }
}
