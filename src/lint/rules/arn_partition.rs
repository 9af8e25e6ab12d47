//! E122: an ARN in a partition that does not exist.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{arn_fields, has_variable, has_wildcard};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ArnPartition;

static META: Meta = Meta {
    code: "E122",
    name: "arn-partition",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN names an unknown partition",
    explanation: "\
The second field of an ARN is the partition: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc` or one of \
`aws-iso…`. No resource lies in another one, so the entry matches nothing.",
    elsewhere: "Access Analyzer INVALID_PARTITION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:awss:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ArnPartition {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            if let [first, partition, ..] = *arn_fields(resource.text)
                && first == "arn"
                && !is_partition(partition)
            {
                let message = format!("no partition is called `{partition}`");
                found.push(
                    META.at(resource.span, message)
                        .label("matches nothing")
                        .help("most ARNs begin with `arn:aws:`"),
                );
            }
        }
    }
}

fn is_partition(field: &str) -> bool {
    let known = matches!(field, "aws" | "aws-cn" | "aws-us-gov" | "aws-eusc") || field.starts_with("aws-iso");
    known || has_wildcard(field) || has_variable(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_entry() {
        insta::assert_snapshot!(show(&ArnPartition), @r#"
        E122 no partition is called `awss`
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:awss:s3:::amzn-s3-demo-bucket/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        help: most ARNs begin with `arn:aws:`
        "#);
    }
}
