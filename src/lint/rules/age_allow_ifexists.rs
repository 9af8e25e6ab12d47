//! M420: an `Allow` whose limit on the age of MFA lets everyone in who has none.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::Operator;
use crate::request::MFA_AGE;
use crate::source::Severity;

pub(super) struct AgeAllowIfexists;

static META: Meta = Meta {
    code: "M420",
    name: "age-allow-ifexists",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` limits the age of MFA with `IfExists`",
    explanation: "\
The age exists only after MFA. With `IfExists` the test passes whenever there is no age, that is for \
every caller without MFA: long-term access keys and sessions alike. Without `IfExists` the limit \
alone proves MFA.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for AgeAllowIfexists {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::allows).filter(|guard| guard.vector.is(true, true, true)) {
            let on_age = |test: &Test<'_>| test.is_on(MFA_AGE) && test.operator().if_exists;
            for test in guard.tests().filter(on_age) {
                let plain = Operator { if_exists: false, ..test.operator() };
                let message = format!("`{}` lets callers without MFA pass", test.block.written);
                let mut finding =
                    META.at(test.block.operator.span, message).label("true without MFA").about(&test);
                finding.fix =
                    mend::unsafe_fix(format!("write `{plain}`"), vec![mend::operator(&test, plain)]);
                let help = format!("write `{plain}`; callers without MFA lose access");
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
    fn points_at_the_operator() {
        insta::assert_snapshot!(show(&AgeAllowIfexists), @r#"
        M420 `NumericLessThanIfExists` lets callers without MFA pass
          "Condition": {"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}}}
                        ^^^^^^^^^^^^^^^^^^^^^^^^^ true without MFA
        help: write `NumericLessThan`; callers without MFA lose access
        truth: missing → allowed   false → allowed   true → allowed, later not allowed
        "#);
    }
}
