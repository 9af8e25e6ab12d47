//! S325: any role, to be taken.

use crate::lint::grants::{GRANTING, Width};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct AssumeRoleStar;

/// The action that takes a role.
static ACTIONS: ActionList = ActionList::new(&["sts:AssumeRole"]);

static META: Meta = Meta {
    code: "S325",
    name: "assume-role-star",
    severity: Severity::Warning,
    security: Some(7.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`sts:AssumeRole` is allowed on every role",
    explanation: "\
The holder may take every role that trusts its account, in this account and in others; the trust \
policies of all of them are then all that stands between. Name the roles, or a path or prefix \
that they share.",
    elsewhere: "prowler iam_no_custom_policy_permissive_role_assumption",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::111122223333:role/app"}}"#,
    ),
};

impl Rule for AssumeRoleStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted(&ACTIONS, Width::Everywhere) {
            let message = format!(
                "this lets its holder take every role that trusts it, by {}",
                listed(&granted.actions)
            );
            found.push(META.at(granted.entry.span, message).help("name the roles"));
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
        insta::assert_snapshot!(show(&AssumeRoleStar), @r#"
        S325 this lets its holder take every role that trusts it, by `sts:AssumeRole`
          "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^
        help: name the roles
        "#);
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for action in ACTIONS.actions {
            assert!(catalog::action(action).is_some(), "{action}");
        }
    }
}
