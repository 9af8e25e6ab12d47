//! M426: an age of MFA compared for equality.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::mend;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::{Base, Comparison, Operator, Order};
use crate::request::MFA_AGE;
use crate::source::Severity;

pub(super) struct AgeEquals;

static META: Meta = Meta {
    code: "M426",
    name: "age-equals",
    severity: Severity::Warning,
    security: Some(5.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`NumericEquals` or `NumericNotEquals` stands on the age of MFA",
    explanation: "\
The age grows by one every second. Equality holds during a single second of a session, so an `Allow` \
practically never grants and a `Deny` practically never fires. Use `NumericLessThanEquals` or \
`NumericGreaterThan`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericEquals": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for AgeEquals {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let equal = |test: &Test<'_>| test.comparison() == Comparison::Numeric(Order::Equals);
        for test in subject.tests().filter(|test| test.is_on(MFA_AGE)).filter(equal) {
            let message = format!("`{}` tells one second of a session from all others", test.block.written);
            let mut finding =
                META.at(test.block.operator.span, message).label("one single second").about(&test);
            if !test.operator().base.negated {
                let comparison = Comparison::Numeric(Order::LessThanEquals);
                let operator = Operator { base: Base { comparison, negated: false }, ..test.operator() };
                let title = format!("write `{operator}`");
                finding.fix = mend::unsafe_fix(title, vec![mend::operator(&test, operator)]);
                finding = finding.help(format!("write `{operator}` for MFA used within that time"));
            }
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AgeEquals), @r#"
        M426 `NumericEquals` tells one second of a session from all others
          "Condition": {"NumericEquals": {"aws:MultiFactorAuthAge": "3600"}}}}
                        ^^^^^^^^^^^^^^^ one single second
        help: write `NumericLessThanEquals` for MFA used within that time
        "#);
    }
}
