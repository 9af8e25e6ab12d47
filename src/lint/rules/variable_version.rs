//! E141: a variable in a policy of the old language.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Segment, Template};
use crate::source::Severity;

pub(super) struct VariableVersion;

static META: Meta = Meta {
    code: "E141",
    name: "variable-version",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a variable in a policy without version 2012-10-17 is plain text",
    explanation: "\
Variables came with version 2012-10-17. In a policy that states the older version, or none, \
`${aws:username}` is not replaced: it matches only a name that is spelled so.",
    elsewhere: "Access Analyzer VARIABLE_UNSUPPORTED_IN_VERSION",
    bad: Example::identity(
        r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}"#,
    ),
};

impl Rule for VariableVersion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if subject.policy.has_variables() {
            return;
        }
        for (text, span) in subject.variable_places() {
            let Template(segments) = Template::parse(text);
            if segments.iter().any(|segment| !matches!(segment, Segment::Text(_))) {
                let finding = META.at(span, "variables do not work without version 2012-10-17");
                let finding = finding.label("taken as plain text").help("set `\"Version\": \"2012-10-17\"`");
                let finding = finding.fix(subject.new_version());
                found.push(match &subject.policy.version {
                    Some(version) => finding.other(version.span, "the version of the whole policy"),
                    None => finding,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_006_points_at_the_text() {
        insta::assert_snapshot!(show(&VariableVersion), @r#"
        E141 variables do not work without version 2012-10-17
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken as plain text
        help: set `"Version": "2012-10-17"`
        "#);
    }
}
