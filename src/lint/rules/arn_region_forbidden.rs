//! E125: a region in an ARN that has none.

use crate::catalog::ResourceType;
use crate::lint::known::meant;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, quoted, whole_arn};
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::name::Pattern;
use crate::source::Severity;

pub(super) struct ArnRegionForbidden;

static META: Meta = Meta {
    code: "E125",
    name: "arn-region-forbidden",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN states a region, and ARNs of this service have none",
    explanation: "\
Users, roles, buckets and other things of global services have no region in their ARNs: the fourth \
field is empty. An entry that states one matches nothing.",
    elsewhere: "Access Analyzer ARN_REGION_NOT_ALLOWED",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam:us-east-1:111122223333:user/ana"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::111122223333:user/ana"}}"#,
    ),
};

impl Rule for ArnRegionForbidden {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            let Some(fields @ [first, partition, service, region, account, name]) = whole_arn(resource.text)
            else {
                continue;
            };
            let has_region = |kind: ResourceType| {
                kind.fields().get(3).is_none_or(|region| !region.matches("") || region.is_star())
            };
            if region.is_empty() || has_variable(region) || Pattern::new(region).matches("") {
                continue;
            }
            let mut kinds = meant(fields).peekable();
            if kinds.peek().is_some() && !kinds.any(has_region) {
                let message = format!("ARNs of `{service}` such as `{name}` have no region");
                let mended = [first, partition, service, "", account, name].join(":");
                let fix = Fix::replace("empty the region", resource.span, quoted(&mended), false);
                let help = "leave the region empty; the entry then begins to match";
                found.push(META.at(resource.span, message).label("matches nothing").help(help).fix(fix));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_arn() {
        insta::assert_snapshot!(show(&ArnRegionForbidden), @r#"
        E125 ARNs of `iam` such as `user/ana` have no region
          "Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam:us-east-1:111122223333:user/ana"}}
                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        help: leave the region empty; the entry then begins to match
        "#);
    }

    #[test]
    fn things_with_a_region_and_regions_that_may_be_empty_are_left_alone() {
        for resource in [
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/x",
            "arn:aws:iam:*:111122223333:user/ana",
            "arn:aws:nowhere:eu-west-1::x",
        ] {
            let text = META.bad.text.replace("arn:aws:iam:us-east-1:111122223333:user/ana", resource);
            assert_eq!(show_on(&ArnRegionForbidden, &Example::identity(text.leak())), "", "{resource}");
        }
    }
}
