//! W209: a policy that states no version.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MissingVersion;

static META: Meta = Meta {
    code: "W209",
    name: "missing-version",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Depends,
    opt_in: false,
    since: "0.1.0",
    summary: "the policy has no `Version`",
    explanation: "\
Without a version AWS reads the policy by the rules of 2008: `${…}` is plain text. Stating \
2012-10-17 says what everybody expects.",
    elsewhere: "Access Analyzer MISSING_VERSION; parliament NO_VERSION",
    bad: Example::identity(
        r#"{"Statement": {
  "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for MissingVersion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if subject.policy.version.is_none() {
            let finding = META.at(subject.start(), "the policy states no `Version`");
            let help = "add `\"Version\": \"2012-10-17\"`";
            found.push(
                finding
                    .label("read as 2008-10-17: variables do not work")
                    .help(help)
                    .fix(subject.new_version()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_005_points_at_the_beginning() {
        insta::assert_snapshot!(show(&MissingVersion), @r#"
        W209 the policy states no `Version`
        {"Statement": {
        ^ read as 2008-10-17: variables do not work
        help: add `"Version": "2012-10-17"`
        "#);
    }
}
