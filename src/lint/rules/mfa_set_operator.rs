//! M407: a set operator on an MFA key.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::is_on_mfa_key;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Operator, SetPrefix};
use crate::source::Severity;

pub(super) struct MfaSetOperator;

static META: Meta = Meta {
    code: "M407",
    name: "mfa-set-operator",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`ForAllValues:` or `ForAnyValue:` stands before an MFA key",
    explanation: "\
The MFA keys have one value or are missing. `ForAllValues` is true when the key is missing, so an \
`Allow` with it admits long-term access keys, which carry no MFA key; `ForAnyValue` only makes the \
test harder to read.",
    elsewhere: "Access Analyzer FORALLVALUES_WITH_SINGLE_VALUED_KEY; parliament SINGLE_VALUE_CONDITION_TOO_PERMISSIVE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"ForAllValues:Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaSetOperator {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(is_on_mfa_key) {
            let operator = test.operator();
            let label = match operator.set {
                Some(SetPrefix::ForAllValues) => "true when the key is missing",
                Some(SetPrefix::ForAnyValue) => "says no more than without it",
                None => continue,
            };
            let plain = Operator { set: None, ..operator };
            let message = format!("`{}` has one value and takes no set operator", test.key());
            let finding = META.at(test.block.operator.span, message).label(label).about(&test);
            found.push(finding.help(format!("write `{plain}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_operator() {
        insta::assert_snapshot!(show(&MfaSetOperator), @r#"
        M407 `aws:MultiFactorAuthPresent` has one value and takes no set operator
          "Condition": {"ForAllValues:Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                        ^^^^^^^^^^^^^^^^^^^ true when the key is missing
        help: write `Bool`
        "#);
    }
}
