//! E161: a resource policy about another service's resources.

use std::collections::BTreeSet;

use crate::catalog;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::{has_variable, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::name::Pattern;
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct ResourcePolicyResource;

static META: Meta = Meta {
    code: "E161",
    name: "resource-policy-resource",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Resource],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a resource policy names a resource of another service",
    explanation: "\
A resource policy speaks of the resource it is attached to. An entry of another service matches \
nothing that this service ever asks about.",
    elsewhere: "Access Analyzer UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "s3:GetObject", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ResourcePolicyResource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let Some(services) = subject.options.service.as_deref().and_then(services_of) else { return };
        for resource in subject.resources().filter(|resource| !resource.part.negated) {
            let Some([_, _, service, ..]) = whole_arn(resource.text) else { continue };
            if has_variable(service) || services.iter().any(|own| Pattern::new(service).matches(own)) {
                continue;
            }
            let own = subject.options.service.as_deref().unwrap_or_default();
            let message = format!("`{service}` is not the service of this policy, `{own}`");
            found.push(META.at(resource.span, message).label("matches nothing"));
        }
    }
}

/// Policies that are called after one service and speak of another.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("apigateway", "execute-api"),
    ("efs", "elasticfilesystem"),
    ("opensearch", "es"),
    ("s3", "s3-object-lambda"),
];

/// What stands in the third field of a service's ARNs; none if it is not known or left open.
fn services_of(prefix: &str) -> Option<BTreeSet<String>> {
    let other = OTHER_NAMES.iter().filter(|(name, _)| *name == prefix).map(|(_, other)| *other);
    let names: Vec<&str> = [prefix].into_iter().chain(other).collect();
    let mut found: BTreeSet<String> = names.iter().copied().map(str::to_owned).collect();
    let services: Vec<_> = names.iter().filter_map(|name| catalog::service(name)).collect();
    for kind in services.iter().flat_map(|service| service.resource_types()) {
        found.insert(kind.fields().get(2)?.literal()?.to_owned());
    }
    Some(found).filter(|_| !services.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_entry() {
        insta::assert_snapshot!(show(&ResourcePolicyResource), @r#"
        E161 `sqs` is not the service of this policy, `s3`
          "Action": "s3:GetObject", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"}}
                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        "#);
    }

    #[test]
    fn services_and_their_arns() {
        let of =
            |prefix: &str| services_of(prefix).map(|found| found.into_iter().collect::<Vec<_>>().join(" "));
        assert!(of("s3").unwrap().split(' ').any(|service| service == "s3"));
        assert!(of("apigateway").unwrap().contains("execute-api"));
        assert_eq!(of("backup"), None, "a vault keeps things of any service");
        assert_eq!(of("nowhere"), None);
    }
}
