//! M446: the removal of other users' devices, without MFA.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{free_on_others, mend};
use crate::lint::{Edit, Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaRemoveAnyUser;

static META: Meta = Meta {
    code: "M446",
    name: "mfa-remove-any-user",
    severity: Severity::Error,
    security: Some(8.5),
    types: &[PolicyType::Identity],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "callers without MFA may take away or delete devices of other users",
    explanation: "\
Whoever holds the access key or password of the caller takes away the MFA of any user; a stolen \
password of that user then works alone. The removal belongs to the own user and needs MFA. A role has \
no own user, and its sessions carry no MFA: name the users it cares for, and require MFA in its trust \
policy.",
    elsewhere: "prowler privilege escalation (generic)",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:DeactivateMFADevice", "Resource": "arn:aws:iam::*:user/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:DeactivateMFADevice",
  "Resource": "arn:aws:iam::*:user/${aws:username}",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaRemoveAnyUser {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for free in free_on_others(subject, &["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"]) {
            let actions = crate::lint::text::listed(&free.actions);
            if subject.is_of_a_role() {
                let message = format!("the role can use {actions} on devices of everyone");
                let finding =
                    META.at(free.place, message).label("every user").other(free.entry, "allowed by this");
                found.push(
                    finding.help("name the users it cares for, and require MFA in the role's trust policy"),
                );
                continue;
            }
            let message = format!("callers without MFA can use {actions} on devices of other users");
            let mut finding = META.at(free.place, message).label("more than the own user");
            let edit = free.is_star_of_users().then(|| Edit { span: free.place, text: format!("\"{OWN}\"") });
            let edits = vec![edit, mend::require_mfa(free.statement)];
            finding.fix = mend::unsafe_fix("limit it to the own user and require MFA", edits);
            let help = format!("limit it to `{OWN}` and require MFA");
            found.push(finding.other(free.entry, "allowed by this").help(help));
        }
    }
}

const OWN: &str = "arn:aws:iam::*:user/${aws:username}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaRemoveAnyUser), @r#"
        M446 callers without MFA can use `iam:DeactivateMFADevice` on devices of other users
          "Effect": "Allow", "Action": "iam:DeactivateMFADevice", "Resource": "arn:aws:iam::*:user/*"}}
                                                                              ^^^^^^^^^^^^^^^^^^^^^^^ more than the own user
        help: limit it to `arn:aws:iam::*:user/${aws:username}` and require MFA
        "#);
    }

    #[test]
    fn a_role_is_told_what_holds_for_roles() {
        let example = Example { attached_to: Some(crate::lint::Attached::Role), ..META.bad };
        insta::assert_snapshot!(show_on(&MfaRemoveAnyUser, &example), @r#"
        M446 the role can use `iam:DeactivateMFADevice` on devices of everyone
          "Effect": "Allow", "Action": "iam:DeactivateMFADevice", "Resource": "arn:aws:iam::*:user/*"}}
                                                                              ^^^^^^^^^^^^^^^^^^^^^^^ every user
        help: name the users it cares for, and require MFA in the role's trust policy
        "#);
        let named = Example::role(
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:DeactivateMFADevice",
              "Resource": "arn:aws:iam::*:user/team/*"}}"#,
        );
        assert_eq!(show_on(&MfaRemoveAnyUser, &named), "");
    }

    #[test]
    fn the_actions_exist() {
        for action in ["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"] {
            assert!(crate::catalog::action(action).is_some());
        }
    }
}
