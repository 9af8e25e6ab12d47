//! M447: the removal of the own device, without MFA.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, Stops, Vector, action, is_own, mend, names_mfa, resource};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType, Statement};
use crate::source::Severity;

pub(super) struct MfaRemoveOwnWithoutMfa;

static META: Meta = Meta {
    code: "M447",
    name: "mfa-remove-own-without-mfa",
    severity: Severity::Error,
    security: Some(8.5),
    types: &[PolicyType::Identity],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a user may deactivate the own MFA device without MFA",
    explanation: "\
Whoever has the user's access key or password switches MFA off, enrolls a device of his own, and \
passes every test for MFA. The removal needs MFA: in its own statement, or by a `Deny` of everything \
without MFA.",
    elsewhere: "Duo disclosure",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:DeactivateMFADevice",
  "Resource": "arn:aws:iam::*:user/${aws:username}"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:DeactivateMFADevice",
  "Resource": "arn:aws:iam::*:user/${aws:username}",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaRemoveOwnWithoutMfa {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if subject.is_of_a_role() {
            return; // W229 says that a role has no own user
        }
        let pattern = action("iam:DeactivateMFADevice");
        let allows = |statement: &Statement| statement.effect.value == Effect::Allow;
        for (statement, _) in subject.elements().filter(|(it, element)| element.names_mfa && allows(it)) {
            let entries = names_mfa(statement).filter(|entry| action(&entry.value).includes(&pattern));
            let Some(entry) = entries.into_iter().next() else { continue };
            if Vector::of(subject.policy, statement).is_some() {
                continue;
            }
            let stops = Stops::over(subject, statement);
            let free = |text: &str| {
                is_own(text) && !stops.guard(&Names::only(pattern.clone()), &Names::only(resource(text)))
            };
            let resources =
                statement.resource.iter().filter(|part| !part.negated).flat_map(|part| &part.entries);
            if resources.into_iter().any(|own| free(&own.value)) {
                let message = "whoever has a user's access key or password can take the MFA device away";
                let mut finding = META.at(entry.span, message).label("allowed without MFA");
                finding.fix = mend::unsafe_fix("require MFA", vec![mend::require_mfa(statement)]);
                found.push(finding.help(r#"add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`"#));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Attached, show, show_on};

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaRemoveOwnWithoutMfa), @r#"
        M447 whoever has a user's access key or password can take the MFA device away
          "Effect": "Allow", "Action": "iam:DeactivateMFADevice",
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^ allowed without MFA
        help: add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`
        "#);
    }

    #[test]
    fn a_role_has_no_own_device() {
        let example = Example { attached_to: Some(Attached::Role), ..META.bad };
        assert_eq!(show_on(&MfaRemoveOwnWithoutMfa, &example), "");
    }
}
