//! M408: an MFA test that names both values.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::name::fold;
use crate::request::MFA_PRESENT;
use crate::source::Severity;

pub(super) struct MfaBothValues;

static META: Meta = Meta {
    code: "M408",
    name: "mfa-both-values",
    severity: Severity::Error,
    security: Some(8.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "both `true` and `false` stand in one MFA test",
    explanation: "\
With both values in its list the test holds whenever the key is there: whether MFA was used no \
longer matters. Name one value.",
    elsewhere: "AA INVALID_CONDITION_MULTIPLE_BOOLEAN",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": ["true", "false"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaBothValues {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| test.is_on(MFA_PRESENT)) {
            let has = |wanted: &str| test.values().iter().any(|value| fold(value.text.trim()) == wanted);
            if has("true") && has("false") {
                let message = "this test holds with MFA and without, so MFA does not matter";
                let finding = META.at(test.test.span.0, message).label("both values").about(&test);
                let value = if test.grants() { "true" } else { "false" };
                found.push(finding.help(format!("to require MFA name `{value}` alone")));
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
        insta::assert_snapshot!(show(&MfaBothValues), @r#"
        M408 this test holds with MFA and without, so MFA does not matter
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": ["true", "false"]}}}}
                                                               ^^^^^^^^^^^^^^^^^ both values
        help: to require MFA name `true` alone
        "#);
    }
}
