//! S305: an `Allow` for everybody else.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct NotprincipalAllow;

static META: Meta = Meta {
    code: "S305",
    name: "notprincipal-allow",
    severity: Severity::Error,
    security: Some(9.0),
    types: &[PolicyType::Resource],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` with `NotPrincipal`",
    explanation: "\
`NotPrincipal` in an `Allow` grants to all the world but the ones listed, to callers who are not \
signed in too. List under `Principal` who may.",
    elsewhere: "Access Analyzer ALLOW_WITH_NOT_PRINCIPAL; parliament NOTPRINCIPAL_WITH_ALLOW",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for NotprincipalAllow {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.allows().filter_map(|statement| statement.principal.as_ref()) {
            if part.negated {
                let finding = META.at(part.name_span.0, "this allows everybody who is not listed");
                found.push(finding.label("anonymous callers too").help("list who may under `Principal`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_element() {
        insta::assert_snapshot!(show(&NotprincipalAllow), @r#"
        S305 this allows everybody who is not listed
          "Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, "Action": "s3:GetObject",
                             ^^^^^^^^^^^^^^ anonymous callers too
        help: list who may under `Principal`
        "#);
    }
}
