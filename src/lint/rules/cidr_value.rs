//! W216: an address block that is none, or not the one it looks like.

use ipnet::IpNet;

use crate::engine::is_readable;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct CidrValue;

static META: Meta = Meta {
    code: "W216",
    name: "cidr-value",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a value of `IpAddress` is no address or block, or has bits set beyond its prefix",
    explanation: "\
What cannot be read as an address or a block matches nothing. Leading zeros are not read, because \
other programs take them for octal. A block such as `203.0.113.7/24` means all of `203.0.113.0/24`, \
which is more than the single address it seems to name.",
    elsewhere: "Access Analyzer TYPE_MISMATCH_IP_RANGE, IMPROVE_IP_RANGE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.300/24"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#,
    ),
};

impl Rule for CidrValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| test.comparison() == Comparison::Ip) {
            // E140 says more about variables.
            for value in test.values().iter().filter(|value| !has_variable(&value.text)) {
                let text = &value.text;
                if !is_readable(test.comparison(), text) {
                    let message = format!("`{text}` is no address and no block");
                    found.push(META.at(value.span, message).label("matches nothing").about(&test));
                } else if let Ok(block) = text.parse::<IpNet>()
                    && block.trunc() != block
                {
                    let message = format!("`{text}` has bits set beyond its prefix");
                    let label = format!("means all of `{}`", block.trunc());
                    found.push(META.at(value.span, message).label(label).about(&test));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn co_060_points_at_the_value() {
        insta::assert_snapshot!(show(&CidrValue), @r#"
        W216 `203.0.113.300/24` is no address and no block
          "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.300/24"}}}}
                                                      ^^^^^^^^^^^^^^^^^^ matches nothing
        "#);
    }
    #[test]
    fn co_060_masks_zeros_and_host_bits() {
        for (value, expected) in [
            ("203.0.113.0/24", ""),
            ("203.0.113.7", ""),
            ("2001:db8::/32", ""),
            ("10.0.0.0/33", "W216 `10.0.0.0/33` is no address"),
            ("010.0.0.1", "W216 `010.0.0.1` is no address"),
            ("203.0.113.7/24", "W216 `203.0.113.7/24` has bits set"),
        ] {
            let text = META.bad.text.replace("203.0.113.300/24", value);
            let shown = show_on(&CidrValue, &Example::identity(text.leak()));
            assert!(
                if expected.is_empty() { shown.is_empty() } else { shown.starts_with(expected) },
                "{shown}"
            );
        }
    }
}
