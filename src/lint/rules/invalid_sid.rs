//! E117: a `Sid` of an IAM policy with more than letters and digits.

use crate::lint::Fix;
use crate::lint::meta::{Example, FixKind, IAM, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct InvalidSid;

static META: Meta = Meta {
    code: "E117",
    name: "invalid-sid",
    severity: Severity::Error,
    security: None,
    types: IAM,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Sid` in an IAM policy has characters other than A-Z, a-z and 0-9",
    explanation: "\
IAM takes only letters and digits in the name of a statement and refuses to store the policy. \
Policies of resources and of organizations may use any text.",
    elsewhere: "Access Analyzer UNSUPPORTED_SID; parliament INVALID_SID",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Sid": "read objects", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Sid": "ReadObjects", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
    ),
};

impl Rule for InvalidSid {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for sid in subject.statements().filter_map(|statement| statement.sid.as_ref()) {
            let Some(wrong) = sid.value.chars().find(|c| !c.is_ascii_alphanumeric()) else { continue };
            let kept: String = sid.value.chars().filter(char::is_ascii_alphanumeric).collect();
            let message = format!("{wrong:?} in a `Sid`, where IAM takes only letters and digits");
            let finding = META.at(sid.span, message);
            let is_free = |name: &str| {
                !subject.statements().any(|other| other.sid.as_ref().is_some_and(|sid| sid.value == name))
            };
            found.push(if kept.is_empty() {
                finding
            } else if is_free(&kept) {
                let fix = Fix::replace(format!("write `{kept}`"), sid.span, quoted(&kept), true);
                finding.help(format!("write `{kept}`")).fix(fix)
            } else {
                finding.help(format!("write `{kept}` and a number"))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_009_names_the_character_and_what_is_left_without_it() {
        insta::assert_snapshot!(show(&InvalidSid), @r#"
        E117 ' ' in a `Sid`, where IAM takes only letters and digits
          "Sid": "read objects", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
                 ^^^^^^^^^^^^^^
        help: write `readobjects`
        "#);
    }
}
