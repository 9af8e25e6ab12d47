//! E146: a resource in a trust policy.

use crate::lint::Fix;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{NamesPart, PolicyType, Statement};
use crate::source::{Severity, Span};

pub(super) struct TrustResource;

static META: Meta = Meta {
    code: "E146",
    name: "trust-resource",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a role's trust policy has `Resource` or `NotResource`",
    explanation: "\
The resource of a trust policy is the role it belongs to. IAM refuses to store one that states a \
resource.",
    elsewhere: "Access Analyzer ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole", "Resource": "*"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for TrustResource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements() {
            let Some(part) = &statement.resource else { continue };
            let name = if part.negated { "NotResource" } else { "Resource" };
            let message = format!("a trust policy has no `{name}`");
            let finding = META.at(part.name_span.0, message).label("the resource is the role itself");
            found.push(match end_before(statement, part) {
                Some(start) => {
                    let span = Span { start, end: part.span.0.end };
                    finding.fix(Fix::replace(format!("remove `{name}`"), span, "", true))
                }
                None => finding,
            });
        }
    }
}

/// Where the element before ends; what lies between is a comma and white space.
fn end_before(statement: &Statement, part: &NamesPart) -> Option<u32> {
    let sid = statement.sid.as_ref().map(|sid| sid.span);
    let principal = statement.principal.as_ref().map(|principal| principal.span.0);
    let condition = statement.condition_span.map(|condition| condition.0);
    let others = [sid, principal, condition, Some(statement.effect.span), Some(statement.action.span.0)];
    let before = others.into_iter().flatten().map(|span| span.end);
    before.filter(|end| *end <= part.name_span.0.start).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pa_012_points_at_the_element() {
        insta::assert_snapshot!(show(&TrustResource), @r#"
        E146 a trust policy has no `Resource`
          "Action": "sts:AssumeRole", "Resource": "*"}}
                                      ^^^^^^^^^^ the resource is the role itself
        "#);
    }
}
