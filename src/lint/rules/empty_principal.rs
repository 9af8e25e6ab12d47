//! I503: an empty principal.

use crate::lint::meta::{Example, FixKind, Meta, WITH_PRINCIPAL};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PrincipalValue;
use crate::source::Severity;

pub(super) struct EmptyPrincipal;

static META: Meta = Meta {
    code: "I503",
    name: "empty-principal",
    severity: Severity::Info,
    security: None,
    types: WITH_PRINCIPAL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`Principal` is an empty object or has an empty list",
    explanation: "\
A principal element that names nobody matches nobody: the statement does nothing. An empty \
`NotPrincipal` excepts nobody.",
    elsewhere: "Access Analyzer EMPTY_ARRAY_PRINCIPAL, EMPTY_OBJECT_PRINCIPAL",
    bad: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": []},
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::resource(
        "s3",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "111122223333"},
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for EmptyPrincipal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.statements().filter_map(|statement| statement.principal.as_ref()) {
            let PrincipalValue::Map(groups) = &part.value else { continue };
            let label = if part.negated { "excepts nobody" } else { "names nobody" };
            if groups.is_empty() {
                found.push(META.at(part.span.0, "no principal is listed").label(label));
            }
            for group in groups.iter().filter(|group| group.values.is_empty()) {
                let message = format!("no principal is listed under `{}`", group.kind.value);
                found.push(META.at(group.kind.span, message).label(label));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_016_points_at_the_kind() {
        insta::assert_snapshot!(show(&EmptyPrincipal), @r#"
        I503 no principal is listed under `AWS`
          "Effect": "Allow", "Principal": {"AWS": []},
                                           ^^^^^ names nobody
        "#);
    }
}
