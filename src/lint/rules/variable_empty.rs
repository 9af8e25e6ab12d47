//! E138: `${}`.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Malformed, Segment, Template};
use crate::source::Severity;

pub(super) struct VariableEmpty;

static META: Meta = Meta {
    code: "E138",
    name: "variable-empty",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a variable has no name",
    explanation: "\
`${}` names no key and never resolves: its text matches nothing. A literal `$` is written `${$}`.",
    elsewhere: "Access Analyzer EMPTY_VARIABLE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${}/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}"#,
    ),
};

impl Rule for VariableEmpty {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (text, span) in subject.templates() {
            let Template(segments) = Template::parse(text);
            if segments.contains(&Segment::Malformed(Malformed::Empty)) {
                found.push(META.at(span, "a variable without a name").label("never resolves"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn va_010_points_at_the_text() {
        insta::assert_snapshot!(show(&VariableEmpty), @r#"
        E138 a variable without a name
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${}/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never resolves
        "#);
    }
}
