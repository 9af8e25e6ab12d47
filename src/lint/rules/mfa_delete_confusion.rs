//! M466: an MFA test that may be taken for the MFA Delete of S3.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::guards;
use crate::lint::text::names_it;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDeleteConfusion;

static META: Meta = Meta {
    code: "M466",
    name: "mfa-delete-confusion",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an MFA test stands where the MFA Delete of S3 may be meant",
    explanation: "\
MFA Delete is a setting of a bucket's versioning: only the root user switches it on, and each call \
then needs a device code. A condition in a policy is something else: it asks whether the caller's \
session has MFA. Both are useful; do not take one for the other.",
    elsewhere: "CIS 3.1.2 (v7); Security Hub S3.20; prowler s3_bucket_no_mfa_delete",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": ["s3:DeleteObjectVersion", "s3:PutBucketVersioning"],
  "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaDeleteConfusion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(|guard| !guard.statement.action.negated) {
            let of_versions = |text: &str| MFA_DELETE.iter().any(|action| names_it(text, action));
            let entries = guard.statement.action.entries.iter();
            if let Some(entry) = entries.into_iter().find(|entry| of_versions(&entry.value)) {
                let message = "this is not the MFA Delete of S3, which needs a device code for each call";
                let finding = META.at(entry.span, message).label("asks about the session");
                let help = "the root user can switch MFA Delete on for the bucket as well";
                found.push(finding.help(help).truth(guard.truth()));
            }
        }
    }
}

/// The actions that MFA Delete guards.
const MFA_DELETE: [&str; 2] = ["s3:DeleteObjectVersion", "s3:PutBucketVersioning"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDeleteConfusion), @r#"
        M466 this is not the MFA Delete of S3, which needs a device code for each call
          "Effect": "Deny", "Action": ["s3:DeleteObjectVersion", "s3:PutBucketVersioning"],
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ asks about the session
        help: the root user can switch MFA Delete on for the bucket as well
        truth: missing → denied   false → denied   true → not denied
        "#);
    }

    #[test]
    fn the_actions_of_the_list_exist() {
        assert!(MFA_DELETE.iter().all(|action| crate::catalog::action(action).is_some()));
    }
}
