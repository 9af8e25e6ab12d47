//! M437: a gate that also stops what services do for the user.

use crate::lint::grants::excepts_everything;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, OF_USERS, gates, mend, other_tests};
use crate::lint::{Finding, Rule, Subject};
use crate::name::fold;
use crate::request::MFA_PRESENT;
use crate::source::Severity;

pub(super) struct MfaDenyForwardedCalls;

static META: Meta = Meta {
    code: "M437",
    name: "mfa-deny-forwarded-calls",
    severity: Severity::Info,
    security: None,
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a gate also stops calls that a service makes for the user",
    explanation: "\
Athena reads from S3 for a user, CloudFormation starts instances: such forwarded calls carry \
`aws:MultiFactorAuthPresent` as `false`, also when the user's own session has MFA. With \
`aws:ViaAWSService` `false` beside the MFA test they are spared; the user's own call was checked \
before.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}}}}"#,
    ),
};

impl Rule for MfaDenyForwardedCalls {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            let broad = gate.statement.action.negated || Names::actions(gate.statement).is_everything();
            let spared = other_tests(gate.statement).any(|test| {
                let key = fold(test.key());
                key == "aws:viaawsservice" || key.starts_with("aws:calledvia")
            });
            let Some(test) = gate.tests().next() else { continue };
            if !broad || spared || excepts_everything(gate.statement) {
                continue;
            }
            let message = "this `Deny` also stops calls that services make for users with MFA";
            let mut finding =
                META.at(test.block.operator.span, message).label("`false` in forwarded calls").about(&test);
            let fits =
                [mend::BOOL, mend::BOOL_IF_EXISTS].contains(&test.operator()) && test.is_on(MFA_PRESENT);
            let edit = fits.then(|| mend::insert(test.test.span.0.end, r#", "aws:ViaAWSService": "false""#));
            finding.fix = mend::unsafe_fix("spare forwarded calls", vec![edit]);
            found.push(
                finding.help(r#"add `"aws:ViaAWSService": "false"` to spare them"#).truth(gate.truth()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyForwardedCalls), @r#"
        M437 this `Deny` also stops calls that services make for users with MFA
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}
                        ^^^^^^^^^^^^^^ `false` in forwarded calls
        help: add `"aws:ViaAWSService": "false"` to spare them
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
