//! S315: changes to everything.

use crate::catalog::Level;
use crate::lint::grants::{GRANTING, is_narrowed};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct WriteWithoutConstraint;

static META: Meta = Meta {
    code: "S315",
    name: "write-without-constraint",
    severity: Severity::Info,
    security: Some(3.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "an action that writes and takes resources is allowed on every resource",
    explanation: "\
The action could be limited to things of chosen names, and is not. That is more than most \
holders need; where it is not, it is more than they should risk.",
    elsewhere: "parliament RESOURCE_STAR; checkov CKV_AWS_111/290/355",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"}}"#,
    ),
};

impl Rule for WriteWithoutConstraint {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for granted in subject.granted_of_level(Level::Write) {
            if is_narrowed(granted.statement) {
                continue;
            }
            let names: Vec<_> = granted.actions.iter().map(ToString::to_string).collect();
            let message = format!("{} could be limited to chosen resources", listed(&names));
            found.push(META.at(granted.entry.span, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&WriteWithoutConstraint), @r#"
        S315 `sqs:SendMessage` could be limited to chosen resources
          "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^
        "#);
    }
}
