//! E127: an ARN without the region that such ARNs have.

use crate::catalog::ResourceType;
use crate::lint::known::meant;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::whole_arn;
use crate::lint::{Finding, Rule, Subject};
use crate::name::Pattern;
use crate::source::Severity;

pub(super) struct ArnRegionMissing;

static META: Meta = Meta {
    code: "E127",
    name: "arn-region-missing",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN leaves the region empty, and ARNs of this kind have one",
    explanation: "\
An empty field matches an empty field only. Queues, tables, functions and most other things live in a \
region, so an entry without one matches nothing. Write the region, or `*` for all.",
    elsewhere: "Access Analyzer MISSING_ARN_REGION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs::111122223333:orders"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:111122223333:orders"}}"#,
    ),
};

impl Rule for ArnRegionMissing {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            let Some(fields @ [_, _, service, "", _, name]) = whole_arn(resource.text) else { continue };
            let mut kinds = meant(fields).peekable();
            let needs_region = |kind: ResourceType| kind.fields().get(3).is_some_and(Pattern::is_star);
            if kinds.peek().is_some() && kinds.all(needs_region) {
                let message = format!("ARNs of `{service}` such as `{name}` have a region");
                let help = "write the region, or `*` for all";
                found.push(META.at(resource.span, message).label("matches nothing").help(help));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_arn() {
        insta::assert_snapshot!(show(&ArnRegionMissing), @r#"
        E127 ARNs of `sqs` such as `orders` have a region
          "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs::111122223333:orders"}}
                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        help: write the region, or `*` for all
        "#);
    }
}
