//! W221: a condition that every request meets.

use crate::lint::grants::is_star;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::is_on_mfa_key;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::{Comparison, SetPrefix};
use crate::source::Severity;

pub(super) struct ConditionAlways;

static META: Meta = Meta {
    code: "W221",
    name: "condition-always",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "every request meets the test",
    explanation: "\
A test that holds whether the key is missing or not, and whatever it holds, narrows nothing: the \
statement applies as if the test were not there.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringLikeIfExists": {"aws:PrincipalOrgID": "*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for ConditionAlways {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| !is_on_mfa_key(test)) {
            if takes_every_value(&test) && holds_without_key(&test) {
                let message = format!("every request meets the test of `{}`", test.key());
                let finding = META.at(test.test.span.0, message).label("takes everything").about(&test);
                found.push(finding.other(test.block.operator.span, "holds without the key as well"));
            }
        }
    }
}

/// Does the test hold when the key is missing, or is the key in every request?
fn holds_without_key(test: &Test<'_>) -> bool {
    let operator = test.operator();
    let missing_holds = operator.if_exists || operator.set == Some(SetPrefix::ForAllValues);
    let is_always_there = test.global_key().is_some_and(|key| key.presence.starts_with("always"));
    missing_holds || is_always_there && operator.set.is_none()
}

fn takes_every_value(test: &Test<'_>) -> bool {
    let any = |wanted: &[&str]| {
        wanted.iter().all(|wanted| test.values().iter().any(|value| value.text.eq_ignore_ascii_case(wanted)))
    };
    !test.operator().base.negated
        && match test.comparison() {
            Comparison::StringLike => test.values().iter().any(|value| is_star(&value.text)),
            Comparison::Ip => any(&["0.0.0.0/0", "::/0"]),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_value() {
        insta::assert_snapshot!(show(&ConditionAlways), @r#"
        W221 every request meets the test of `aws:PrincipalOrgID`
          "Condition": {"StringLikeIfExists": {"aws:PrincipalOrgID": "*"}}}}
                                                                     ^^^ takes everything
        "#);
    }

    #[test]
    fn a_star_that_asks_for_the_key_is_a_test() {
        for (condition, always) in [
            (r#"{"StringLike": {"aws:PrincipalOrgID": "*"}}"#, false),
            (r#"{"StringLike": {"aws:UserAgent": "*"}}"#, true),
            (r#"{"ForAllValues:StringLike": {"aws:TagKeys": ["a", "*"]}}"#, true),
            (r#"{"StringNotLikeIfExists": {"aws:PrincipalOrgID": "*"}}"#, false),
            (r#"{"IpAddressIfExists": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}"#, true),
            (r#"{"IpAddressIfExists": {"aws:SourceIp": ["0.0.0.0/0"]}}"#, false),
        ] {
            let text =
                META.bad.text.replace(r#"{"StringLikeIfExists": {"aws:PrincipalOrgID": "*"}}"#, condition);
            let shown = show_on(&ConditionAlways, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), always, "{condition}");
        }
    }
}
