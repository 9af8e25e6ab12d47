//! E129: a condition key without its prefix.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::request::GlobalKey;
use crate::source::Severity;

pub(super) struct ConditionKeyFormat;

static META: Meta = Meta {
    code: "E129",
    name: "condition-key-format",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a condition key is not `prefix:name`",
    explanation: "\
Every condition key has a prefix, `aws:` for those that all services share. A key without one is \
never in a request: it counts as missing, which makes an `Allow` never and a negated or `IfExists` \
test always true.",
    elsewhere: "Access Analyzer INVALID_CONDITION_KEY_FORMAT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"SecureTransport": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}"#,
    ),
};

impl Rule for ConditionKeyFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let shaped = test
                .key()
                .split_once(':')
                .is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty());
            if !shaped && !has_variable(test.key()) {
                let message = format!("`{}` is no condition key: a key is `prefix:name`", test.key());
                let finding = META.at(test.test.key.span, message).label("always missing").about(&test);
                let meant = GlobalKey::find(&format!("aws:{}", test.key()));
                found.push(match meant {
                    Some(key) => finding.help(format!("write `{}`", key.name)),
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
    fn suggests_the_global_key() {
        insta::assert_snapshot!(show(&ConditionKeyFormat), @r#"
        E129 `SecureTransport` is no condition key: a key is `prefix:name`
          "Condition": {"Bool": {"SecureTransport": "true"}}}}
                                 ^^^^^^^^^^^^^^^^^ always missing
        help: write `aws:SecureTransport`
        "#);
    }
}
