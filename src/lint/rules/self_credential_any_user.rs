//! S330: everybody's password.

use crate::lint::grants::{GRANTING, Width, is_whole_service};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct SelfCredentialAnyUser;

/// Actions that give a user another password or key. `iam:ChangePassword` is none: it takes no user, and wants the
/// old password.
static ACTIONS: ActionList =
    ActionList::new(&["iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:CreateAccessKey"]);

static META: Meta = Meta {
    code: "S330",
    name: "self-credential-any-user",
    severity: Severity::Error,
    security: Some(8.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "password or key actions are allowed on every user in place of the own one",
    explanation: "\
Meant is that users care for their own password and keys. On `user/*` each can set the password \
of every other, administrators too, and sign in as them. Write `user/${aws:username}`; \
for a role, which has no own user, the users it cares for.",
    elsewhere: "parliament PRIVILEGE_ESCALATION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:UpdateLoginProfile", "Resource": "arn:aws:iam::*:user/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:UpdateLoginProfile", "Resource": "arn:aws:iam::*:user/${aws:username}"}}"#,
    ),
};

impl Rule for SelfCredentialAnyUser {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted(&ACTIONS, Width::Account) {
            if is_whole_service(&granted.entry.value) {
                continue; // S302 has said it
            }
            let message =
                format!("this works on the password or keys of every user, by {}", listed(&granted.actions));
            let help = if subject.is_of_a_role() {
                "name the users it cares for"
            } else {
                "write `arn:aws:iam::*:user/${aws:username}`"
            };
            found.push(META.at(granted.entry.span, message).help(help));
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
        insta::assert_snapshot!(show(&SelfCredentialAnyUser), @r#"
        S330 this works on the password or keys of every user, by `iam:UpdateLoginProfile`
          "Effect": "Allow", "Action": "iam:UpdateLoginProfile", "Resource": "arn:aws:iam::*:user/*"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^
        help: write `arn:aws:iam::*:user/${aws:username}`
        "#);
    }

    #[test]
    fn a_role_is_told_what_holds_for_roles() {
        let example = Example { attached_to: Some(crate::lint::Attached::Role), ..META.bad };
        let shown = crate::lint::show_on(&SelfCredentialAnyUser, &example);
        assert!(shown.ends_with("help: name the users it cares for"), "{shown}");
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for action in ACTIONS.actions {
            assert!(catalog::action(action).is_some(), "{action}");
        }
    }
}
