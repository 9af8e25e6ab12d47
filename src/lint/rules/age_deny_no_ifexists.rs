//! M421: a `Deny` of old MFA sessions that callers without any MFA slip past.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Operator;
use crate::request::MFA_AGE;
use crate::source::Severity;

pub(super) struct AgeDenyNoIfexists;

static META: Meta = Meta {
    code: "M421",
    name: "age-deny-no-ifexists",
    severity: Severity::Error,
    security: Some(8.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` of old MFA lets callers pass who have none",
    explanation: "\
The age exists only after MFA. Without `IfExists` the comparison is false for whoever used no MFA at \
all, so the `Deny` stops those whose MFA is too old and spares those who have none. `IfExists` hits \
both; so does a second `Deny` on the same actions for callers without MFA.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for AgeDenyNoIfexists {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let old_only = |guard: &Guard<'_>| !guard.vector.without_mfa() && guard.vector.only_when_old();
        for guard in guards(subject).filter(Guard::denies).filter(old_only) {
            let joined = guard.joined(subject);
            if joined.missing && joined.without {
                continue;
            }
            let Some(test) = guard.blame(|test| test.is_on(MFA_AGE)) else { continue };
            let message = "this `Deny` stops old MFA sessions and lets callers without MFA pass";
            let mut finding = META
                .at(test.block.operator.span, message)
                .label("not true without MFA, where no age is")
                .about(&test);
            if test.is_on(MFA_AGE) && !test.operator().if_exists {
                let lenient = Operator { if_exists: true, ..test.operator() };
                let title = format!("write `{lenient}`");
                finding.fix = mend::unsafe_fix(title, vec![mend::operator(&test, lenient)]);
                finding = finding.help(format!("write `{lenient}`; callers without MFA lose access"));
            }
            found.push(finding.truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AgeDenyNoIfexists), @r#"
        M421 this `Deny` stops old MFA sessions and lets callers without MFA pass
          "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}}}
                        ^^^^^^^^^^^^^^^^^^^^ not true without MFA, where no age is
        help: write `NumericGreaterThanIfExists`; callers without MFA lose access
        truth: missing → not denied   false → not denied   true → not denied, later denied
        "#);
    }
}
