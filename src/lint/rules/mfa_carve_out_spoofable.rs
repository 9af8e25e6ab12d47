//! M486: a gate that a caller can talk out of.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Names, action, all_statements, gates, is_spoofable, other_tests, reaches_own_user};
use crate::lint::{Finding, Rule, Subject};
use crate::name::fold;
use crate::policy::Effect;
use crate::source::Severity;

pub(super) struct MfaCarveOutSpoofable;

static META: Meta = Meta {
    code: "M486",
    name: "mfa-carve-out-spoofable",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` for want of MFA spares callers by something they say of themselves",
    explanation: "\
`aws:UserAgent` and `aws:Referer` are what the caller sends: any program can send what the `Deny` \
spares. A tag of the principal is no better where the policy lets users tag themselves.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "StringNotLike": {"aws:UserAgent": "*console*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaCarveOutSpoofable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let tags_itself = || {
            all_statements(subject).any(|(_, statement)| {
                statement.effect.value == Effect::Allow
                    && Names::actions(statement).meets(&action("iam:TagUser"))
                    && reaches_own_user(statement)
            })
        };
        for gate in gates(subject) {
            for test in other_tests(gate.statement) {
                let by_tag = fold(test.key()).starts_with("aws:principaltag/");
                let message = if is_spoofable(&test) {
                    format!("callers without MFA pass by sending another `{}`", test.key())
                } else if by_tag && tags_itself() {
                    format!(
                        "callers without MFA pass by tagging themselves: `{}` is theirs to set",
                        test.key()
                    )
                } else {
                    continue;
                };
                let finding = META.at(test.test.key.span, message).label("set by the caller").about(&test);
                found.push(finding.help("take this test out of the `Deny`").truth(gate.truth()));
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
        insta::assert_snapshot!(show(&MfaCarveOutSpoofable), @r#"
        M486 callers without MFA pass by sending another `aws:UserAgent`
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "StringNotLike": {"aws:UserAgent": "*console*"}}}}
                                                                                                   ^^^^^^^^^^^^^^^ set by the caller
        help: take this test out of the `Deny`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
