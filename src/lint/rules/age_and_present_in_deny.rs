//! M423: one `Deny` that asks for no MFA and for old MFA at once.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, Vector, guards};
use crate::lint::{Finding, Rule, Subject};
use crate::request::{MFA_AGE, MFA_PRESENT};
use crate::source::Severity;

pub(super) struct AgeAndPresentInDeny;

static META: Meta = Meta {
    code: "M423",
    name: "age-and-present-in-deny",
    severity: Severity::Error,
    security: Some(7.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "one `Deny` tests for no MFA and for old MFA together",
    explanation: "\
The entries of a condition must all hold. No session is without MFA and has an old one, so whose MFA \
is too old is not denied; and without `IfExists` the statement never fires at all. Write two `Deny` \
statements: one for callers without MFA, one for old MFA.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
   "Condition": {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}}]}"#,
    ),
};

impl Rule for AgeAndPresentInDeny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::denies) {
            let of_key = |key: &str| Vector::of_key(subject.policy, guard.statement, key);
            let no_mfa = of_key(MFA_PRESENT).is_some_and(|vector| vector.without_mfa() && !vector.fresh);
            let old_mfa = of_key(MFA_AGE).is_some_and(|vector| vector.only_when_old());
            let present = guard.tests().find(|test| test.is_on(MFA_PRESENT));
            let age = guard.tests().find(|test| test.is_on(MFA_AGE));
            if let (true, true, Some(present), Some(age)) = (no_mfa, old_mfa, present, age) {
                let message = "both tests must hold, so sessions whose MFA is too old are not denied";
                let finding = META.at(age.block.operator.span, message).label("never decides").about(&age);
                let finding = finding.other(present.block.operator.span, "and this test too");
                found.push(
                    finding.help("write two `Deny` statements, one for each test").truth(guard.truth()),
                );
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
        insta::assert_snapshot!(show(&AgeAndPresentInDeny), @r#"
        M423 both tests must hold, so sessions whose MFA is too old are not denied
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}}}
                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never decides
        help: write two `Deny` statements, one for each test
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
