//! S301: everything on everything.

use crate::lint::grants::{GRANTING, every_action};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct AdminStar;

static META: Meta = Meta {
    code: "S301",
    name: "admin-star",
    severity: Severity::Error,
    security: Some(9.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` of every action on every resource",
    explanation: "\
Whoever has it can do all that the account can, now and with every service to come; one leaked \
key is the whole account. Conditions do not change what is granted, only to whom. Administrators \
are better served by roles that they take up for the occasion; everybody else by the actions \
they need.",
    elsewhere: "CIS 2.14; Security Hub IAM.1; checkov CKV_AWS_62; prowler iam_*_no_administrative_privileges",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for AdminStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| subject.is_admin(statement)) {
            let Some(entry) = every_action(statement) else { continue };
            let finding = META.at(entry.span, "this allows every action on every resource");
            found.push(finding.label("administrator access").help("name the actions that are needed"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&AdminStar), @r#"
        S301 this allows every action on every resource
          "Effect": "Allow", "Action": "*", "Resource": "*"}}
                                       ^^^ administrator access
        help: name the actions that are needed
        "#);
    }
}
