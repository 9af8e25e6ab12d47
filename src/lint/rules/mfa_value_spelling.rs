//! M414: `true` and `false` of an MFA key in another form than text.

use crate::lint::Edit;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{is_on_mfa_key, mend};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::fold;
use crate::policy::{Comparison, ValueForm};
use crate::source::Severity;

pub(super) struct MfaValueSpelling;

static META: Meta = Meta {
    code: "M414",
    name: "mfa-value-spelling",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of an MFA key is not written as `\"true\"` or `\"false\"`",
    explanation: "\
`True`, `TRUE` and a JSON boolean work like the text `\"true\"`. One form in all policies is easier to \
read, to search and to compare.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "True"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaValueSpelling {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let of_truth = |test: &Test<'_>| matches!(test.comparison(), Comparison::Bool | Comparison::Null);
        for test in subject.tests().filter(is_on_mfa_key).filter(of_truth) {
            for value in test.values() {
                let plain = fold(&value.text);
                let word = plain == "true" || plain == "false";
                if word && (value.form == ValueForm::Boolean || plain != value.text) {
                    let message = format!("the usual form is the text `\"{plain}\"`");
                    let mut finding = META.at(value.span, message).label("works all the same").about(&test);
                    let edit = Edit { span: value.span, text: format!("\"{plain}\"") };
                    finding.fix = mend::fix(format!("write `\"{plain}\"`"), true, vec![Some(edit)]);
                    found.push(finding.help(format!("write `\"{plain}\"`")));
                }
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
        insta::assert_snapshot!(show(&MfaValueSpelling), @r#"
        M414 the usual form is the text `"true"`
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "True"}}}}
                                                               ^^^^^^ works all the same
        help: write `"true"`
        "#);
    }
}
