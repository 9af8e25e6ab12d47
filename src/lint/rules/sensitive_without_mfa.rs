//! M490: dangerous actions that need no MFA.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::catalog::{self, Level};
use crate::lint::grants::names;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Names, STANDARD, Stops, Vector, action, mend};
use crate::lint::subject::tests_of;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::fold;
use crate::policy::{Effect, PolicyType, Statement};
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
are the configuration can say (`require-mfa`). Require MFA in the statement, or deny without it; \
for a role, whose sessions carry no MFA, in its trust policy.",
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
        let sensitive = sensitive(&subject.options.require_mfa);
        for statement in subject.statements().filter(|statement| statement.effect.value == Effect::Allow) {
            if statement.action.negated || Vector::of(subject.policy, statement).is_some_and(guarded) {
                continue;
            }
            let stops = Stops::over(subject, statement);
            let resources = Names::resources(statement).cells();
            let free = |name: &&String| {
                let actions = Names::only(action(name));
                resources.iter().any(|reached| !stops.guard(&actions, reached))
            };
            for entry in &statement.action.entries {
                let open: Vec<_> = reached(&entry.value, &sensitive).into_iter().filter(free).collect();
                if !open.is_empty() {
                    let message = format!("a stolen access key can use {}", listed(&open));
                    let mut finding = META.at(entry.span, message).label("allowed without MFA");
                    if subject.is_of_a_role() {
                        found.push(finding.help("require MFA in the role's trust policy"));
                        continue;
                    }
                    finding.fix = mend::unsafe_fix("require MFA", vec![mend::require_mfa(statement)])
                        .filter(|_| !is_for_services(statement));
                    found.push(finding.help(r#"add `"Bool": {"aws:MultiFactorAuthPresent": "true"}`"#));
                }
            }
        }
    }
}

/// Does a statement allow only what a service does for the caller? Such calls carry no MFA (M437), so nothing would be
/// left of it if it were required.
fn is_for_services(statement: &Statement) -> bool {
    tests_of(statement).filter(Test::wants_key).any(|test| {
        let values = test.values().iter();
        test.is_on("aws:ViaAWSService") && values.clone().any(|value| value.text.eq_ignore_ascii_case("true"))
            || fold(test.key()).starts_with("aws:calledvia")
    })
}

/// Sensitive actions; `wanted` replaces the list if it has any.
fn sensitive(wanted: &[String]) -> Cow<'static, BTreeSet<String>> {
    static USUAL: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let changes = |action: &catalog::Action| matches!(action.level(), Level::Write | Level::Permissions);
        let services = WHOLE.iter().filter_map(|service| catalog::service(service));
        let whole =
            services.flat_map(catalog::Service::actions).filter(changes).map(|action| action.to_string());
        let listed = SENSITIVE.iter().map(|name| (*name).to_owned());
        listed.chain(whole).filter(|name| !STANDARD.contains(&name.as_str())).collect()
    });
    if wanted.is_empty() {
        return Cow::Borrowed(&USUAL);
    }
    let actions = wanted.iter().flat_map(|pattern| catalog::expand(pattern));
    Cow::Owned(actions.map(|action| action.to_string()).collect())
}

/// Those that an entry reaches.
fn reached<'s>(entry: &str, sensitive: &'s BTreeSet<String>) -> Vec<&'s String> {
    sensitive.iter().filter(|name| names(entry, name)).collect()
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
    fn a_role_is_told_what_holds_for_roles() {
        let example = Example { attached_to: Some(crate::lint::Attached::Role), ..META.bad };
        let shown = crate::lint::show_on(&SensitiveWithoutMfa, &example);
        assert!(shown.ends_with("help: require MFA in the role's trust policy"), "{shown}");
    }

    #[test]
    fn what_services_do_for_a_caller_is_not_mended_by_mfa() {
        for (condition, mended) in [
            (r#""Bool": {"aws:ViaAWSService": "true"}"#, false),
            (r#""ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}"#, false),
            (r#""Bool": {"aws:ViaAWSService": "false"}"#, true),
        ] {
            let text = META.bad.text.replace("}}", &format!(r#", "Condition": {{{condition}}}}}}}"#));
            let policy = crate::policy::Policy::parse(&text).unwrap();
            let mut found = Vec::new();
            let options = crate::lint::Options::new(PolicyType::Identity);
            SensitiveWithoutMfa.check(&Subject::new(&policy, &options), &mut found);
            assert_eq!(found[0].fix.is_some(), mended, "{condition}");
        }
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
        let of = |entry: &str, wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|&pattern| pattern.to_owned()).collect();
            reached(entry, &sensitive(&wanted)).into_iter().cloned().collect::<Vec<_>>()
        };
        assert_eq!(of("s3:*", &["s3:GetObject"]), ["s3:GetObject"]);
        assert!(of("kms:*", &["s3:GetObject"]).is_empty());
        assert!(of("iam:*MFA*", &[]).contains(&"iam:DeactivateMFADevice".to_owned()));
        assert!(!of("iam:*MFA*", &[]).contains(&"iam:EnableMFADevice".to_owned()));
    }
}
