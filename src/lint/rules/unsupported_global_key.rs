//! E159: a key that AWS has withdrawn.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct UnsupportedGlobalKey;

static META: Meta = Meta {
    code: "E159",
    name: "unsupported-global-key",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a condition uses a global key that AWS has withdrawn",
    explanation: "\
AWS replaced `aws:ARN` by `aws:PrincipalArn`. For a role session the old key held the ARN of the \
session, the new one holds that of the role, so look at the value too.",
    elsewhere: "Access Analyzer UNSUPPORTED_GLOBAL_CONDITION_KEY, DEPRECATED_GLOBAL_CONDITION_KEY",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"ArnEquals": {"aws:ARN": "arn:aws:iam::111122223333:user/ana"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/ana"}}}}"#,
    ),
};

impl Rule for UnsupportedGlobalKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let Some(instead) = replacement(test.key()) else { continue };
            let key = test.test.key.span;
            let fix = Fix::replace(format!("ask for `{instead}`"), key, quoted(instead), false);
            let finding = META.at(key, format!("AWS has withdrawn `{}`", test.key())).about(&test);
            found.push(finding.help(format!("use `{instead}`")).fix(fix));
        }
    }
}

/// Withdrawn keys, and what took their place.
const WITHDRAWN: [(&str, &str); 1] = [("aws:ARN", "aws:PrincipalArn")];

pub(super) fn replacement(key: &str) -> Option<&'static str> {
    WITHDRAWN.iter().find(|(old, _)| old.eq_ignore_ascii_case(key)).map(|(_, new)| *new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&UnsupportedGlobalKey), @r#"
        E159 AWS has withdrawn `aws:ARN`
          "Condition": {"ArnEquals": {"aws:ARN": "arn:aws:iam::111122223333:user/ana"}}}}
                                      ^^^^^^^^^
        help: use `aws:PrincipalArn`
        "#);
    }
}
