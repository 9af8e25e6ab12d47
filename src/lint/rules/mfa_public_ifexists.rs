//! M464: an MFA test that anonymous callers pass.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::open_to_everyone;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaPublicIfexists;

static META: Meta = Meta {
    code: "M464",
    name: "mfa-public-ifexists",
    severity: Severity::Error,
    security: Some(9.5),
    types: &[PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` for `*` has an MFA test that is true without any MFA key",
    explanation: "\
Anonymous callers carry no MFA key, and this test holds for whoever has none: the statement is open \
to the world. Name the principals, and test MFA without `IfExists`.",
    elsewhere: "AA CheckNoPublicAccess",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for MfaPublicIfexists {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in open_to_everyone(subject).filter(|guard| guard.vector.missing) {
            let Some(test) = guard.blame(|test| test.operator().if_exists) else { continue };
            let message = "everyone gets in, also anonymous callers: they carry no MFA key";
            let finding = META.at(test.block.operator.span, message).label("true without a key").about(&test);
            let help = "name the principals, and test MFA by `Bool` with `true`";
            found.push(finding.help(help).truth(guard.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaPublicIfexists), @r#"
        M464 everyone gets in, also anonymous callers: they carry no MFA key
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}}
                        ^^^^^^^^^^^^^^ true without a key
        help: name the principals, and test MFA by `Bool` with `true`
        truth: missing → allowed   false → not allowed   true → allowed
        "#);
    }
}
