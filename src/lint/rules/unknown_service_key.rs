//! W205: a condition key that its service does not have.

use crate::catalog;
use crate::lint::Fix;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct UnknownServiceKey;

static META: Meta = Meta {
    code: "W205",
    name: "unknown-service-key",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "no service has a condition key of this name",
    explanation: "\
A key that AWS does not know is in no request: it counts as missing. A plain test is then never true, \
so a `Deny` never fires; a negated or `IfExists` test is always true, so an `Allow` has no condition. \
The message says of which day the list is. `aud`, `sub` and `amr` of any identity provider are known.",
    elsewhere: "Access Analyzer INVALID_SERVICE_CONDITION_KEY",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"StringLike": {"s3:prefixx": "home/*"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
  "Condition": {"StringLike": {"s3:prefix": "home/*"}}}}"#,
    ),
};

impl Rule for UnknownServiceKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let key = test.key();
            // W204 speaks of `aws:`, E129 of names without a prefix.
            let Some((prefix, name)) =
                key.split_once(':').filter(|(prefix, _)| !prefix.eq_ignore_ascii_case("aws"))
            else {
                continue;
            };
            let is_known = test.global_key().is_some() || is_of_provider(key) || catalog::key(key).is_some();
            if is_known || prefix.is_empty() || name.is_empty() {
                continue;
            }
            let message = format!("no service has a condition key `{key}` {}", as_of());
            let finding = META.at(test.test.key.span, message).label("always missing").about(&test);
            found.push(match catalog::nearest_key(key) {
                Some(meant) if !meant.is_family() => {
                    let meant = meant.name();
                    let fix =
                        Fix::replace(format!("write `{meant}`"), test.test.key.span, quoted(meant), false);
                    finding.help(format!("did you mean `{meant}`?")).fix(fix)
                }
                Some(meant) => finding.help(format!("did you mean `{}`?", meant.name())),
                None => finding,
            });
        }
    }
}

/// Claims that AWS hands on from every OIDC provider, whatever its name.
fn is_of_provider(key: &str) -> bool {
    key.rsplit_once(':').is_some_and(|(provider, claim)| {
        provider.contains('.') && ["aud", "sub", "amr"].iter().any(|known| known.eq_ignore_ascii_case(claim))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn says_what_was_meant() {
        insta::assert_snapshot!(show(&UnknownServiceKey), @r#"
        W205 no service has a condition key `s3:prefixx` as of 2026-10-27
          "Condition": {"StringLike": {"s3:prefixx": "home/*"}}}}
                                       ^^^^^^^^^^^^ always missing
        help: did you mean `s3:prefix`?
        "#);
    }

    #[test]
    fn claims_of_any_provider_are_known() {
        assert!(is_of_provider("oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub"));
        assert!(is_of_provider("login.example.com:AUD"));
        assert!(!is_of_provider("login.example.com:color"));
        assert!(!is_of_provider("s3:sub"));
    }
}
