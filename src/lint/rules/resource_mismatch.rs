//! W207: an action and resources it cannot act on.

use crate::catalog::{self, Action, ResourceType};
use crate::lint::known::{ArnPattern, are_on_more, as_of};
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ResourceMismatch;

static META: Meta = Meta {
    code: "W207",
    name: "resource-mismatch",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "no resource of the statement is of a kind that the action acts on",
    explanation: "\
Each action acts on certain kinds of things: `s3:GetObject` on objects, `s3:ListBucket` on buckets. \
Where none of the entries can be such a thing, the statement says nothing about the action. The message \
says of which day the data is.",
    elsewhere: "parliament RESOURCE_MISMATCH; Access Analyzer INVALID_ARN_RESOURCE; cfn-lint I3510",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ResourceMismatch {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (statement, named) in subject.named() {
            let Some(part) = statement.resource.as_ref().filter(|part| !part.negated) else { continue };
            let everything = part.entries.iter().any(|entry| entry.value == "*");
            // E120 speaks of what is no ARN.
            let none = !part
                .entries
                .iter()
                .any(|entry| entry.value.starts_with("arn:") || has_variable(&entry.value));
            if everything || none || statement.action.negated {
                continue;
            }
            let entries: Vec<_> =
                part.entries.iter().map(|entry| ArnPattern::completed(&entry.value)).collect();
            let mut known: Vec<(ResourceType, bool)> = Vec::new();
            let mut unfit = named.iter().filter(|named| {
                let Some(actions) = named.reached() else { return false };
                let mut takes = actions.iter().filter(|action| action.takes_resource()).peekable();
                let mut fits = |kind: ResourceType| {
                    if let Some((_, fits)) = known.iter().find(|(of, _)| *of == kind) {
                        return *fits;
                    }
                    let fits = entries.iter().any(|entry| entry.may_be(kind));
                    known.push((kind, fits));
                    fits
                };
                // W208 speaks of actions without resources.
                takes.peek().is_some()
                    && !takes.any(|action| action.resources().any(|taken| fits(taken.resource_type())))
                    && !are_on_more(actions)
            });
            // Told once: a list of resources that does not fit often fits none of many actions.
            let Some(first) = unfit.next().map(|named| named.entry) else { continue };
            let message = format!(
                "no resource here is one that {} on {}",
                and_more(&first.value, unfit.count()),
                as_of()
            );
            let finding = META.at(first.span, message).other(part.span.0, "the resources");
            found.push(match catalog::action(&first.value) {
                Some(action) => finding.help(format!("`{}` acts on {}", first.value, kinds_of(action))),
                None => finding,
            });
        }
    }
}

fn and_more(name: &str, more: usize) -> String {
    match more {
        0 => format!("`{name}` acts"),
        1 => format!("`{name}` or one more action acts"),
        _ => format!("`{name}` or one of {more} more actions acts"),
    }
}

/// The ARNs of what an action acts on, three at most.
fn kinds_of(action: Action) -> String {
    let arns: Vec<_> = action.resources().map(|taken| format!("`{}`", taken.resource_type().arn())).collect();
    let more = if arns.len() > 3 { " and others" } else { "" };
    format!("{}{more}", arns.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn says_what_it_acts_on() {
        insta::assert_snapshot!(show(&ResourceMismatch), @r#"
        W207 no resource here is one that `s3:GetObject` acts on as of 2026-10-27
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}}
                                       ^^^^^^^^^^^^^^
        help: `s3:GetObject` acts on `arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}/object/${ObjectName}`, `arn:${Partition}:s3:::${BucketName}/${ObjectName}`
        "#);
    }

    #[test]
    fn where_the_reference_is_known_to_lack_resources_nothing_is_said() {
        for (action, wrong) in
            [("elasticloadbalancing:AddTags", false), ("elasticloadbalancing:CreateRule", true)]
        {
            let text = META.bad.text.replace("s3:GetObject", action);
            let shown = show_on(&ResourceMismatch, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), wrong, "{action}");
        }
    }

    #[test]
    fn one_entry_that_may_be_meant_is_enough() {
        for (resource, wrong) in [
            ("arn:aws:s3:::amzn-s3-demo-bucket*", false),
            ("arn:aws:s3:::${aws:username}", false),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/b", false),
            ("arn:aws:*", false),
            ("arn:aws:sqs:eu-west-1:111122223333:orders", true),
        ] {
            let text = META.bad.text.replace("arn:aws:s3:::amzn-s3-demo-bucket", resource);
            let shown = show_on(&ResourceMismatch, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), wrong, "{resource}");
        }
    }
}
