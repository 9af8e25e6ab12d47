//! S313: all data, in bulk.

use crate::lint::grants::{GRANTING, Width, is_whole_service};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct DataExfiltration;

/// Actions that read data in bulk.
static ACTIONS: ActionList = ActionList::new(&[
    "s3:GetObject",
    "s3:GetObjectVersion",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:ExportTableToPointInTime",
    "rds:CopyDBSnapshot",
    "rds:StartExportTask",
]);

/// The copy of a disk.
static COPY: ActionList = ActionList::new(&["ec2:CreateSnapshot"]);

/// What hands it to another account.
static SHARE: ActionList = ActionList::new(&["ec2:ModifySnapshotAttribute"]);

static META: Meta = Meta {
    code: "S313",
    name: "data-exfiltration",
    severity: Severity::Warning,
    security: Some(6.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an action that reads data in bulk is allowed on every resource",
    explanation: "\
Objects, secrets, parameters and tables are what an attacker is after. A grant on everything \
gives away those of every application of the account, and of those to come. Limit it to the \
buckets, secrets and tables that are needed.",
    elsewhere: "checkov CKV_AWS_108/288; cloudsplaining",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-*"}}"#,
    ),
};

impl Rule for DataExfiltration {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let all = |list| subject.granted(list, Width::Everywhere);
        // A copy of a disk is only theirs who may share it.
        let shares = !all(&SHARE).is_empty();
        let copies = if shares { all(&COPY) } else { Vec::new() };
        for granted in all(&ACTIONS).into_iter().chain(copies) {
            if is_whole_service(&granted.entry.value) {
                continue; // S302 has said it
            }
            let message = format!("this reads the data of every resource, by {}", listed(&granted.actions));
            found.push(META.at(granted.entry.span, message).help("limit the resources"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&DataExfiltration), @r#"
        S313 this reads the data of every resource, by `secretsmanager:GetSecretValue`
          "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: limit the resources
        "#);
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for action in [&ACTIONS, &COPY, &SHARE].iter().flat_map(|list| list.actions) {
            assert!(catalog::action(action).is_some(), "{action}");
        }
    }
}
