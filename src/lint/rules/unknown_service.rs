//! W202: an action of a service that does not exist.

use crate::catalog;
use crate::lint::Fix;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_wildcard, is_action, quoted};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct UnknownService;

static META: Meta = Meta {
    code: "W202",
    name: "unknown-service",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "no service has this prefix",
    explanation: "\
What stands before the colon of an action is the prefix of a service, which is not always its name: \
CloudWatch is `cloudwatch`, its logs are `logs`, Systems Manager is `ssm`. The message says of which \
day the list is.",
    elsewhere: "Access Analyzer INVALID_SERVICE_IN_ACTION; parliament UNKNOWN_PREFIX",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s33:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for UnknownService {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for action in subject.actions().filter(|action| is_action(action.text)) {
            let Some((prefix, name)) = action.text.split_once(':') else { continue };
            // W231 speaks of wildcards.
            if has_wildcard(prefix) || catalog::service(prefix).is_some() {
                continue;
            }
            let finding = META.at(action.span, format!("no service has the prefix `{prefix}` {}", as_of()));
            found.push(match catalog::nearest_service(prefix) {
                Some(service) => {
                    let meant = format!("{service}:{name}");
                    let fix = Fix::replace(format!("write `{meant}`"), action.span, quoted(&meant), false);
                    finding.help(format!("did you mean `{service}`?")).fix(fix)
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
        insta::assert_snapshot!(show(&UnknownService), @r#"
        W202 no service has the prefix `s33` as of 2026-10-27
          "Effect": "Allow", "Action": "s33:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^^^^^
        help: did you mean `s3`?
        "#);
    }
}
