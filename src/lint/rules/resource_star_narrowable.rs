//! I528: `*` where names would do.

use crate::lint::grants::is_star;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::named::Named;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ResourceStarNarrowable;

static META: Meta = Meta {
    code: "I528",
    name: "resource-star-narrowable",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "`Resource` is `*` although every action of the statement takes resources",
    explanation: "\
All of these actions can be limited to things of chosen names. Where `*` is not needed it is an \
invitation.",
    elsewhere: "parliament RESOURCE_STAR; checkov CKV_AWS_355",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ResourceStarNarrowable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in
            subject.allows().filter(|statement| !statement.action.negated && subject.is_on_star(statement))
        {
            // S301 says more of all actions.
            let takes_resources = |named: &Named<'_>| {
                let actions = if is_star(&named.entry.value) { &[] } else { named.actions() };
                !actions.is_empty() && actions.iter().all(|action| action.takes_resource())
            };
            let entries = subject.named_by(statement);
            let star =
                statement.resource.iter().flat_map(|part| &part.entries).find(|entry| is_star(&entry.value));
            let all = !entries.is_empty() && entries.iter().all(takes_resources);
            if let Some(star) = star.filter(|_| all) {
                found.push(META.at(star.span, "every action of this statement can be limited to resources"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_star() {
        insta::assert_snapshot!(show(&ResourceStarNarrowable), @r#"
        I528 every action of this statement can be limited to resources
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
                                                                   ^^^
        "#);
    }
}
