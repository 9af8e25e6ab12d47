//! M490: dangerous actions that need no MFA.

use crate::catalog::{self, Level};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, STANDARD, Stops, Vector, action, mend};
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType};
use crate::source::Severity;

pub(super) struct SensitiveWithoutMfa;

static META: Meta = Meta {
    code: "M490",
    name: "sensitive-without-mfa",
    severity: Severity::Warning,
    security: Some(4.0),
    types: &[PolicyType::Identity],
    fix: FixKind::Unsafe,
    opt_in: true,
    since: "0.1.0",
    summary: "a sensitive action is allowed without MFA",
    explanation: "\
Some actions should not be open to a stolen access key: changes of identities and of the \
organization, the end of keys, backups and data stores, switching security services off. Which these \
are the configuration can say (`require-mfa`). Require MFA in the statement, or deny without it.",
    elsewhere: "prowler iam_administrator_access_with_mfa (related)",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "kms:ScheduleKeyDeletion",
  "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "kms:ScheduleKeyDeletion",
  "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for SensitiveWithoutMfa {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let guarded = |vector: Vector| !vector.without_mfa();
        for statement in subject.statements().filter(|statement| statement.effect.value == Effect::Allow) {
            if statement.action.negated || Vector::of(subject.policy, statement).is_some_and(guarded) {
                continue;
            }
            let stops = Stops::over(subject, statement);
            let resources = Names::resources(statement).cells();
            let free = |name: &String| {
                let actions = Names::only(action(name));
                resources.iter().any(|reached| !stops.guard(&actions, reached))
            };
            for entry in &statement.action.entries {
                let sensitive = sensitive(&entry.value, &subject.options.require_mfa);
                let open: Vec<_> = sensitive.into_iter().filter(free).collect();
                if !open.is_empty() {
                    let message = format!("a stolen access key can use {}", listed(&open));
                    let mut finding = META.at(entry.span, message).label("allowed without MFA");
                    finding.fix = mend::unsafe_fix("require MFA", vec![mend::require_mfa(statement)]);
                    found.push(finding.help(r#"add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`"#));
                }
            }
        }
    }
}

/// The sensitive actions that an entry reaches; `wanted` replaces the list if it has any.
fn sensitive(entry: &str, wanted: &[String]) -> Vec<String> {
    let entry = action(entry);
    let mut names: Vec<String> = if wanted.is_empty() {
        let changes = |action: &catalog::Action| matches!(action.level(), Level::Write | Level::Permissions);
        let services = WHOLE.iter().filter_map(|service| catalog::service(service));
        let whole =
            services.flat_map(catalog::Service::actions).filter(changes).map(|action| action.to_string());
        let listed = SENSITIVE.iter().map(|name| (*name).to_owned());
        listed.chain(whole).filter(|name| !STANDARD.contains(&name.as_str())).collect()
    } else {
        wanted.iter().flat_map(|pattern| catalog::expand(pattern)).map(|action| action.to_string()).collect()
    };
    names.retain(|name| entry.includes(&action(name)));
    names.sort_unstable();
    names.dedup();
    names
}

/// Services whose every change is sensitive.
const WHOLE: [&str; 2] = ["iam", "organizations"];

/// Actions of other services: those that raise rights, switch security off, or destroy.
const SENSITIVE: &[&str] = &[
    "access-analyzer:DeleteAnalyzer",
    "backup:DeleteRecoveryPoint",
    "cloudformation:CreateStack",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "codebuild:CreateProject",
    "codebuild:StartBuild",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:StopConfigurationRecorder",
    "datapipeline:CreatePipeline",
    "datapipeline:PutPipelineDefinition",
    "dynamodb:DeleteTable",
    "ec2:RunInstances",
    "ec2:TerminateInstances",
    "ecs:RegisterTaskDefinition",
    "ecs:RunTask",
    "glue:CreateDevEndpoint",
    "glue:CreateJob",
    "glue:StartJobRun",
    "glue:UpdateDevEndpoint",
    "guardduty:DeleteDetector",
    "guardduty:DisassociateFromAdministratorAccount",
    "guardduty:UpdateDetector",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "lambda:AddPermission",
    "lambda:CreateEventSourceMapping",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "logs:DeleteLogGroup",
    "rds:DeleteDBCluster",
    "rds:DeleteDBInstance",
    "s3:DeleteBucket",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutBucketPolicy",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "securityhub:DisableSecurityHub",
    "ssm:StartAutomationExecution",
    "sts:AssumeRole",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&SensitiveWithoutMfa), @r#"
        M490 a stolen access key can use `kms:ScheduleKeyDeletion`
          "Effect": "Allow", "Action": "kms:ScheduleKeyDeletion",
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^ allowed without MFA
        help: add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`
        "#);
    }

    #[test]
    fn the_actions_of_the_list_exist() {
        let known =
            |name: &&str| catalog::action(name).map(|known| known.to_string()).as_deref() == Some(*name);
        let gone: Vec<_> = SENSITIVE.iter().filter(|name| !known(name)).collect();
        assert!(gone.is_empty(), "{gone:?}");
    }

    #[test]
    fn a_list_of_ones_own_replaces_it() {
        assert_eq!(sensitive("s3:*", &["s3:GetObject".to_owned()]), ["s3:GetObject"]);
        assert!(sensitive("kms:*", &["s3:GetObject".to_owned()]).is_empty());
        assert!(sensitive("iam:*MFA*", &[]).contains(&"iam:DeactivateMFADevice".to_owned()));
        assert!(!sensitive("iam:*MFA*", &[]).contains(&"iam:EnableMFADevice".to_owned()));
    }
}
