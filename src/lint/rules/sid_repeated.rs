//! W225: two statements with one `Sid`, where AWS tolerates it.

use crate::lint::Fix;
use crate::lint::meta::{Example, FixKind, Meta, NOT_IAM};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct SidRepeated;

static META: Meta = Meta {
    code: "W225",
    name: "sid-repeated",
    severity: Severity::Warning,
    security: None,
    types: NOT_IAM,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "two statements share a `Sid`",
    explanation: "\
The services that store these policies accept a name given twice, but a name that means two \
statements helps nobody who reads a log or an explanation.",
    elsewhere: "Access Analyzer UNIQUE_SIDS_RECOMMENDED",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Objects", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject",
   "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
  {"Sid": "Objects", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:PutObject",
   "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject",
   "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
  {"Sid": "Write", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:PutObject",
   "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}"#,
    ),
};

impl Rule for SidRepeated {
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
        insta::assert_snapshot!(show(&SidRepeated), @r#"
        W225 the `Sid` `Objects` names two statements
          {"Sid": "Objects", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:PutObject",
                  ^^^^^^^^^ given again
        "#);
    }
}
