//! I506: an action that another entry covers.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, cover, redundant};
use crate::source::Severity;

pub(super) struct RedundantAction;

static META: Meta = Meta {
    code: "I506",
    name: "redundant-action",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "an action is covered by another entry of the same list",
    explanation: "\
The entry adds nothing, and whoever takes it out later believes to have taken something away. \
The fix drops it.",
    elsewhere: "Access Analyzer REDUNDANT_ACTION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for RedundantAction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            redundant::entries(&META, &statement.action.entries, cover::action, true, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_narrow_one() {
        insta::assert_snapshot!(show(&RedundantAction), @r#"
        I506 `s3:GetObject` is covered by `s3:Get*`
          "Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                                   ^^^^^^^^^^^^^^
        "#);
    }
}
