//! M463: MFA taken for a right.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::open_to_everyone;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaNotAuthorization;

static META: Meta = Meta {
    code: "M463",
    name: "mfa-not-authorization",
    severity: Severity::Error,
    security: Some(9.0),
    types: &[PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` for `*` is narrowed by nothing but MFA",
    explanation: "\
MFA says how a caller signed in, not who it is. Anyone can open an AWS account and use MFA there, \
and then passes this statement. Name the principals, or narrow it to an account or an organization.",
    elsewhere: "AA CheckNoPublicAccess",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for MfaNotAuthorization {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in
            open_to_everyone(subject).filter(|guard| !guard.vector.missing && !guard.vector.is_never())
        {
            let Some(test) = guard.tests().next() else { continue };
            let message = "any user of any AWS account gets in who uses MFA";
            let finding = META.at(test.test.key.span, message).label("narrows nobody").about(&test);
            let help = r#"name the principals, or add `"StringEquals": {"aws:PrincipalOrgID": "…"}`"#;
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
        insta::assert_snapshot!(show(&MfaNotAuthorization), @r#"
        M463 any user of any AWS account gets in who uses MFA
          "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ narrows nobody
        help: name the principals, or add `"StringEquals": {"aws:PrincipalOrgID": "…"}`
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
