//! S311: power over who may do what.

use crate::catalog::Level;
use crate::lint::grants::GRANTING;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct PermissionsManagement;

static META: Meta = Meta {
    code: "S311",
    name: "permissions-management",
    severity: Severity::Warning,
    security: Some(7.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an action that manages permissions is allowed on every resource, under no condition",
    explanation: "\
Actions of the level `Permissions management` decide what others may do, and often what the \
holder may. On everything they are close to administrator access. Limit them to things of chosen \
names, or set a condition.",
    elsewhere: "parliament PERMISSIONS_MANAGEMENT_ACTIONS; checkov CKV_AWS_109/289",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "arn:aws:iam::111122223333:role/app/*"}}"#,
    ),
};

impl Rule for PermissionsManagement {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted_of_level(Level::Permissions) {
            if !granted.statement.condition.is_empty() {
                continue;
            }
            let names: Vec<_> = granted.actions.iter().map(ToString::to_string).collect();
            let message =
                format!("this lets its holder manage permissions on everything, by {}", listed(&names));
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
        insta::assert_snapshot!(show(&PermissionsManagement), @r#"
        S311 this lets its holder manage permissions on everything, by `iam:PutRolePolicy`
          "Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^
        help: limit the resources
        "#);
    }
}
