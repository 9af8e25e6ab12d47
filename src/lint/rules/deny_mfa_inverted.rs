//! M406: a `Deny` of callers with MFA that spares those without.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::request::MFA_PRESENT;
use crate::source::Severity;

pub(super) struct DenyMfaInverted;

static META: Meta = Meta {
    code: "M406",
    name: "deny-mfa-inverted",
    severity: Severity::Error,
    security: Some(8.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` stops callers with MFA and spares those without",
    explanation: "\
The test is the wrong way around: it holds with MFA, and for some callers without it not. Those who \
use MFA are locked out, a stolen access key or a session without MFA is not. A `Deny` for want of \
MFA needs `BoolIfExists` with `false`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for DenyMfaInverted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let inverted = |guard: &Guard<'_>| {
            guard.vector.at_every_age() && !(guard.vector.missing && guard.vector.without)
        };
        for guard in guards(subject).filter(Guard::denies).filter(inverted) {
            let Some(test) = guard.blame(|test| test.is_on(MFA_PRESENT)) else { continue };
            let spared = match (guard.vector.missing, guard.vector.without) {
                (false, false) => "those without",
                (false, true) => "long-term access keys",
                _ => "sessions without it",
            };
            let message = format!("this `Deny` stops callers with MFA and spares {spared}");
            let mut finding = META.at(test.block.operator.span, message).label("true with MFA").about(&test);
            if test.is_on(MFA_PRESENT) && test.comparison() == Comparison::Bool {
                let operator = (test.operator() != mend::BOOL_IF_EXISTS)
                    .then(|| mend::operator(&test, mend::BOOL_IF_EXISTS));
                let edits = operator.into_iter().chain([Some(mend::value(&test, "false"))]).collect();
                finding.fix = mend::unsafe_fix("write `BoolIfExists` with `false`", edits);
            }
            let help = "write `BoolIfExists` with `false`; callers without MFA lose access";
            found.push(finding.help(help).truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&DenyMfaInverted), @r#"
        M406 this `Deny` stops callers with MFA and spares those without
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                        ^^^^^^ true with MFA
        help: write `BoolIfExists` with `false`; callers without MFA lose access
        truth: missing → not denied   false → not denied   true → denied
        "#);
    }
}
