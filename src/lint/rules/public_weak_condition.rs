//! S307: an `Allow` for all the world behind a fence of paper.

use crate::lint::callers::{Narrowing, everybody, narrowing, narrowing_of};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct PublicWeakCondition;

static META: Meta = Meta {
    code: "S307",
    name: "public-weak-condition",
    severity: Severity::Error,
    security: Some(8.0),
    types: &[PolicyType::Resource],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` for `*` whose only narrowing can be cheated",
    explanation: "\
The caller writes `aws:Referer` and `aws:UserAgent` and can write anything. Tags are set by the \
account of the caller, whichever that is. A test with `IfExists`, `ForAllValues` or a negated \
operator is true when the key is missing, as it is for callers who are not signed in. So the \
thing is public to those who try.",
    elsewhere: "Access Analyzer CheckNoPublicAccess",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringLike": {"aws:Referer": "https://example.com/*"}}}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for PublicWeakCondition {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| narrowing(statement) == Narrowing::Weak) {
            let Some(span) = everybody(statement) else { continue };
            let weak = tests_of(statement).find(|test| narrowing_of(test) == Narrowing::Weak);
            let Some(test) = weak else { continue };
            let message = format!("this allows everybody, and `{}` stops nobody who tries", test.key());
            let finding = META.at(span, message).other(test.test.key.span, "can be cheated, or be missing");
            found.push(
                finding.help("name the principals, or add a condition on `aws:PrincipalOrgID` or the like"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_principal() {
        insta::assert_snapshot!(show(&PublicWeakCondition), @r#"
        S307 this allows everybody, and `aws:Referer` stops nobody who tries
          "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                                          ^^^
        help: name the principals, or add a condition on `aws:PrincipalOrgID` or the like
        "#);
    }
}
