//! W201: an action that its service does not have.

use crate::catalog;
use crate::lint::Fix;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_wildcard, is_action, quoted};
use crate::lint::{Finding, Rule, Subject};
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
        for action in subject.actions().filter(|action| is_action(action.text) && !has_wildcard(action.text))
        {
            let Some((prefix, name)) = action.text.split_once(':') else { continue };
            let Some(service) = catalog::service(prefix).filter(|service| service.action(name).is_none())
            else {
                continue;
            };
            let message = format!("{} has no action `{name}` {}", service.name(), as_of());
            let finding = META.at(action.span, message);
            found.push(match catalog::nearest_action(action.text) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

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
