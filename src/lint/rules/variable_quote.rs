//! E136: a default value of a variable that is not quoted as it must be.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Malformed, Segment, Template};
use crate::source::Severity;

pub(super) struct VariableQuote;

static META: Meta = Meta {
    code: "E136",
    name: "variable-quote",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the default value of a variable is not between single quotes",
    explanation: "\
A default value follows the variable's name after a comma and one space, between single quotes: \
`${aws:username, 'nobody'}`. In any other form the variable never resolves, and its text matches \
nothing.",
    elsewhere: "Access Analyzer MISSING_QUOTE_IN_VARIABLE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username, 'anon}/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username, 'anon'}/*"}}"#,
    ),
};

impl Rule for VariableQuote {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (text, span) in subject.templates() {
            let Template(segments) = Template::parse(text);
            if segments.contains(&Segment::Malformed(Malformed::Default)) {
                found.push(
                    META.at(span, "the default value of a variable is written `, '…'`")
                        .label("never resolves"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn va_006_points_at_the_text() {
        insta::assert_snapshot!(show(&VariableQuote), @r#"
        E136 the default value of a variable is written `, '…'`
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username, 'anon}/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never resolves
        "#);
    }
}
