//! M410: a test of text where the MFA keys need one of their own kind.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{is_on_mfa_key, mend};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::{Comparison, Operator};
use crate::request::MFA_PRESENT;
use crate::source::Severity;

pub(super) struct MfaStringOperator;

static META: Meta = Meta {
    code: "M410",
    name: "mfa-string-operator",
    severity: Severity::Warning,
    security: Some(5.0),
    types: ALL,
    fix: FixKind::Depends,
    opt_in: false,
    since: "0.1.0",
    summary: "a String operator stands on an MFA key",
    explanation: "\
`aws:MultiFactorAuthPresent` is `true` or `false`, `aws:MultiFactorAuthAge` a number. A String \
operator compares letters: `True` is then another value than `true`, and ages are not compared by \
size. Use `Bool` and the Numeric operators.",
    elsewhere: "AA TYPE_MISMATCH; parliament MISMATCHED_TYPE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaStringOperator {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        use Comparison::{StringEquals, StringEqualsIgnoreCase, StringLike};
        let is_text =
            |test: &Test<'_>| matches!(test.comparison(), StringEquals | StringEqualsIgnoreCase | StringLike);
        for test in subject.tests().filter(is_on_mfa_key).filter(is_text) {
            let present = test.is_on(MFA_PRESENT);
            let kind = if present { "`Bool`" } else { "a Numeric operator" };
            let message =
                format!("`{}` compares letters, but `{}` needs {kind}", test.block.written, test.key());
            let mut finding = META.at(test.block.operator.span, message).label("compares text").about(&test);
            if present && !test.operator().base.negated {
                let operator = Operator { set: None, base: mend::BOOL.base, ..test.operator() };
                let plain = |text: &str| text == "true" || text == "false";
                let exact = test.comparison() == StringEquals && test.operator().set.is_none();
                let safe =
                    exact && test.values().len() == 1 && test.values().iter().all(|value| plain(&value.text));
                finding.fix =
                    mend::fix(format!("write `{operator}`"), safe, vec![mend::operator(&test, operator)]);
            }
            found.push(finding.help(format!("write {kind}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaStringOperator), @r#"
        M410 `StringEquals` compares letters, but `aws:MultiFactorAuthPresent` needs `Bool`
          "Condition": {"StringEquals": {"aws:MultiFactorAuthPresent": "true"}}}}
                        ^^^^^^^^^^^^^^ compares text
        help: write `Bool`
        "#);
    }
}
