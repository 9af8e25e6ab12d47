//! S327: power to put out the lights.

use crate::lint::grants::{GRANTING, Width};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct SecurityServiceOff;

/// Actions that stop or delete logs and detection.
static ACTIONS: ActionList = ActionList::new(&[
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
    "guardduty:DeleteDetector",
    "guardduty:UpdateDetector",
    "guardduty:DisassociateFromAdministratorAccount",
    "config:DeleteConfigurationRecorder",
    "config:StopConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "securityhub:DisableSecurityHub",
    "access-analyzer:DeleteAnalyzer",
    "logs:DeleteLogGroup",
]);

static META: Meta = Meta {
    code: "S327",
    name: "security-service-off",
    severity: Severity::Warning,
    security: Some(6.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "stopping or deleting logs or detection is allowed on every resource",
    explanation: "\
Who can stop the trail or delete the detector can do the rest unseen. Leave these actions to a \
role of their own, or deny them to all others in a service control policy.",
    elsewhere: "prowler iam_policy_no_full_access_to_cloudtrail",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "cloudtrail:LookupEvents", "Resource": "*"}}"#,
    ),
};

impl Rule for SecurityServiceOff {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted(&ACTIONS, Width::Everywhere) {
            let message = format!("this can blind those who watch, by {}", listed(&granted.actions));
            found.push(META.at(granted.entry.span, message).help("leave it to a role of its own"));
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
        insta::assert_snapshot!(show(&SecurityServiceOff), @r#"
        S327 this can blind those who watch, by `cloudtrail:StopLogging`
          "Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^
        help: leave it to a role of its own
        "#);
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for action in ACTIONS.actions {
            assert!(catalog::action(action).is_some(), "{action}");
        }
    }
}
