//! I524: a template for one partition only.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::whole_arn;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct HardCodedPartition;

static META: Meta = Meta {
    code: "I524",
    name: "hard-coded-partition",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Identity],
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "a template writes `arn:aws:` where the partition could be filled in",
    explanation: "\
In the regions of China and of the US government ARNs begin otherwise, and a template with \
`arn:aws:` grants nothing there. CloudFormation fills in `AWS::Partition`, Terraform the data \
source `aws_partition`.",
    elsewhere: "",
    bad: Example::template(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for HardCodedPartition {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if !subject.options.template {
            return;
        }
        for entry in subject.resources() {
            if whole_arn(entry.text).is_some_and(|[_, partition, ..]| partition == "aws") {
                let finding = META.at(entry.span, "this names nothing in other partitions than `aws`");
                found.push(finding.help("let the template fill in the partition"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_resource() {
        insta::assert_snapshot!(show(&HardCodedPartition), @r#"
        I524 this names nothing in other partitions than `aws`
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: let the template fill in the partition
        "#);
    }
}
