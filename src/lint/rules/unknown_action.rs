//! W201: an action that its service does not have.

use crate::catalog::{self, Action};
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::name::at_colon;
use crate::source::Severity;

pub(super) struct UnknownAction;

static META: Meta = Meta {
    code: "W201",
    name: "unknown-action",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the service has no action of this name",
    explanation: "\
An action that does not exist grants nothing and denies nothing. AWS accepts it without a word, so a \
misspelled `Deny` protects nothing. AWS adds actions daily: the message says of which day the list is.",
    elsewhere: "Access Analyzer INVALID_ACTION; parliament UNKNOWN_ACTION; cfn-lint W3037",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for UnknownAction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for named in subject.named().flat_map(|(_, named)| named) {
            let action = named.entry;
            let is_one = named.is_wild || !named.is_action || !named.actions().is_empty();
            let Some(service) = named.service.filter(|_| !is_one) else { continue };
            let name = at_colon(&action.value).map_or("", |(_, name)| name);
            let message = format!("{} has no action `{name}` {}", service.name(), as_of());
            let finding = META.at(action.span, message);
            found.push(match meant(&action.value) {
                // An action of another service is a hint, and no more.
                Some(meant) if meant.service() != service => {
                    finding.help(format!("`{}` has one of this name: `{meant}`", meant.service()))
                }
                Some(meant) => {
                    let fix = Fix::replace(
                        format!("write `{meant}`"),
                        action.span,
                        quoted(&meant.to_string()),
                        false,
                    );
                    finding.help(format!("did you mean `{meant}`?")).fix(fix)
                }
                None => finding,
            });
        }
    }
}

/// The action that was meant: those of S3 are often called as its API calls them.
fn meant(written: &str) -> Option<Action> {
    let of_api = OF_S3.iter().find(|(api, _)| written.eq_ignore_ascii_case(api));
    of_api.map_or_else(|| catalog::nearest_action(written), |(_, action)| catalog::action(action))
}

const OF_S3: &[(&str, &str)] = &[
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListObjectVersions", "s3:ListBucketVersions"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn operations_of_the_api_are_known_and_other_services_are_hinted_at() {
        for (written, help) in [
            ("s3:ListBuckets", "help: did you mean `s3:ListAllMyBuckets`?"),
            ("s3:ListObjectsV2", "help: did you mean `s3:ListBucket`?"),
            ("iam:AssumeRole", "help: `sts` has one of this name: `sts:AssumeRole`"),
        ] {
            let text = META.bad.text.replace("s3:GetObjekt", written);
            let shown = crate::lint::show_on(&UnknownAction, &Example::identity(text.leak()));
            assert!(shown.ends_with(help), "{shown}");
        }
    }

    #[test]
    fn says_what_was_meant() {
        insta::assert_snapshot!(show(&UnknownAction), @r#"
        W201 Amazon S3 has no action `GetObjekt` as of 2026-10-27
          "Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^^^^
        help: did you mean `s3:GetObject`?
        "#);
    }
}
