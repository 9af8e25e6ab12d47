//! E121: an ARN that lacks fields.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{arn_fields, quoted};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct ArnFields;

static META: Meta = Meta {
    code: "E121",
    name: "arn-fields",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN has fewer than six fields",
    explanation: "\
An ARN has six fields with colons between them: `arn`, partition, service, region, account, \
resource. Where fields are missing, what the entry means depends on the kind of policy: identity \
policies fill up with `*`, which is mostly more than was meant; session and resource control \
policies match nothing.",
    elsewhere: "Access Analyzer MISSING_ARN_FIELD",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:amzn-s3-demo-bucket"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}}"#,
    ),
};

impl Rule for ArnFields {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            let fields = arn_fields(resource.text);
            if fields.first() == Some(&"arn") && fields.len() < 6 {
                let message = format!("`{}` has {} of the six fields of an ARN", resource.text, fields.len());
                let label = if is_completed(resource.text, subject.kind()) {
                    let filled = ":*".repeat(6 - fields.len());
                    format!("read as `{}{filled}`", resource.text)
                } else {
                    "matches nothing".to_owned()
                };
                let help =
                    "write all of `arn:partition:service:region:account:resource`; a field may be empty";
                let finding = META.at(resource.span, message).label(label).help(help);
                found.push(match filled(resource.text, &fields) {
                    Some(whole) => {
                        let title = format!("write `{whole}`");
                        finding.fix(Fix::replace(title, resource.span, quoted(&whole), false))
                    }
                    None => finding,
                });
            }
        }
    }
}

/// The entry with empty fields before its last, or stars behind one that ends in a star.
fn filled(text: &str, fields: &[&str]) -> Option<String> {
    let missing = 6_usize.checked_sub(fields.len())?;
    if text.ends_with('*') {
        return Some(format!("{text}{}", ":*".repeat(missing)));
    }
    let (last, before) = fields.split_last()?;
    (before.len() >= 3).then(|| format!("{}{}:{last}", before.join(":"), ":".repeat(missing)))
}

/// Does this kind of policy take missing fields for `*`? (RE-006)
fn is_completed(text: &str, kind: PolicyType) -> bool {
    match kind {
        PolicyType::Identity | PolicyType::Boundary => true,
        PolicyType::Resource | PolicyType::Endpoint | PolicyType::Trust => text.contains('*'),
        PolicyType::ServiceControl => text.ends_with('*'),
        PolicyType::Session | PolicyType::ResourceControl => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn re_006_says_what_becomes_of_it() {
        insta::assert_snapshot!(show(&ArnFields), @r#"
        E121 `arn:aws:s3:amzn-s3-demo-bucket` has 4 of the six fields of an ARN
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:amzn-s3-demo-bucket"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read as `arn:aws:s3:amzn-s3-demo-bucket:*:*`
        help: write all of `arn:partition:service:region:account:resource`; a field may be empty
        "#);
    }
    #[test]
    fn re_006_what_is_completed_depends_on_the_kind() {
        assert!(is_completed("arn:aws:sqs", PolicyType::Identity));
        assert!(!is_completed("arn:aws:sqs", PolicyType::Session));
        assert!(!is_completed("arn:aws:sqs", PolicyType::Resource));
        assert!(is_completed("arn:aws:*:x", PolicyType::Resource));
        assert!(!is_completed("arn:aws:*:x", PolicyType::ServiceControl));
    }
}
