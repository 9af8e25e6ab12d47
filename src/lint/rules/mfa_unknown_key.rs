//! M409: a key that looks like an MFA key and is none.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::name::{edits, fold};
use crate::request::{GlobalKey, MFA_AGE, MFA_PRESENT};
use crate::source::Severity;

pub(super) struct MfaUnknownKey;

static META: Meta = Meta {
    code: "M409",
    name: "mfa-unknown-key",
    severity: Severity::Error,
    security: Some(8.5),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the key looks like an MFA key but does not exist",
    explanation: "\
MFA is told by two keys, `aws:MultiFactorAuthPresent` and `aws:MultiFactorAuthAge`. Any other \
spelling names a key that no request has: a `Deny` never fires, or with `IfExists` locks everyone \
out; an `Allow` never grants, or always.",
    elsewhere: "Access Analyzer INVALID_GLOBAL_CONDITION_KEY",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthenticationPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaUnknownKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| test.global_key().is_none() && looks_like_one(test.key())) {
            let message = format!("there is no key `{}`", test.key());
            let meant = if fold(test.key()).contains("age") { MFA_AGE } else { MFA_PRESENT };
            let help = GlobalKey::find(meant).map_or(meant, |key| key.name);
            let finding = META.at(test.test.key.span, message).label("always missing").about(&test);
            found.push(finding.help(format!("did you mean `{help}`?")));
        }
    }
}

fn looks_like_one(key: &str) -> bool {
    let Some((prefix, name)) = key.split_once(':') else { return false };
    // What identity providers put into their own keys is not ours to know.
    if prefix.contains('.') || name.contains('/') {
        return false;
    }
    let name = fold(name);
    name.contains("mfa")
        || name.contains("multifactor")
        || [MFA_AGE, MFA_PRESENT]
            .iter()
            .any(|mfa| key.len().abs_diff(mfa.len()) < 8 && edits(key, mfa, 3).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn names_the_key_that_exists() {
        insta::assert_snapshot!(show(&MfaUnknownKey), @r#"
        M409 there is no key `aws:MultiFactorAuthenticationPresent`
          "Condition": {"Bool": {"aws:MultiFactorAuthenticationPresent": "false"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ always missing
        help: did you mean `aws:MultiFactorAuthPresent`?
        "#);
    }
    #[test]
    fn tags_and_claims_that_speak_of_mfa_are_not_taken_for_it() {
        for (key, expected) in [
            ("aws:MFAPresent", true),
            ("sts:MultiFactorAuthPresent", true),
            ("aws:MultiFactorAuthPresentIfExists", true),
            ("aws:MutliFactrAuthAge", true),
            ("aws:ResourceTag/mfa", false),
            ("idp.example.com:mfa", false),
            ("aws:PrincipalArn", false),
        ] {
            assert_eq!(looks_like_one(key), expected, "{key}");
        }
    }
}
