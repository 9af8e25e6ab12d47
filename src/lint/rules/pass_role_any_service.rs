//! S309: a role for any service.

use crate::lint::grants::{GRANTING, PASS_ROLE, Width, entry_for, every_action, is_passed_to_some, may_name};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct PassRoleAnyService;

static META: Meta = Meta {
    code: "S309",
    name: "pass-role-any-service",
    severity: Severity::Warning,
    security: Some(5.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`iam:PassRole` without a condition on `iam:PassedToService`",
    explanation: "\
A role is made for one service. Without the condition it can be passed to whichever service its \
trust policy admits, among them such as run what the caller gives them.",
    elsewhere: "iam-policy-validator action_condition_enforcement",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app",
  "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}}"#,
    ),
};

impl Rule for PassRoleAnyService {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| every_action(statement).is_none()) {
            let Some(entry) = entry_for(statement, PASS_ROLE).filter(|_| !statement.action.negated) else {
                continue;
            };
            let resource = statement.resource.as_ref().filter(|part| !part.negated);
            let on_roles = resource.is_some_and(|part| {
                part.entries.iter().any(|resource| may_name(&resource.value, "iam", "role/"))
            });
            // S308 says more about all roles.
            let on_all = subject.is_on_all(statement, PASS_ROLE, Width::Everywhere);
            if on_roles && !on_all && !is_passed_to_some(statement) && !subject.takes_back(PASS_ROLE) {
                let finding = META.at(entry.span, "this lets its holder pass the role to any service");
                found.push(finding.help("add a condition on `iam:PassedToService`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&PassRoleAnyService), @r#"
        S309 this lets its holder pass the role to any service
          "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}}
                                       ^^^^^^^^^^^^^^
        help: add a condition on `iam:PassedToService`
        "#);
    }
}
