//! W202: an action of a service that does not exist.

use std::collections::HashSet;

use crate::catalog::{self, Service};
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::named::Named;
use crate::lint::text::{has_wildcard, quoted};
use crate::lint::{Edit, Finding, Fix, Rule, Subject};
use crate::name::at_colon;
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
        for (_, named) in subject.named() {
            let mut told = HashSet::new();
            for (entry, prefix) in
                named.iter().filter_map(|named| Some((named.entry, unknown_prefix(named)?)))
            {
                if !told.insert(prefix) {
                    continue;
                }
                let finding =
                    META.at(entry.span, format!("no service has the prefix `{prefix}` {}", as_of()));
                let Some(meant) = catalog::nearest_service(prefix).map(Service::prefix) else {
                    found.push(finding);
                    continue;
                };
                // One finding, and one change of all that it is about.
                let of_prefix = |named: &&Named<'_>| unknown_prefix(named) == Some(prefix);
                let edits = named.iter().filter(of_prefix).map(|Named { entry, .. }| {
                    let name = entry.value.get(prefix.len()..).unwrap_or_default();
                    Edit { span: entry.span, text: quoted(&format!("{meant}{name}")) }
                });
                let fix = Fix { title: format!("write `{meant}`"), safe: false, edits: edits.collect() };
                found.push(finding.help(format!("did you mean `{meant}`?")).fix(fix));
            }
        }
    }
}

/// The service of an action, if it is none; W231 speaks of wildcards.
fn unknown_prefix<'p>(named: &Named<'p>) -> Option<&'p str> {
    if named.service.is_some() || !named.is_action {
        return None;
    }
    let (prefix, _) = at_colon(&named.entry.value)?;
    (!has_wildcard(prefix)).then_some(prefix)
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
