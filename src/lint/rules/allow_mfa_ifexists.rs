//! M401: an `Allow` that long-term access keys pass, because they carry no MFA key.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Operator;
use crate::source::Severity;

pub(super) struct AllowMfaIfexists;

static META: Meta = Meta {
    code: "M401",
    name: "allow-mfa-ifexists",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` requires MFA with `IfExists`, so long-term access keys pass",
    explanation: "\
A request signed with a long-term access key has no MFA key at all, and `IfExists` makes the test \
true for it. So whoever holds the access key gets in without MFA. The visual editor of the console \
writes this form for \"MFA required\". Without `IfExists` only callers with MFA get in.",
    elsewhere: "iam-policy-validator ifexists_weakens_security_condition; AA none; parliament none",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for AllowMfaIfexists {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(Guard::allows).filter(|guard| guard.vector.is(true, false, true))
        {
            let Some(test) = guard.blame(|test| test.operator().if_exists) else { continue };
            let message = "this `Allow` lets in long-term access keys without MFA";
            let mut finding =
                META.at(test.block.operator.span, message).label("true when the key is missing").about(&test);
            if test.operator().if_exists {
                let plain = Operator { if_exists: false, ..test.operator() };
                finding.fix =
                    mend::unsafe_fix(format!("write `{plain}`"), vec![mend::operator(&test, plain)]);
                finding = finding.help(format!("write `{plain}`; callers with access keys lose access"));
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
        insta::assert_snapshot!(show(&AllowMfaIfexists), @r#"
        M401 this `Allow` lets in long-term access keys without MFA
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}}
                        ^^^^^^^^^^^^^^ true when the key is missing
        help: write `Bool`; callers with access keys lose access
        truth: missing → allowed   false → not allowed   true → allowed
        "#);
    }
}
