//! M445: enrollment for other users, without MFA.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{free_on_others, mend};
use crate::lint::{Edit, Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaEnrolAnyUser;

static META: Meta = Meta {
    code: "M445",
    name: "mfa-enrol-any-user",
    severity: Severity::Error,
    security: Some(8.0),
    types: &[PolicyType::Identity],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "callers without MFA may enable or resynchronize devices of other users",
    explanation: "\
Together with `iam:CreateVirtualMFADevice` this hijacks any user who has no device yet: the caller \
enables a device of his own for that user, and the user's owner is locked out while the caller holds \
the second key. Enrollment belongs to the own user, `user/${aws:username}`; administrators need MFA \
for it. A role has no own user: name the users it cares for. Broad patterns such as `iam:*` are other \
findings.",
    elsewhere: "CKV_AWS_110 (generic)",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
  "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
  {"Effect": "Allow", "Action": "iam:EnableMFADevice",
   "Resource": "arn:aws:iam::*:user/${aws:username}"}]}"#,
    ),
};

impl Rule for MfaEnrolAnyUser {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for free in free_on_others(subject, &["iam:EnableMFADevice", "iam:ResyncMFADevice"]) {
            let actions = crate::lint::text::listed(&free.actions);
            if subject.is_of_a_role() {
                let message = format!("the role can use {actions} for everyone");
                let finding =
                    META.at(free.place, message).label("every user").other(free.entry, "allowed by this");
                found.push(finding.help("name the users it cares for"));
                continue;
            }
            let message = format!("callers without MFA can use {actions} for other users");
            let mut finding = META.at(free.place, message).label("more than the own user");
            let edit = free.is_star_of_users().then(|| Edit { span: free.place, text: format!("\"{OWN}\"") });
            finding.fix = mend::unsafe_fix("limit it to the own user", vec![edit]);
            found.push(finding.other(free.entry, "allowed by this").help(format!("limit it to `{OWN}`")));
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
        insta::assert_snapshot!(show(&MfaEnrolAnyUser), @r#"
        M445 callers without MFA can use `iam:EnableMFADevice` for other users
          "Resource": "*"}}
                      ^^^ more than the own user
        help: limit it to `arn:aws:iam::*:user/${aws:username}`
        "#);
    }

    #[test]
    fn the_actions_exist() {
        for action in ["iam:EnableMFADevice", "iam:ResyncMFADevice"] {
            assert!(crate::catalog::action(action).is_some());
        }
    }

    #[test]
    fn a_role_is_told_what_holds_for_roles() {
        let example = Example { attached_to: Some(crate::lint::Attached::Role), ..META.bad };
        insta::assert_snapshot!(show_on(&MfaEnrolAnyUser, &example), @r#"
        M445 the role can use `iam:EnableMFADevice` for everyone
          "Resource": "*"}}
                      ^^^ every user
        help: name the users it cares for
        "#);
    }
}
