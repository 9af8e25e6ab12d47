//! W231: a wildcard in the service part of an action.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, has_wildcard};
use crate::lint::{Finding, Rule, Subject};
use crate::name::at_colon;
use crate::source::Severity;

pub(super) struct ServiceWildcard;

static META: Meta = Meta {
    code: "W231",
    name: "service-wildcard",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a wildcard stands in the service part of an action",
    explanation: "\
`*:Get*` or `s*:Get*` reaches services that nobody had in mind, also those AWS has yet to build. \
AWS's own pages speak of wildcards in the name only.",
    elsewhere: "Access Analyzer WILDCARD_IN_SERVICE_NAME",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "*:GetObject", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ServiceWildcard {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for named in subject.named().flat_map(|(_, named)| named).filter(|named| named.is_wild) {
            let action = named.entry;
            let Some((service, _)) = at_colon(&action.value) else { continue };
            if has_wildcard(service) && !has_variable(service) {
                let message = format!("`{}` reaches every service that fits `{service}`", action.value);
                found.push(META.at(action.span, message).help("name the services"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn ac_004_points_at_the_action() {
        insta::assert_snapshot!(show(&ServiceWildcard), @r#"
        W231 `*:GetObject` reaches every service that fits `*`
          "Effect": "Allow", "Action": "*:GetObject", "Resource": "*"}}
                                       ^^^^^^^^^^^^^
        help: name the services
        "#);
    }
}
