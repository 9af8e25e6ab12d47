//! S324: an address range that is the whole internet.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;
use ipnet::IpNet;

pub(super) struct SourceIpEverywhere;

static META: Meta = Meta {
    code: "S324",
    name: "source-ip-everywhere",
    severity: Severity::Warning,
    security: Some(6.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a condition on an address spans all addresses",
    explanation: "\
`0.0.0.0/0` and `::/0` hold every address there is. `IpAddress` with one of them limits nothing; \
`NotIpAddress` with one is never true for such an address, so a `Deny` with it protects nothing.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#,
    ),
};

impl Rule for SourceIpEverywhere {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| test.comparison() == Comparison::Ip) {
            let blocks = test
                .values()
                .iter()
                .filter_map(|value| Some((value.span, value.text.parse::<IpNet>().ok()?)));
            let blocks: Vec<_> = blocks.collect();
            let label = if test.operator().base.negated { "never true" } else { "limits nothing" };
            // Two halves make a whole.
            let together = IpNet::aggregate(&blocks.iter().map(|(_, block)| block.trunc()).collect());
            for whole in together.iter().filter(|block| block.prefix_len() == 0) {
                let (span, name) = blocks
                    .iter()
                    .find(|(_, block)| block.prefix_len() == 0 && whole.contains(block))
                    .map_or((test.test.span.0, "these blocks together".to_owned()), |(span, block)| {
                        (*span, format!("`{block}`"))
                    });
                let (message, verb) =
                    (name, if span == test.test.span.0 && blocks.len() > 1 { "hold" } else { "holds" });
                found
                    .push(META.at(span, format!("{message} {verb} every address")).label(label).about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_value() {
        insta::assert_snapshot!(show(&SourceIpEverywhere), @r#"
        S324 `0.0.0.0/0` holds every address
          "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}}
                                                      ^^^^^^^^^^^ limits nothing
        "#);
    }

    #[test]
    fn halves_make_a_whole() {
        for (values, expected) in [
            (r#""::/0""#, true),
            (r#"["10.0.0.0/8", "0.0.0.0/0"]"#, true),
            (r#"["0.0.0.0/1", "128.0.0.0/1"]"#, true),
            (r#"["0.0.0.0/1", "128.0.0.0/2"]"#, false),
            (r#"["no address"]"#, false),
        ] {
            let text = META.bad.text.replace(r#""0.0.0.0/0""#, values);
            let shown = crate::lint::show_on(&SourceIpEverywhere, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), expected, "{values}");
        }
    }
}
