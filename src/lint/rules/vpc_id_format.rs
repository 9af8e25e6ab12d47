//! E156: a VPC or endpoint id that is none.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, has_wildcard};
use crate::lint::{Finding, Rule, Subject};
use crate::name::Pattern;
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct VpcIdFormat;

static META: Meta = Meta {
    code: "E156",
    name: "vpc-id-format",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`aws:SourceVpc` or `aws:SourceVpce` is compared with something that is no such id",
    explanation: "\
`aws:SourceVpc` holds the id of a VPC, `vpc-` with 8 or 17 characters behind it; `aws:SourceVpce` that \
of an endpoint, `vpce-…`. The two are easily mixed up. Another value is never equal: a grant is dead, \
and a `Deny` with a negated operator shuts everyone out.",
    elsewhere: "Access Analyzer INVALID_VPC_FORMAT, INVALID_VPCE_FORMAT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:SourceVpce": "vpc-1a2b3c4d"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}"#,
    ),
};

impl Rule for VpcIdFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests() {
            let Some((_, start)) = KEYS.iter().find(|(key, _)| test.is_on(key)) else { continue };
            // W211 speaks of operators that do not compare text.
            let like = match test.comparison() {
                Comparison::StringLike => true,
                Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => false,
                _ => continue,
            };
            let told_elsewhere = |text: &str| has_variable(text) || !like && has_wildcard(text);
            for value in test.values().iter().filter(|value| !told_elsewhere(&value.text)) {
                if !may_be(&value.text, start, like) {
                    let message = format!("`{}` is no value of `{}`", value.text, test.key());
                    found.push(
                        META.at(value.span, message).label(format!("expected `{start}…`")).about(&test),
                    );
                }
            }
        }
    }
}

const KEYS: [(&str, &str); 2] = [("aws:SourceVpc", "vpc-"), ("aws:SourceVpce", "vpce-")];

fn may_be(text: &str, start: &str, like: bool) -> bool {
    if like && has_wildcard(text) {
        return Pattern::new(text).overlaps(&Pattern::new(&format!("{start}????????*")));
    }
    text.strip_prefix(start).is_some_and(|id| {
        matches!(id.len(), 8 | 17)
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_value() {
        insta::assert_snapshot!(show(&VpcIdFormat), @r#"
        E156 `vpc-1a2b3c4d` is no value of `aws:SourceVpce`
          "Condition": {"StringEquals": {"aws:SourceVpce": "vpc-1a2b3c4d"}}}}
                                                           ^^^^^^^^^^^^^^ expected `vpce-…`
        "#);
    }

    #[test]
    fn forms_of_ids() {
        for (text, expected) in [
            ("vpc-1a2b3c4d", true),
            ("vpc-0123456789abcdef0", true),
            ("vpc-*", true),
            ("*", true),
            ("vpce-1a2b3c4d", false),
            ("vpce-*", false),
            ("vpc-12", false),
            ("10.0.0.0/8", false),
        ] {
            assert_eq!(may_be(text, "vpc-", true), expected, "{text}");
        }
    }
}
