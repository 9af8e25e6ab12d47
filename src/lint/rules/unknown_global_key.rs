//! W204: a key of the prefix `aws:` that does not exist.

use super::tag_key_missing::is_bare_family;
use super::unsupported_global_key::replacement;
use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::name::nearest;
use crate::request::{GLOBAL_KEYS, GLOBAL_KEYS_DATE};
use crate::source::Severity;

pub(super) struct UnknownGlobalKey;

static META: Meta = Meta {
    code: "W204",
    name: "unknown-global-key",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `aws:` key is not among the global condition keys",
    explanation: "\
A key that AWS does not know is in no request: it counts as missing. A plain test is then never \
true, so a `Deny` never fires; a negated or `IfExists` test is always true, so an `Allow` has no \
condition.",
    elsewhere: "Access Analyzer INVALID_GLOBAL_CONDITION_KEY",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgIdd": "o-a1b2c3d4e5"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}}"#,
    ),
};

impl Rule for UnknownGlobalKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let of_aws = test.key().get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
            if !of_aws
                || replacement(test.key()).is_some()
                || test.global_key().is_some()
                || is_bare_family(test.key())
                || test.key().len() == 4
            {
                continue;
            }
            let message = format!("`{}` is no global condition key as of {GLOBAL_KEYS_DATE}", test.key());
            let finding = META.at(test.test.key.span, message).label("always missing").about(&test);
            found.push(match meant(test.key()) {
                Some(key) => {
                    let fix = Fix::replace(format!("write `{key}`"), test.test.key.span, quoted(&key), false);
                    finding.help(format!("did you mean `{key}`?")).fix(fix)
                }
                None => finding,
            });
        }
    }
}

/// The key that was probably meant, with the tag's key of a family.
fn meant(key: &str) -> Option<String> {
    let (name, tag) = match key.split_once('/') {
        Some((family, tag)) => (format!("{family}/"), tag),
        None => (key.to_owned(), ""),
    };
    nearest(&name, GLOBAL_KEYS.iter().map(|key| key.name)).map(|known| format!("{known}{tag}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn ck_007_suggests_the_nearest_name() {
        insta::assert_snapshot!(show(&UnknownGlobalKey), @r#"
        W204 `aws:PrincipalOrgIdd` is no global condition key as of 2026-11-24
          "Condition": {"StringEquals": {"aws:PrincipalOrgIdd": "o-a1b2c3d4e5"}}}}
                                         ^^^^^^^^^^^^^^^^^^^^^ always missing
        help: did you mean `aws:PrincipalOrgID`?
        "#);
    }
    #[test]
    fn ck_007_families_are_suggested_with_their_tag() {
        assert_eq!(meant("aws:PrincipleTag/team").as_deref(), Some("aws:PrincipalTag/team"));
        assert_eq!(meant("aws:Nothing"), None);
    }
}
