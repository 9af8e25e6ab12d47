//! S308: any role for any service.

use crate::lint::grants::{GRANTING, PASS_ROLE, Width, entry_for, is_passed_to_some, touches};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct PassRoleStar;

static META: Meta = Meta {
    code: "S308",
    name: "pass-role-star",
    severity: Severity::Error,
    security: Some(8.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`iam:PassRole` on every role and to every service",
    explanation: "\
Who may pass any role to any service has the rights of every role of the account: start an \
instance with the role of an administrator and use it from there. Name the roles, and say with \
`iam:PassedToService` which service may get them.",
    elsewhere: "Access Analyzer PASS_ROLE_WITH_* (6 checks)",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app",
  "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}}"#,
    ),
};

impl Rule for PassRoleStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| touches(statement, PASS_ROLE)) {
            let on_all = subject.is_on_all(statement, PASS_ROLE, Width::Everywhere);
            if !on_all || is_passed_to_some(statement) || subject.takes_back(PASS_ROLE) {
                continue;
            }
            let place =
                entry_for(statement, PASS_ROLE).map_or(statement.action.name_span.0, |entry| entry.span);
            let finding = META.at(place, "this lets its holder pass every role to every service");
            found.push(
                finding
                    .label("the rights of all roles")
                    .help("name the roles, and add a condition on `iam:PassedToService`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&PassRoleStar), @r#"
        S308 this lets its holder pass every role to every service
          "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^ the rights of all roles
        help: name the roles, and add a condition on `iam:PassedToService`
        "#);
    }
}
