//! M400: MFA tests that are no gate, and that no narrower rule describes.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards};
use crate::lint::{Finding, Rule, Subject};
use crate::request::MFA_AGE;
use crate::source::Severity;

pub(super) struct MfaGateUnclear;

static META: Meta = Meta {
    code: "M400",
    name: "mfa-gate-unclear",
    severity: Severity::Warning,
    security: Some(6.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a statement asks about MFA, but not so that MFA decides",
    explanation: "\
An `Allow` about MFA should hold for callers with MFA and nobody else, a `Deny` for everybody else \
and not for them. The tests of this statement do neither, also together with the other Denies on the \
same actions and resources. See which callers it holds for, and write `Bool` with `true` in an \
`Allow`, `BoolIfExists` with `false` in a `Deny`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericGreaterThanEqualsIfExists": {"aws:MultiFactorAuthAge": "0"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaGateUnclear {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(is_unclear) {
            if guard.denies() && guard.joined(subject).spares_mfa_only() {
                continue;
            }
            let Some(test) = guard.tests().next() else { continue };
            let (message, label) = match (guard.allows(), guard.vector.missing && guard.vector.without) {
                (true, _) => {
                    ("this `Allow` asks about MFA and lets in callers without it", "true for everyone")
                }
                (false, true) => {
                    ("this `Deny` stops callers with MFA like those without", "true for everyone")
                }
                (false, false) => {
                    ("this `Deny` stops some callers with MFA and spares some without", "no test of MFA")
                }
            };
            let right = if guard.allows() { "`Bool` with `true`" } else { "`BoolIfExists` with `false`" };
            let finding = META.at(test.block.operator.span, message).label(label).about(&test);
            found.push(finding.help(format!("to require MFA write {right}")).truth(guard.truth()));
        }
    }
}

/// Is the vector neither a right one nor one for which there is a rule?
fn is_unclear(guard: &Guard<'_>) -> bool {
    let vector = &guard.vector;
    if guard.allows() {
        let by_age = guard.tests().any(|test| test.is_on(MFA_AGE) && test.operator().if_exists);
        return vector.is(true, true, true) && !by_age;
    }
    let both = vector.missing && vector.without;
    both && vector.at_every_age() || vector.without_mfa() && !both && vector.only_when_fresh()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaGateUnclear), @r#"
        M400 this `Deny` stops callers with MFA like those without
          "Condition": {"NumericGreaterThanEqualsIfExists": {"aws:MultiFactorAuthAge": "0"}}}}
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ true for everyone
        help: to require MFA write `BoolIfExists` with `false`
        truth: missing → denied   false → denied   true → denied
        "#);
    }
}
