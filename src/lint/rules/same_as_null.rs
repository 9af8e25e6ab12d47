//! I512: a comparison that every value passes.

use crate::lint::grants::is_star;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::is_on_mfa_key;
use crate::lint::{Edit, Finding, Fix, Rule, Subject, Test};
use crate::policy::{Comparison, SetPrefix};
use crate::source::Severity;

pub(super) struct SameAsNull;

static META: Meta = Meta {
    code: "I512",
    name: "same-as-null",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a comparison with `*` says no more than `Null`",
    explanation: "\
Every value fits `*`, so the test only asks whether the key is there. `Null` with `false` says \
that in so many words; a negated comparison with `*` is `Null` with `true`. The fix is safe with \
`ForAnyValue:`; without, it lets in requests with several values of the key, which no plain comparison does.",
    elsewhere: "Access Analyzer EQUIVALENT_TO_NULL_FALSE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Null": {"aws:PrincipalOrgID": "false"}}}}"#,
    ),
};

impl Rule for SameAsNull {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| !is_on_mfa_key(test)) {
            let operator = test.operator();
            // With `IfExists` or `ForAllValues` it asks for nothing at all: W221.
            let asks = !operator.if_exists && operator.set != Some(SetPrefix::ForAllValues);
            let negated = operator.base.negated;
            let star = test.values().iter().find(|value| is_star(&value.text));
            let Some(star) = star.filter(|_| asks && test.comparison() == Comparison::StringLike) else {
                continue;
            };
            // A negated test of any one value is never true.
            if negated && operator.set.is_some() {
                continue;
            }
            let wanted = if negated { "true" } else { "false" };
            let finding = META.at(star.span, format!("this only asks whether `{}` is there", test.key()));
            let help = format!("write `\"Null\": {{\"{}\": \"{wanted}\"}}`", test.key());
            let mut finding = finding.help(help).about(&test);
            finding.fix = null(&test, wanted);
            found.push(finding);
        }
    }
}

fn null(test: &Test<'_>, wanted: &str) -> Option<Fix> {
    let alone = test.block.tests.len() == 1;
    let is_null = |comparison| comparison == Comparison::Null;
    let taken = test.statement.condition.iter().any(|block| is_null(block.operator.value.base.comparison));
    // CO-008: several values of a key pass no plain comparison.
    let safe = test.operator().set == Some(SetPrefix::ForAnyValue);
    let edits = vec![
        Edit { span: test.block.operator.span, text: "\"Null\"".to_owned() },
        Edit { span: test.test.span.0, text: format!("\"{wanted}\"") },
    ];
    (alone && !taken).then(|| Fix { title: "write `Null`".to_owned(), safe, edits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_star() {
        insta::assert_snapshot!(show(&SameAsNull), @r#"
        I512 this only asks whether `aws:PrincipalOrgID` is there
          "Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}}}
                                                             ^^^
        help: write `"Null": {"aws:PrincipalOrgID": "false"}`
        "#);
    }
}
