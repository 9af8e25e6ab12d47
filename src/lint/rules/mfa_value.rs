//! M412: an MFA test with a value that cannot be.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::is_on_mfa_key;
use crate::lint::{Finding, Rule, Subject};
use crate::name::fold;
use crate::request::MFA_PRESENT;
use crate::source::Severity;

pub(super) struct MfaValue;

static META: Meta = Meta {
    code: "M412",
    name: "mfa-value",
    severity: Severity::Error,
    security: Some(6.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of `aws:MultiFactorAuthPresent` is neither `true` nor `false`",
    explanation: "\
The key is `true`, `false` or missing. With any other value, or with none, the test can only be \
decided by the missing key: a `Deny` never fires for those who have one, and an `Allow` never \
grants.",
    elsewhere: "Access Analyzer TYPE_MISMATCH_BOOLEAN, EMPTY_ARRAY_CONDITION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "no"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(is_on_mfa_key) {
            if test.values().is_empty() {
                let message = format!("`{}` is compared with nothing", test.key());
                found.push(META.at(test.test.span.0, message).label("never matches").about(&test));
            }
            if !test.is_on(MFA_PRESENT) {
                continue;
            }
            for value in test.values() {
                let meant = match fold(value.text.trim()).as_str() {
                    "true" | "false" => continue,
                    "yes" | "1" => Some("true"),
                    "no" | "0" => Some("false"),
                    _ => None,
                };
                let message = format!("`{}` is neither `true` nor `false`", value.text);
                let finding = META.at(value.span, message).label("never matches").about(&test);
                found.push(match meant {
                    Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                    None => finding,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_value() {
        insta::assert_snapshot!(show(&MfaValue), @r#"
        M412 `no` is neither `true` nor `false`
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "no"}}}}
                                                                       ^^^^ never matches
        help: did you mean `false`?
        "#);
    }
}
