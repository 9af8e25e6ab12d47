//! S306: an `Allow` for all the world.

use crate::lint::callers::{Narrowing, everybody, narrowing};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct PublicPrincipal;

static META: Meta = Meta {
    code: "S306",
    name: "public-principal",
    severity: Severity::Error,
    security: Some(8.5),
    types: &[PolicyType::Resource],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` for `*` without a condition that narrows the caller",
    explanation: "\
`*` is everybody: every user of every AWS account, and callers who are not signed in at all. A \
condition on the transport, on tags or on MFA does not change that. If the thing is not meant to \
be public, name the principals, or add a condition on a key that AWS fills in and the caller \
cannot choose, such as `aws:PrincipalOrgID`, `aws:SourceAccount`, `aws:SourceVpce`.",
    elsewhere: "Access Analyzer CheckNoPublicAccess; CIS 2.21; checkov CKV_AWS_283",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for PublicPrincipal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| narrowing(statement) == Narrowing::None) {
            // S329 knows what that key lacks.
            let by_service = tests_of(statement).any(|test| test.is_on("kms:ViaService"));
            if let Some(span) = everybody(statement).filter(|_| !by_service) {
                let finding = META.at(span, "this allows everybody, without a condition on who calls");
                found.push(
                    finding
                        .label("anonymous callers too")
                        .help("name the principals, or add a condition on `aws:PrincipalOrgID` or the like"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_principal() {
        insta::assert_snapshot!(show(&PublicPrincipal), @r#"
        S306 this allows everybody, without a condition on who calls
          "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                                          ^^^ anonymous callers too
        help: name the principals, or add a condition on `aws:PrincipalOrgID` or the like
        "#);
    }
}
