//! E116: two statements of an IAM policy with one `Sid`.

use crate::lint::Fix;
use crate::lint::meta::{Example, FixKind, IAM, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct DuplicateSid;

static META: Meta = Meta {
    code: "E116",
    name: "duplicate-sid",
    severity: Severity::Error,
    security: None,
    types: IAM,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "two statements of an IAM policy share a `Sid`",
    explanation: "\
IAM refuses to store a policy in which two statements have the same name. Both statements are \
evaluated here as they stand; the name has no effect on that.",
    elsewhere: "Access Analyzer UNIQUE_SIDS_REQUIRED; parliament DUPLICATE_SID",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
  {"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}"#,
    ),
};

impl Rule for DuplicateSid {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (again, first, free) in subject.renamed_sids() {
            let message = format!("the `Sid` `{}` names two statements", again.value);
            let fix = Fix::replace(format!("call it `{free}`"), again.span, quoted(&free), true);
            let finding = META.at(again.span, message).label("given again");
            found.push(finding.other(first.span, "given first").fix(fix));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_009_points_at_the_second_one() {
        insta::assert_snapshot!(show(&DuplicateSid), @r#"
        E116 the `Sid` `Read` names two statements
          {"Sid": "Read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
                  ^^^^^^ given again
        "#);
    }
}
