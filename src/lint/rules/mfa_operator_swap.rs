//! M411: an operator of one MFA key on the other.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::request::{MFA_AGE, MFA_PRESENT};
use crate::source::Severity;

pub(super) struct MfaOperatorSwap;

static META: Meta = Meta {
    code: "M411",
    name: "mfa-operator-swap",
    severity: Severity::Error,
    security: Some(5.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an MFA key is compared by an operator of another kind",
    explanation: "\
`aws:MultiFactorAuthPresent` is `true` or `false`, `aws:MultiFactorAuthAge` a number of seconds. \
Compared by an operator of another kind they never match: an `Allow` never grants, a `Deny` never \
fires, and with `IfExists` only the missing key decides.",
    elsewhere: "AA TYPE_MISMATCH_*",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthAge": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaOperatorSwap {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        use Comparison::{Arn, Binary, Bool, Date, Ip, Numeric};
        for test in subject.tests() {
            let right = match test.comparison() {
                Bool | Date(_) if test.is_on(MFA_AGE) => "a Numeric operator",
                Numeric(_) | Date(_) | Ip | Arn(_) | Binary if test.is_on(MFA_PRESENT) => "`Bool`",
                _ => continue,
            };
            let message = format!("`{}` never matches `{}`", test.block.written, test.key());
            let finding =
                META.at(test.block.operator.span, message).label("another kind of value").about(&test);
            found.push(finding.help(format!("`{}` is compared with {right}", test.key())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaOperatorSwap), @r#"
        M411 `Bool` never matches `aws:MultiFactorAuthAge`
          "Condition": {"Bool": {"aws:MultiFactorAuthAge": "true"}}}}
                        ^^^^^^ another kind of value
        help: `aws:MultiFactorAuthAge` is compared with a Numeric operator
        "#);
    }
}
