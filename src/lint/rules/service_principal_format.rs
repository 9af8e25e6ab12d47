//! E144: a service principal that is no host name of AWS.

use crate::lint::Fix;
use crate::lint::meta::{Example, FixKind, Meta, WITH_PRINCIPAL};
use crate::lint::text::{has_variable, has_wildcard, quoted};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct ServicePrincipalFormat;

static META: Meta = Meta {
    code: "E144",
    name: "service-principal-format",
    severity: Severity::Error,
    security: None,
    types: WITH_PRINCIPAL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a service principal has not the form `name.amazonaws.com`",
    explanation: "\
A service is named by its full host name, such as `lambda.amazonaws.com`, in some cases with a \
region or the ending of another partition. The prefix that actions use is not enough and names \
nobody.",
    elsewhere: "Access Analyzer INVALID_SERVICE_PRINCIPAL_FORMAT",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "lambda"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for ServicePrincipalFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for principal in subject.principals().filter(|principal| principal.kind == Some("Service")) {
            // E145 speaks of wildcards and E139 of variables.
            let told_elsewhere =
                principal.text != "*" && has_wildcard(principal.text) || has_variable(principal.text);
            if !told_elsewhere && !is_service(principal.text) {
                let message = format!("`{}` is no service principal", principal.text);
                let finding = META.at(principal.span, message).label("expected `name.amazonaws.com`");
                let whole = format!("{}.amazonaws.com", principal.text.to_ascii_lowercase());
                found.push(if is_service(&whole) && !principal.text.contains('.') {
                    let title = format!("write `{whole}`");
                    finding.fix(Fix::replace(title, principal.span, quoted(&whole), false))
                } else {
                    finding
                });
            }
        }
    }
}

/// What the names of services end in, partition by partition; Alexa's end in Amazon's own domain.
const DOMAINS: [&str; 8] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".amazon.com",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
];

fn is_service(text: &str) -> bool {
    let of_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    DOMAINS
        .iter()
        .filter_map(|domain| text.strip_suffix(domain))
        .any(|name| !name.is_empty() && !name.starts_with('.') && name.bytes().all(of_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn shows_the_form() {
        insta::assert_snapshot!(show(&ServicePrincipalFormat), @r#"
        E144 `lambda` is no service principal
          "Effect": "Allow", "Principal": {"Service": "lambda"},
                                                      ^^^^^^^^ expected `name.amazonaws.com`
        "#);
    }
    #[test]
    fn forms_of_services() {
        for (text, expected) in [
            ("lambda.amazonaws.com", true),
            ("logs.eu-west-1.amazonaws.com", true),
            ("delivery.logs.amazonaws.com", true),
            ("ec2.amazonaws.com.cn", true),
            ("alexa-appkit.amazon.com", true),
            ("lambda", false),
            (".amazonaws.com", false),
            ("Lambda.amazonaws.com", false),
            ("lambda.amazonaws.org", false),
            ("*", false),
        ] {
            assert_eq!(is_service(text), expected, "{text}");
        }
    }
}
