//! S323: an `Allow` that a missing key opens.

use super::forallvalues_without_null::must_be_there;
use crate::lint::Test;
use crate::lint::edit::rename_operator;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::is_on_mfa_key;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Operator, PolicyType};
use crate::source::Severity;

pub(super) struct IfexistsAllow;

static META: Meta = Meta {
    code: "S323",
    name: "ifexists-allow",
    severity: Severity::Warning,
    security: Some(6.0),
    types: &[PolicyType::Identity, PolicyType::Session, PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`…IfExists` in an `Allow` on a key that can be missing",
    explanation: "\
A test with `IfExists` is true when the request does not carry the key. In an `Allow` that lets \
in everybody who comes without it: a test for an endpoint, say, passes all calls that come \
through none. Drop `IfExists`. Where a request without the key is meant to pass, write a second \
statement that says so with `Null`.",
    elsewhere: "iam-policy-validator ifexists_weakens_security_condition",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}"#,
    ),
};

impl Rule for IfexistsAllow {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(Test::grants) {
            let operator = test.operator();
            // A negated operator is true without the key anyway. M401 and M420 speak of the MFA keys.
            if !operator.if_exists || operator.base.negated || is_on_mfa_key(&test) {
                continue;
            }
            let can_be_missing = test.global_key().is_some_and(|key| !key.presence.starts_with("always"));
            if can_be_missing && !must_be_there(&test) {
                let plain = Operator { if_exists: false, ..operator };
                let message = format!("a request without `{}` passes this test", test.key());
                let mut finding =
                    META.at(test.block.operator.span, message).label("true when the key is missing");
                finding.fix = rename_operator(&test, plain, false);
                found.push(finding.help(format!("write `{plain}`")).about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_009_points_at_the_operator() {
        insta::assert_snapshot!(show(&IfexistsAllow), @r#"
        S323 a request without `aws:SourceVpce` passes this test
          "Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}
                        ^^^^^^^^^^^^^^^^^^^^^^ true when the key is missing
        help: write `StringEquals`
        "#);
    }
}
