//! S304: an `Allow` on all but some resources.

use crate::lint::grants::GRANTING;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct NotresourceAllow;

static META: Meta = Meta {
    code: "S304",
    name: "notresource-allow",
    severity: Severity::Warning,
    security: Some(7.0),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` with `NotResource`",
    explanation: "\
`NotResource` grants on whatever is not listed: also on things of the same service that are made \
tomorrow, and, as `NotResource` with one bucket leaves free the objects of all others, often on \
more than was meant. List the resources, or add a `Deny` for the ones to protect.",
    elsewhere: "parliament NOTRESOURCE_WITH_ALLOW",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::amzn-s3-demo-bucket"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for NotresourceAllow {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.allows().filter_map(|statement| statement.resource.as_ref()) {
            if part.negated {
                let finding = META.at(part.name_span.0, "this allows everything that is not listed");
                found.push(finding.help("list the resources under `Resource`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_element() {
        insta::assert_snapshot!(show(&NotresourceAllow), @r#"
        S304 this allows everything that is not listed
          "Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::amzn-s3-demo-bucket"}}
                                               ^^^^^^^^^^^^^
        help: list the resources under `Resource`
        "#);
    }
}
