//! I519: a condition key in capitals of one's own.

use crate::catalog;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Fix, Rule, Subject, Test};
use crate::source::Severity;

pub(super) struct KeySpelling;

static META: Meta = Meta {
    code: "I519",
    name: "key-spelling",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a condition key is written in other capitals than in the reference of AWS",
    explanation: "\
AWS compares the names of keys without regard to capitals, so nothing is wrong; but people, and \
tools that are less careful, search for the usual name.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"AWS:principalorgid": "o-a1b2c3d4e5"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for KeySpelling {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let Some(usual) = usual(&test).filter(|_| !ALSO.contains(&test.key())) else { continue };
            let span = test.test.key.span;
            let finding = META.at(span, format!("`{}` is usually written `{usual}`", test.key()));
            let fix = Fix::replace(format!("write `{usual}`"), span, quoted(&usual), true);
            found.push(finding.fix(fix).about(&test));
        }
    }
}

/// Spellings that pages of AWS have beside those of the reference.
const ALSO: &[&str] = &[
    "aws:Referer",
    "aws:UserId",
    "aws:UserName",
    "aws:sourceVpc",
    "aws:sourceVpce",
    "ec2:SourceInstanceARN",
    "SAML:aud",
    "SAML:iss",
    "SAML:sub",
    "SAML:sub_type",
];

/// A key as the reference writes it, if it is not written so; what names a tag stays as it is.
fn usual(test: &Test<'_>) -> Option<String> {
    let written = test.key();
    if let Some(key) = test.global_key() {
        let tag = written.get(key.name.len()..)?;
        return (!written.starts_with(key.name)).then(|| format!("{}{tag}", key.name));
    }
    let key = catalog::key(written)?;
    (!key.is_family() && key.name() != written).then(|| key.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&KeySpelling), @r#"
        I519 `AWS:principalorgid` is usually written `aws:PrincipalOrgID`
          "Condition": {"StringEquals": {"AWS:principalorgid": "o-a1b2c3d4e5"}}}}
                                         ^^^^^^^^^^^^^^^^^^^^
        "#);
    }
}
