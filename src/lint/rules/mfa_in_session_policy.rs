//! M467: an MFA test in a session policy.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::guards;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaInSessionPolicy;

static META: Meta = Meta {
    code: "M467",
    name: "mfa-in-session-policy",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Session],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a session policy asks about MFA",
    explanation: "\
A session policy comes with the call that makes the session. Sessions from GetFederationToken carry \
no MFA key, and those from AssumeRole as documented carry `false`, so the test decides the same way \
for the whole session.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Session,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::of(
        PolicyType::Session,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for MfaInSessionPolicy {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject) {
            let Some(test) = guard.tests().next() else { continue };
            let message =
                "sessions to which this policy is given carry no MFA: the test always comes out the same";
            let finding = META.at(test.test.key.span, message).label("missing or `false`").about(&test);
            found.push(finding.help("test MFA before the session is made").truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaInSessionPolicy), @r#"
        M467 sessions to which this policy is given carry no MFA: the test always comes out the same
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing or `false`
        help: test MFA before the session is made
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
