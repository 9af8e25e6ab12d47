//! E157: private addresses as the source of a request.

use std::net::IpAddr;

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Comparison;
use crate::source::Severity;
use ipnet::IpNet;

pub(super) struct PrivateSourceIp;

static META: Meta = Meta {
    code: "E157",
    name: "private-source-ip",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "every value of `aws:SourceIp` is a private address",
    explanation: "\
`aws:SourceIp` holds the public address from which a call reaches AWS; a call through a VPC endpoint \
does not have the key. A private block never matches, and `NotIpAddress` always does. The address \
inside a VPC is `aws:VpcSourceIp`.",
    elsewhere: "Access Analyzer PRIVATE_IP_ADDRESS, PRIVATE_NOT_IP_ADDRESS",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#,
    ),
};

impl Rule for PrivateSourceIp {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in
            subject.tests().filter(|test| test.comparison() == Comparison::Ip && test.is_on("aws:SourceIp"))
        {
            let all = test.values().iter().all(|value| is_private(&value.text));
            if all && !test.values().is_empty() {
                let message = "`aws:SourceIp` is a public address, and these are private";
                let label = if test.operator().base.negated { "always different" } else { "matches nothing" };
                let key = test.test.key.span;
                let fix = Fix::replace("ask for `aws:VpcSourceIp`", key, quoted("aws:VpcSourceIp"), false);
                let help = "`aws:VpcSourceIp` is the address inside a VPC, for calls through an endpoint";
                found.push(META.at(test.test.span.0, message).label(label).help(help).about(&test).fix(fix));
            }
        }
    }
}

/// Blocks from which no public address is.
const PRIVATE: [&str; 9] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

fn is_private(text: &str) -> bool {
    let block: Option<IpNet> = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    let within = |block: &IpNet| {
        PRIVATE
            .iter()
            .filter_map(|private| private.parse::<IpNet>().ok())
            .any(|private| private.contains(block))
    };
    block.as_ref().is_some_and(within)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_values() {
        insta::assert_snapshot!(show(&PrivateSourceIp), @r#"
        E157 `aws:SourceIp` is a public address, and these are private
          "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}}
                                                      ^^^^^^^^^^^^ matches nothing
        help: `aws:VpcSourceIp` is the address inside a VPC, for calls through an endpoint
        "#);
    }

    #[test]
    fn blocks_and_addresses() {
        for (text, expected) in [
            ("10.1.2.3", true),
            ("172.31.0.0/16", true),
            ("fd00::/8", true),
            ("8.0.0.0/5", false),
            ("203.0.113.7", false),
            ("0.0.0.0/0", false),
            ("ten", false),
        ] {
            assert_eq!(is_private(text), expected, "{text}");
        }
    }
}
