//! S312: answers that hold credentials.

use crate::catalog;
use crate::lint::grants::{GRANTING, Width};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct CredentialsExposure;

/// Actions whose answers hold keys, passwords or tokens.
static ACTIONS: ActionList = ActionList::new(&[
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
    "ecr:GetAuthorizationToken",
    "rds-db:connect",
    "redshift:GetClusterCredentials",
    "codeartifact:GetAuthorizationToken",
    "cognito-identity:GetCredentialsForIdentity",
    "cognito-identity:GetOpenIdToken",
    "lightsail:GetInstanceAccessDetails",
    "lightsail:DownloadDefaultKeyPair",
    "ec2:GetPasswordData",
    "gamelift:RequestUploadCredentials",
]);

static META: Meta = Meta {
    code: "S312",
    name: "credentials-exposure",
    severity: Severity::Warning,
    security: Some(7.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an action whose answer holds credentials is allowed on every resource",
    explanation: "\
Who may call such an action on everything gets keys, passwords or tokens of others, and with \
them their rights. Limit it to the own user or to things of chosen names. Actions that take no \
resource can only be allowed on `*`; they count when a wildcard brings them together with others \
of the list.",
    elsewhere: "parliament CREDENTIALS_EXPOSURE; checkov CKV_AWS_107/287",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/${aws:username}"}}"#,
    ),
};

impl Rule for CredentialsExposure {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted(&ACTIONS, Width::Everywhere) {
            let takes_none = |action: &&str| catalog::action(action).is_some_and(|it| !it.takes_resource());
            if granted.actions.iter().all(takes_none) && granted.actions.len() < 2 {
                continue;
            }
            let message = format!("this hands out credentials of anybody, by {}", listed(&granted.actions));
            found.push(META.at(granted.entry.span, message).help("limit the resources"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&CredentialsExposure), @r#"
        S312 this hands out credentials of anybody, by `iam:CreateAccessKey`
          "Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^^^
        help: limit the resources
        "#);
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for action in ACTIONS.actions {
            assert!(catalog::action(action).is_some(), "{action}");
        }
    }
}
