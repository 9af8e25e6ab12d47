//! E164: a region that does not exist.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, has_wildcard, quoted, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::name::{Pattern, nearest};
use crate::policy::Comparison;
use crate::source::Severity;
use crate::source::Span;

pub(super) struct InvalidRegion;

static META: Meta = Meta {
    code: "E164",
    name: "invalid-region",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN or `aws:RequestedRegion` states a region that AWS does not have",
    explanation: "\
A misspelled region is nowhere: the entry matches nothing, and a `Deny` that exempts it exempts \
nothing. AWS opens new regions now and then; the message says of which day the list is.",
    elsewhere: "Access Analyzer INVALID_REGION, INVALID_ARN_REGION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-wst-1:111122223333:orders"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"}}"#,
    ),
};

impl Rule for InvalidRegion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            let Some([first, partition, service, region, account, name]) = whole_arn(resource.text) else {
                continue;
            };
            if !region.is_empty() && !may_be(region, true) {
                let with = |region: &str| [first, partition, service, region, account, name].join(":");
                found.push(finding(resource.span, region, with));
            }
        }
        for test in subject.tests().filter(|test| test.is_on("aws:RequestedRegion")) {
            let like = match test.comparison() {
                Comparison::StringLike => true,
                Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => false,
                _ => continue,
            };
            // W218 speaks of wildcards that are none.
            for value in test.values().iter().filter(|value| like || !has_wildcard(&value.text)) {
                if !may_be(&value.text, like) {
                    found.push(finding(value.span, &value.text, str::to_owned).about(&test));
                }
            }
        }
    }
}

fn finding(span: Span, region: &str, with: impl Fn(&str) -> String) -> Finding {
    let finding = META.at(span, format!("AWS has no region `{region}` as of {DATE}"));
    match nearest(region, REGIONS) {
        Some(meant) => {
            let fix = Fix::replace(format!("write `{meant}`"), span, quoted(&with(meant)), false);
            finding.help(format!("did you mean `{meant}`?")).fix(fix)
        }
        None => finding,
    }
}

fn may_be(region: &str, like: bool) -> bool {
    let pattern = Pattern::new(region);
    has_variable(region)
        || REGIONS.contains(&region)
        // Services without regions of their own may say so.
        || region.ends_with("global")
        || like && has_wildcard(region) && REGIONS.iter().any(|known| pattern.matches(known))
}

/// The day of the list.
const DATE: &str = "2026-11-24";

/// All regions, those announced included, as the Python package botocore 1.44.5 lists them.
const REGIONS: [&str; 48] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_arn() {
        insta::assert_snapshot!(show(&InvalidRegion), @r#"
        E164 AWS has no region `eu-wst-1` as of 2026-11-24
          "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-wst-1:111122223333:orders"}}
                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: did you mean `eu-west-1`?
        "#);
    }

    #[test]
    fn regions_patterns_and_variables() {
        for (region, expected) in [
            ("eu-west-1", true),
            ("us-gov-west-1", true),
            ("eu-*", true),
            ("*", true),
            ("${aws:RequestedRegion}", true),
            ("aws-global", true),
            ("eu-west-9", false),
            ("eus-*", false),
            ("region", false),
        ] {
            assert_eq!(may_be(region, true), expected, "{region}");
        }
        assert!(REGIONS.is_sorted());
    }
}
