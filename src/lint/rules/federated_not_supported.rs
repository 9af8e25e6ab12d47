//! E165: a federated principal where none can be.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct FederatedNotSupported;

static META: Meta = Meta {
    code: "E165",
    name: "federated-not-supported",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Resource],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a resource policy names a federated principal",
    explanation: "\
`Federated` names an identity provider, and only a role trusts one: in its trust policy. A resource \
meets the sessions that the role makes of such identities, so name the role.",
    elsewhere: "Access Analyzer FEDERATED_PRINCIPAL_NOT_SUPPORTED",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/visitors"},
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for FederatedNotSupported {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for principal in subject.principals().filter(|principal| principal.kind == Some("Federated")) {
            let message = format!("a resource policy cannot name the provider `{}`", principal.text);
            let help = "name the role whose trust policy names the provider";
            found.push(META.at(principal.span, message).label("matches nobody").help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_provider() {
        insta::assert_snapshot!(show(&FederatedNotSupported), @r#"
        E165 a resource policy cannot name the provider `cognito-identity.amazonaws.com`
          "Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nobody
        help: name the role whose trust policy names the provider
        "#);
    }
}
