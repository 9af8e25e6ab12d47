//! I507: a resource that another entry covers.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, cover, redundant};
use crate::source::Severity;

pub(super) struct RedundantResource;

static META: Meta = Meta {
    code: "I507",
    name: "redundant-resource",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a resource is covered by another entry of the same list",
    explanation: "\
The entry adds nothing, and whoever takes it out later believes to have taken something away. \
The fix drops it.",
    elsewhere: "Access Analyzer REDUNDANT_RESOURCE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": [
    "arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket/a/*"]}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for RedundantResource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.statements().filter_map(|statement| statement.resource.as_ref()) {
            redundant::entries(&META, &part.entries, cover::resource, false, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_narrow_one() {
        insta::assert_snapshot!(show(&RedundantResource), @r#"
        I507 `arn:aws:s3:::amzn-s3-demo-bucket/a/*` is covered by `arn:aws:s3:::amzn-s3-demo-bucket/*`
            "arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket/a/*"]}}
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        "#);
    }
}
