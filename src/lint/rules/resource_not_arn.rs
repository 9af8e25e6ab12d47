//! E120: a resource that is no ARN.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ResourceNotArn;

static META: Meta = Meta {
    code: "E120",
    name: "resource-not-arn",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an entry of `Resource` is neither `*` nor an ARN",
    explanation: "\
A resource is named by its ARN, which begins with `arn:`, or by `*`. A bucket's or a queue's bare \
name matches nothing.",
    elsewhere: "Access Analyzer INVALID_ARN_PREFIX; parliament INVALID_ARN",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ResourceNotArn {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            if resource.text != "*" && !resource.text.starts_with("arn:") {
                let message = format!("`{}` is no ARN and matches nothing", resource.text);
                found.push(META.at(resource.span, message).label("an ARN begins with `arn:`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn re_003_points_at_the_bare_name() {
        insta::assert_snapshot!(show(&ResourceNotArn), @r#"
        E120 `amzn-s3-demo-bucket/*` is no ARN and matches nothing
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "amzn-s3-demo-bucket/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^ an ARN begins with `arn:`
        "#);
    }
}
