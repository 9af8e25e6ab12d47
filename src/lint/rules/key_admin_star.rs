//! S328: power over every key.

use crate::lint::grants::{GRANTING, Width};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::services::ActionList;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct KeyAdminStar;

/// Actions that change who may use a key, or destroy it.
static ACTIONS: ActionList =
    ActionList::new(&["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DeleteImportedKeyMaterial"]);

static META: Meta = Meta {
    code: "S328",
    name: "key-admin-star",
    severity: Severity::Warning,
    security: Some(6.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`kms:*`, or a key's policy or deletion, is allowed on every key",
    explanation: "\
Who writes the policy of a key decides who reads what it encrypts, and who deletes it destroys \
all of that for good. Keep administration and use of keys apart, and limit it to the keys it is \
about.",
    elsewhere: "prowler iam_policy_no_full_access_to_kms; Security Hub KMS.1",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "kms:*", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*"}}"#,
    ),
};

impl Rule for KeyAdminStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted(&ACTIONS, Width::Everywhere) {
            let message = format!("this rules over every key, by {}", listed(&granted.actions));
            found.push(META.at(granted.entry.span, message).help("name the keys"));
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
        insta::assert_snapshot!(show(&KeyAdminStar), @r#"
        S328 this rules over every key, by `kms:PutKeyPolicy`, `kms:ScheduleKeyDeletion` and `kms:DeleteImportedKeyMaterial`
          "Effect": "Allow", "Action": "kms:*", "Resource": "*"}}
                                       ^^^^^^^
        help: name the keys
        "#);
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for action in ACTIONS.actions {
            assert!(catalog::action(action).is_some(), "{action}");
        }
    }
}
