//! M405: an `Allow` for callers without MFA that leaves out those with it.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, is_enrollment};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct AllowMfaInverted;

static META: Meta = Meta {
    code: "M405",
    name: "allow-mfa-inverted",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` lets in callers without MFA and not those with it",
    explanation: "\
The test is the wrong way around: it holds without MFA and not with it. What was meant only the \
author knows: `Bool` with `true` requires MFA. Only enrollment is meant for callers without MFA, and \
an `Allow` of nothing else is not reported.",
    elsewhere: "iam-policy-validator mfa_antipattern_boolif_exists_false, mfa_antipattern_null_true",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for AllowMfaInverted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let inverted = |guard: &Guard<'_>| guard.vector.without_mfa() && !guard.vector.fresh;
        for guard in guards(subject).filter(Guard::allows).filter(inverted) {
            if is_enrollment(guard.statement) {
                continue;
            }
            let Some(test) = guard.tests().next() else { continue };
            let message = "this `Allow` lets in callers without MFA and not those with it";
            let finding = META.at(test.block.operator.span, message).label("not true with MFA").about(&test);
            found.push(finding.help("to require MFA write `Bool` with `true`").truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AllowMfaInverted), @r#"
        M405 this `Allow` lets in callers without MFA and not those with it
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}
                        ^^^^^^^^^^^^^^ not true with MFA
        help: to require MFA write `Bool` with `true`
        truth: missing → allowed   false → allowed   true → not allowed
        "#);
    }
}
