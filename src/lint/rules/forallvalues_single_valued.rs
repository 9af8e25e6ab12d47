//! S321: `ForAllValues:` on a key with one value.

use crate::lint::edit::rename_operator;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Comparison, Operator, SetPrefix};
use crate::source::Severity;

pub(super) struct ForallvaluesSingleValued;

static META: Meta = Meta {
    code: "S321",
    name: "forallvalues-single-valued",
    severity: Severity::Error,
    security: Some(8.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`ForAllValues:` stands before a key that never has more than one value",
    explanation: "\
`ForAllValues` is true when the key is missing: all of no values match. On a key with one value it \
adds nothing but that, so an `Allow` with it also grants to requests that do not carry the key, and \
a `Deny` also hits them.",
    elsewhere: "Access Analyzer FORALLVALUES_WITH_SINGLE_VALUED_KEY; parliament SINGLE_VALUE_CONDITION_TOO_PERMISSIVE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for ForallvaluesSingleValued {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let single = test.global_key().is_some_and(|key| !key.multivalued);
            let operator = test.operator();
            if single
                && operator.set == Some(SetPrefix::ForAllValues)
                && test.comparison() != Comparison::Null
            {
                let message =
                    format!("`{}` has one value, and `ForAllValues:` is true without it", test.key());
                let plain = Operator { set: None, ..operator };
                let finding =
                    META.at(test.block.operator.span, message).label("true when the key is missing");
                let mut finding = finding.help(format!("write `{plain}`")).about(&test);
                finding.fix = rename_operator(&test, plain, false);
                found.push(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_011_points_at_the_operator() {
        insta::assert_snapshot!(show(&ForallvaluesSingleValued), @r#"
        S321 `aws:PrincipalOrgID` has one value, and `ForAllValues:` is true without it
          "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ true when the key is missing
        help: write `StringEquals`
        "#);
    }
}
