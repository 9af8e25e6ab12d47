//! I511: private addresses among public ones.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject, edit};
use crate::policy::Comparison;
use crate::source::{Severity, Span};

pub(super) struct PrivateIpPart;

static META: Meta = Meta {
    code: "I511",
    name: "private-ip-part",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "some values of `aws:SourceIp` are private addresses",
    explanation: "\
`aws:SourceIp` is the public address of a caller. Private ranges such as `10.0.0.0/8` never fit \
it; calls through a VPC endpoint carry `aws:VpcSourceIp` in its place.",
    elsewhere: "Access Analyzer PRIVATE_IP_ADDRESS_SUBSET, PRIVATE_NOT_IP_ADDRESS_SUBSET",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#,
    ),
};

impl Rule for PrivateIpPart {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in
            subject.tests().filter(|test| test.comparison() == Comparison::Ip && test.is_on("aws:SourceIp"))
        {
            let spans: Vec<Span> = test.values().iter().map(|value| value.span).collect();
            let private: Vec<bool> = test.values().iter().map(|value| is_private(&value.text)).collect();
            // If all are, that is more than a remark.
            if private.iter().all(|private| *private) {
                continue;
            }
            for (at, value) in
                test.values().iter().enumerate().filter(|(at, _)| private.get(*at) == Some(&true))
            {
                let message = format!("`{}` is private, and `aws:SourceIp` never is", value.text);
                let mut finding = META.at(value.span, message).about(&test);
                finding.fix = edit::take_out("drop the value", &spans, at, false);
                found.push(finding);
            }
        }
    }
}

/// Ranges that are not routed on the internet.
const PRIVATE: &[&str] = &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

fn is_private(text: &str) -> bool {
    let block = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let within = |block: &IpNet| {
        PRIVATE.iter().filter_map(|range| range.parse::<IpNet>().ok()).any(|range| range.contains(block))
    };
    block.is_ok_and(|block| within(&block))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_value() {
        insta::assert_snapshot!(show(&PrivateIpPart), @r#"
        I511 `10.0.0.0/8` is private, and `aws:SourceIp` never is
          "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}}}}
                                                       ^^^^^^^^^^^^
        "#);
    }
}
