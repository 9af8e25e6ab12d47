//! I505: a `Sid` without text.

use crate::lint::edit::take_out_member;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct EmptySid;

static META: Meta = Meta {
    code: "I505",
    name: "empty-sid",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "`Sid` is an empty string",
    explanation: "\
An empty name says no more than none; AWS suggests to leave it out.",
    elsewhere: "Access Analyzer EMPTY_SID_VALUE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Sid": "", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
    ),
};

impl Rule for EmptySid {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            let Some(sid) = statement.sid.as_ref().filter(|sid| sid.value.is_empty()) else { continue };
            let mut finding = META.at(sid.span, "the `Sid` is empty").help("leave it out");
            finding.fix = take_out_member("leave the `Sid` out", statement, sid.span);
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_009_points_at_the_text() {
        insta::assert_snapshot!(show(&EmptySid), @r#"
        I505 the `Sid` is empty
          "Sid": "", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
                 ^^
        help: leave it out
        "#);
    }
}
