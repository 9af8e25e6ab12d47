//! I525: a value that is no text.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::policy::ValueForm;
use crate::source::Severity;

pub(super) struct JsonBoolean;

static META: Meta = Meta {
    code: "I525",
    name: "json-boolean",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: true,
    since: "0.1.0",
    summary: "a condition value is a JSON boolean or number",
    explanation: "\
AWS takes `true` for `\"true\"` and `5` for `\"5\"`, and gives the text back. Written as texts from \
the start, a policy does not change on its way through AWS. The fix adds the quotation marks.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": true}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}"#,
    ),
};

impl Rule for JsonBoolean {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            for value in test.values().iter().filter(|value| value.form != ValueForm::String) {
                let text = quoted(&value.text);
                let finding = META.at(value.span, format!("`{}` is no text", value.text)).about(&test);
                let fix = Fix::replace(format!("write `{text}`"), value.span, text.clone(), true);
                found.push(finding.help(format!("write `{text}`")).fix(fix));
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
        insta::assert_snapshot!(show(&JsonBoolean), @r#"
        I525 `true` is no text
          "Condition": {"Bool": {"aws:SecureTransport": true}}}}
                                                        ^^^^
        help: write `"true"`
        "#);
    }
}
