//! W210: a policy of the old version.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Version;
use crate::source::Severity;

pub(super) struct OldVersion;

static META: Meta = Meta {
    code: "W210",
    name: "old-version",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Depends,
    opt_in: false,
    since: "0.1.0",
    summary: "the version is 2008-10-17",
    explanation: "\
In version 2008-10-17 `${…}` is plain text. There is nothing that it can say and 2012-10-17 cannot.",
    elsewhere: "parliament OLD_VERSION; cfn-lint W2511",
    bad: Example::identity(
        r#"{"Version": "2008-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for OldVersion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if let Some(version) =
            subject.policy.version.as_ref().filter(|version| version.value == Version::V2008)
        {
            let finding = META.at(version.span, "the policy states the version of 2008");
            found.push(
                finding
                    .label("variables do not work")
                    .help("set `\"2012-10-17\"`")
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
    fn pa_006_points_at_the_version() {
        insta::assert_snapshot!(show(&OldVersion), @r#"
        W210 the policy states the version of 2008
        {"Version": "2008-10-17", "Statement": {
                    ^^^^^^^^^^^^ variables do not work
        help: set `"2012-10-17"`
        "#);
    }
}
