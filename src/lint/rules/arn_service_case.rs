//! E124: an ARN whose service has capitals.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{arn_fields, has_variable, quoted};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ArnServiceCase;

static META: Meta = Meta {
    code: "E124",
    name: "arn-service-case",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the service of an ARN has capital letters",
    explanation: "\
Services are written in lower case in ARNs, and resources are compared with case: `S3` is not `s3`, \
so the entry matches nothing.",
    elsewhere: "Access Analyzer INVALID_ARN_SERVICE_CASE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:S3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ArnServiceCase {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            if let [first, _, service, ..] = *arn_fields(resource.text)
                && first == "arn"
                && !has_variable(service)
                && service.bytes().any(|byte| byte.is_ascii_uppercase())
            {
                let message = format!("the service `{service}` of an ARN is written in lower case");
                let help =
                    format!("write `{}`; the entry then begins to match", service.to_ascii_lowercase());
                let mut fields = arn_fields(resource.text);
                let lower = service.to_ascii_lowercase();
                if let Some(field) = fields.get_mut(2) {
                    *field = &lower;
                }
                let fix =
                    Fix::replace(format!("write `{lower}`"), resource.span, quoted(&fields.join(":")), false);
                found.push(META.at(resource.span, message).label("matches nothing").help(help).fix(fix));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn re_005_case_counts_in_arns() {
        insta::assert_snapshot!(show(&ArnServiceCase), @r#"
        E124 the service `S3` of an ARN is written in lower case
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:S3:::amzn-s3-demo-bucket/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        help: write `s3`; the entry then begins to match
        "#);
    }
}
