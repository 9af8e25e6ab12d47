//! W223: service-linked roles of any service.

use super::effectively_star::is_effectively_star;
use crate::lint::cover;
use crate::lint::meta::{Example, FixKind, GRANTING, Meta};
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Effect;
use crate::source::Severity;

pub(super) struct ServiceLinkedRoleStar;

static META: Meta = Meta {
    code: "W223",
    name: "service-linked-role-star",
    severity: Severity::Warning,
    security: None,
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`iam:CreateServiceLinkedRole` is allowed for every service",
    explanation: "\
A service-linked role gives a service the permissions that AWS thinks it needs. Say for which services \
such roles may be made: by their path in `Resource`, or by `iam:AWSServiceName`.",
    elsewhere: "Access Analyzer CREATE_SLR_WITH_* (six checks)",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole",
  "Resource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*",
  "Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}}}"#,
    ),
};

impl Rule for ServiceLinkedRoleStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements().filter(|statement| statement.effect.value == Effect::Allow) {
            let names = statement.action.entries.iter();
            let named = names.clone().find(|entry| cover::action(&entry.value, ACTION));
            if named.is_some() == statement.action.negated
                || tests_of(statement).any(|test| test.is_on("iam:AWSServiceName"))
            {
                continue;
            }
            let everywhere = statement.resource.as_ref().is_some_and(|part| {
                // `NotResource` leaves all other services.
                part.negated && !part.entries.iter().any(|entry| cover::resource(&entry.value, ROLES))
                    || !part.negated && part.entries.iter().any(|entry| is_effectively_star(&entry.value))
            });
            if everywhere {
                let span = named.map_or(statement.action.name_span.0, |entry| entry.span);
                let message = "allows `iam:CreateServiceLinkedRole` for every service";
                let help = "name the services in a condition on `iam:AWSServiceName`";
                found.push(META.at(span, message).help(help));
            }
        }
    }
}

const ACTION: &str = "iam:CreateServiceLinkedRole";
const ROLES: &str = "arn:aws:iam::*:role/aws-service-role/*";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&ServiceLinkedRoleStar), @r#"
        W223 allows `iam:CreateServiceLinkedRole` for every service
          "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: name the services in a condition on `iam:AWSServiceName`
        "#);
    }
}
