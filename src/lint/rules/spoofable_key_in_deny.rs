//! S326: a `Deny` with a secret knock that everybody can hear.

use crate::lint::grants::excepts_everything;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct SpoofableKeyInDeny;

static META: Meta = Meta {
    code: "S326",
    name: "spoofable-key-in-deny",
    severity: Severity::Warning,
    security: Some(7.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` excepts callers by `aws:UserAgent` or `aws:Referer`",
    explanation: "\
The caller writes both keys. A `Deny` that spares the right user agent spares everybody who \
sends that text, and it is in every log. Use a key that AWS fills in.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:*", "Resource": "*",
  "Condition": {"StringNotEquals": {"aws:UserAgent": "our-tool"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:*", "Resource": "*",
  "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for SpoofableKeyInDeny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| !test.grants() && !excepts_everything(test.statement)) {
            let written = ["aws:UserAgent", "aws:Referer"].iter().any(|key| test.is_on(key));
            let spares = test.operator().base.negated || test.comparison() == Comparison::Null;
            if written && spares {
                let message = format!("whoever sends the right `{}` gets around this `Deny`", test.key());
                found.push(META.at(test.test.key.span, message).label("written by the caller").about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn a_deny_that_denies_nothing_is_left_to_others() {
        let text = META.bad.text.replace(r#""Action": "s3:*""#, r#""NotAction": "*""#);
        assert_eq!(show_on(&SpoofableKeyInDeny, &Example::identity(text.leak())), "");
    }

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&SpoofableKeyInDeny), @r#"
        S326 whoever sends the right `aws:UserAgent` gets around this `Deny`
          "Condition": {"StringNotEquals": {"aws:UserAgent": "our-tool"}}}}
                                            ^^^^^^^^^^^^^^^ written by the caller
        "#);
    }
}
