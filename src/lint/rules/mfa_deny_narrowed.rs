//! M485: a gate that further tests narrow.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{gates, is_carve_out, is_spoofable, other_tests};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyNarrowed;

static META: Meta = Meta {
    code: "M485",
    name: "mfa-deny-narrowed",
    severity: Severity::Warning,
    security: Some(5.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` for want of MFA has a further test, outside of which MFA is not needed",
    explanation: "\
All entries of a condition must hold for the `Deny` to fire. Where the further test does not hold, \
callers without MFA pass. Usual exceptions, for services and for callers named by ARN, type, tag or \
account, are not reported.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}}}}"#,
    ),
};

impl Rule for MfaDenyNarrowed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            for test in other_tests(gate.statement) {
                if is_carve_out(&test) || is_spoofable(&test) {
                    continue;
                }
                let message =
                    format!("callers without MFA pass where this test on `{}` does not hold", test.key());
                let finding = META.at(test.test.key.span, message).label("narrows the `Deny`").about(&test);
                let help = "write a `Deny` of its own for each reason, if each is meant to be enough";
                found.push(finding.help(help).truth(gate.truth()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyNarrowed), @r#"
        M485 callers without MFA pass where this test on `aws:SourceIp` does not hold
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}
                                                                                                  ^^^^^^^^^^^^^^ narrows the `Deny`
        help: write a `Deny` of its own for each reason, if each is meant to be enough
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
