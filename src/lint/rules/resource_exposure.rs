//! S314: power to open things to others.

use crate::catalog;
use crate::lint::grants::{GRANTING, Width, is_whole_service};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ResourceExposure;

/// Actions that open a thing to others: by its policy, its access list, a grant or a share.
static ACTIONS: ActionList = ActionList::new(&[
    "acm-pca:PutPolicy",
    "backup:PutBackupVaultAccessPolicy",
    "codeartifact:PutDomainPermissionsPolicy",
    "codeartifact:PutRepositoryPermissionsPolicy",
    "codebuild:PutResourcePolicy",
    "dynamodb:PutResourcePolicy",
    "ec2:ModifyImageAttribute",
    "ec2:ModifySnapshotAttribute",
    "ec2:ModifyVpcEndpointServicePermissions",
    "ecr:SetRepositoryPolicy",
    "ecr-public:SetRepositoryPolicy",
    "elasticfilesystem:PutFileSystemPolicy",
    "es:UpdateDomainConfig",
    "events:PutPermission",
    "glacier:SetVaultAccessPolicy",
    "glue:PutResourcePolicy",
    "iam:UpdateAssumeRolePolicy",
    "kinesis:PutResourcePolicy",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
    "lambda:AddLayerVersionPermission",
    "lambda:AddPermission",
    "lambda:CreateFunctionUrlConfig",
    "logs:PutResourcePolicy",
    "ram:AssociateResourceShare",
    "ram:CreateResourceShare",
    "rds:ModifyDBClusterSnapshotAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "redshift:AuthorizeSnapshotAccess",
    "s3:PutAccessPointPolicy",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "secretsmanager:PutResourcePolicy",
    "serverlessrepo:PutApplicationPolicy",
    "ses:PutIdentityPolicy",
    "sns:AddPermission",
    "sns:SetTopicAttributes",
    "sqs:AddPermission",
    "sqs:SetQueueAttributes",
    "ssm:ModifyDocumentPermission",
]);

static META: Meta = Meta {
    code: "S314",
    name: "resource-exposure",
    severity: Severity::Warning,
    security: Some(6.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an action that changes a resource policy, an access list or a share is allowed on every resource",
    explanation: "\
Who may write the policy of a bucket, a key or a queue can open it to any account, past all \
policies of identities. Limit such actions to the things that are the holder's to share.",
    elsewhere: "cloudsplaining ResourceExposure; parliament RESOURCE_POLICY_PRIVILEGE_ESCALATION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:PutBucketPolicy", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}}"#,
    ),
};

impl Rule for ResourceExposure {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted(&ACTIONS, Width::Everywhere) {
            if is_whole_service(&granted.entry.value) {
                continue; // S302 has said it
            }
            if granted
                .actions
                .iter()
                .all(|action| catalog::action(action).is_some_and(|it| !it.takes_resource()))
            {
                continue; // it can be allowed on `*` only
            }
            let message = format!("this can open every resource to others, by {}", listed(&granted.actions));
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
        insta::assert_snapshot!(show(&ResourceExposure), @r#"
        S314 this can open every resource to others, by `s3:PutBucketPolicy`
          "Effect": "Allow", "Action": "s3:PutBucketPolicy", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^^
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
