//! S303: an `Allow` of all but some actions.

use crate::lint::grants::GRANTING;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct NotactionAllow;

static META: Meta = Meta {
    code: "S303",
    name: "notaction-allow",
    severity: Severity::Warning,
    security: Some(7.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` with `NotAction`",
    explanation: "\
`NotAction` grants whatever is not listed: also the services that nobody here has heard of, and \
each new one on the day that AWS opens it. It is meant for `Deny`. List what is allowed, or \
allow more and take back with a `Deny`.",
    elsewhere: "iam-policy-validator not_action_allow",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for NotactionAllow {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| statement.action.negated) {
            let finding =
                META.at(statement.action.name_span.0, "this allows every action that is not listed");
            found.push(
                finding.label("services to come included").help("list the allowed actions under `Action`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_element() {
        insta::assert_snapshot!(show(&NotactionAllow), @r#"
        S303 this allows every action that is not listed
          "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}
                             ^^^^^^^^^^^ services to come included
        help: list the allowed actions under `Action`
        "#);
    }
}
