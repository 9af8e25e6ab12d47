//! E162: a key that calls by services never have.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::policy::{Comparison, PrincipalValue, Statement};
use crate::source::Severity;

pub(super) struct ServicePrincipalKey;

static META: Meta = Meta {
    code: "E162",
    name: "service-principal-key",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "only services are trusted, under a condition on a key that their calls do not have",
    explanation: "\
A service that calls as itself belongs to no organization and has no tags, no user name and no MFA. A \
test of such a key is never met, or with a negated operator always. Use `aws:SourceAccount`, \
`aws:SourceArn` or `aws:SourceOrgID`, which say for whom the service calls.",
    elsewhere: "Access Analyzer UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    bad: Example::resource(
        "sns",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"},
  "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:111122223333:alarms",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
    good: Example::resource(
        "sns",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"},
  "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:111122223333:alarms",
  "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}}"#,
    ),
};

impl Rule for ServicePrincipalKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| only_services(test.statement)) {
            let never = test.global_key().is_some_and(|key| NEVER.contains(&key.name));
            let asks = !test.operator().if_exists && test.comparison() != Comparison::Null;
            if never && asks {
                let message = format!("calls by services never have `{}`", test.key());
                let help =
                    "`aws:SourceAccount`, `aws:SourceArn` and `aws:SourceOrgID` say for whom a service calls";
                let finding = META.at(test.test.key.span, message).label("always missing").help(help);
                found.push(finding.about(&test));
            }
        }
    }
}

/// Keys that say something of a user, a session or their organization.
const NEVER: [&str; 9] = [
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/",
    "aws:username",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:TokenIssueTime",
    "aws:FederatedProvider",
    "aws:SourceIdentity",
];

fn only_services(statement: &Statement) -> bool {
    let Some(part) = statement.principal.as_ref().filter(|part| !part.negated) else { return false };
    match &part.value {
        PrincipalValue::Map(groups) => {
            !groups.is_empty() && groups.iter().all(|group| group.kind.value == "Service")
        }
        PrincipalValue::Text(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&ServicePrincipalKey), @r#"
        E162 calls by services never have `aws:PrincipalOrgID`
          "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}
                                         ^^^^^^^^^^^^^^^^^^^^ always missing
        help: `aws:SourceAccount`, `aws:SourceArn` and `aws:SourceOrgID` say for whom a service calls
        "#);
    }
}
