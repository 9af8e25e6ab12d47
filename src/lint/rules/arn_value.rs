//! W217: an ARN to compare with that is no ARN.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{arn_fields, has_variable};
use crate::lint::{Finding, Rule, Subject};
use crate::name::Pattern;
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct ArnValue;

static META: Meta = Meta {
    code: "W217",
    name: "arn-value",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of an ARN operator is no ARN",
    explanation: "\
ARN operators compare six fields one by one. A value that has fewer, even a lone `*`, matches no ARN \
at all.",
    elsewhere: "Access Analyzer TYPE_MISMATCH",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"ArnLike": {"aws:PrincipalArn": "role/dev*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/dev*"}}}}"#,
    ),
};

impl Rule for ArnValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| matches!(test.comparison(), Comparison::Arn(_))) {
            for value in test.values().iter().filter(|value| !is_arn_pattern(&value.text)) {
                let message = format!("`{}` is no ARN", value.text);
                let finding = META.at(value.span, message).label("matches no ARN").about(&test);
                found.push(match value.text.as_str() {
                    "*" => finding.help("write `*:*:*:*:*:*`, or `Null` if any value will do"),
                    _ => finding,
                });
            }
        }
    }
}

/// A variable may bring colons, so that fields cannot be counted (VA-008).
fn is_arn_pattern(text: &str) -> bool {
    let fields = arn_fields(text);
    let first = fields.first().copied().unwrap_or_default();
    has_variable(text) || fields.len() == 6 && Pattern::new(first).matches("arn")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_070_points_at_the_value() {
        insta::assert_snapshot!(show(&ArnValue), @r#"
        W217 `role/dev*` is no ARN
          "Condition": {"ArnLike": {"aws:PrincipalArn": "role/dev*"}}}}
                                                        ^^^^^^^^^^^ matches no ARN
        "#);
    }
}
