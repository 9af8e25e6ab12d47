//! S318: a service that may be sent by anybody.

use crate::lint::callers::{Narrowing, SOURCE_ARN, SOURCE_OWNER, asks_for, narrowing, services};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct ConfusedDeputy;

/// Services that say for which resource they assume a role, according to their pages on the confused deputy.
const GIVE_SOURCES_TO_STS: &[&str] = &[
    "airflow-env.amazonaws.com",
    "airflow.amazonaws.com",
    "apigateway.amazonaws.com",
    "appflow.amazonaws.com",
    "appstream.amazonaws.com",
    "autoscaling.amazonaws.com",
    "bedrock.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "codedeploy.amazonaws.com",
    "comprehend.amazonaws.com",
    "config.amazonaws.com",
    "datasync.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "firehose.amazonaws.com",
    "forecast.amazonaws.com",
    "frauddetector.amazonaws.com",
    "gameliftstreams.amazonaws.com",
    "glue.amazonaws.com",
    "greengrass.amazonaws.com",
    "iot.amazonaws.com",
    "kendra.amazonaws.com",
    "kinesisanalytics.amazonaws.com",
    "lexv2.amazonaws.com",
    "logs.amazonaws.com",
    "lookoutmetrics.amazonaws.com",
    "omics.amazonaws.com",
    "personalize.amazonaws.com",
    "pipes.amazonaws.com",
    "rekognition.amazonaws.com",
    "sagemaker.amazonaws.com",
    "scheduler.amazonaws.com",
    "ssm-incidents.amazonaws.com",
    "ssm.amazonaws.com",
    "states.amazonaws.com",
    "textract.amazonaws.com",
    "transcribe.amazonaws.com",
    "transfer.amazonaws.com",
    "translate.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
];

static META: Meta = Meta {
    code: "S318",
    name: "confused-deputy",
    severity: Severity::Warning,
    security: Some(5.5),
    types: &[PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a service is allowed without saying for which account or resource it may call",
    explanation: "\
A service calls for all its customers. If a policy lets `s3.amazonaws.com` in without more, the \
bucket of a stranger can send the service here: the confused deputy. Say with \
`aws:SourceAccount`, `aws:SourceArn`, `aws:SourceOrgID` or `aws:SourceOrgPaths` on whose behalf \
it may call. In trust policies the rule speaks of those services only that are known to give the \
keys when they assume a role.",
    elsewhere: "Access Analyzer RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL; prowler iam_role_cross_service_confused_deputy_prevention",
    bad: Example::resource(
        "sns",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish",
  "Resource": "arn:aws:sns:eu-west-1:111122223333:topic"}}"#,
    ),
    good: Example::resource(
        "sns",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish",
  "Resource": "arn:aws:sns:eu-west-1:111122223333:topic",
  "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}}"#,
    ),
};

impl Rule for ConfusedDeputy {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let gives =
            |service: &str| subject.kind() != PolicyType::Trust || GIVE_SOURCES_TO_STS.contains(&service);
        for statement in subject.allows() {
            let says = asks_for(statement, SOURCE_ARN) || asks_for(statement, SOURCE_OWNER);
            // S329 knows better what goes with an external id.
            let other = asks_for(statement, &["sts:ExternalId"]) || narrowing(statement) == Narrowing::Strong;
            for service in services(statement).filter(|service| !says && !other && gives(&service.value)) {
                let message = format!("`{}` may call for anybody's resources", service.value);
                let finding = META.at(service.span, message).label("on whose behalf?");
                found.push(finding.help("add a condition on `aws:SourceAccount` or `aws:SourceArn`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_service() {
        insta::assert_snapshot!(show(&ConfusedDeputy), @r#"
        S318 `s3.amazonaws.com` may call for anybody's resources
          "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish",
                                                      ^^^^^^^^^^^^^^^^^^ on whose behalf?
        help: add a condition on `aws:SourceAccount` or `aws:SourceArn`
        "#);
    }
}
