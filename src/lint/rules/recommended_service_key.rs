//! I514: one half of what a service says of its errand.

use crate::lint::callers::{SOURCE_ARN, SOURCE_OWNER, asks_for, services};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct RecommendedServiceKey;

static META: Meta = Meta {
    code: "I514",
    name: "recommended-service-key",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "a service is held to one of two keys that AWS advises",
    explanation: "\
The ARN says for which thing a service calls, the account or organization whose it is. AWS \
advises to ask for both: some ARNs have no account, and things can be made anew under another \
owner.",
    elsewhere: "Access Analyzer RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    bad: Example::resource(
        "sns",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish",
  "Resource": "arn:aws:sns:eu-west-1:111122223333:topic",
  "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}}"#,
    ),
    good: Example::resource(
        "sns",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish",
  "Resource": "arn:aws:sns:eu-west-1:111122223333:topic",
  "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"},
    "ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"}}}}"#,
    ),
};

impl Rule for RecommendedServiceKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows() {
            let (arn, owner) = (asks_for(statement, SOURCE_ARN), asks_for(statement, SOURCE_OWNER));
            if arn == owner {
                continue; // S318 speaks of neither
            }
            let missing = if arn { "aws:SourceAccount" } else { "aws:SourceArn" };
            for service in services(statement) {
                let message = format!("AWS advises to ask `{}` for `{missing}` too", service.value);
                found.push(META.at(service.span, message));
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
        insta::assert_snapshot!(show(&RecommendedServiceKey), @r#"
        I514 AWS advises to ask `s3.amazonaws.com` for `aws:SourceArn` too
          "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish",
                                                      ^^^^^^^^^^^^^^^^^^
        "#);
    }
}
