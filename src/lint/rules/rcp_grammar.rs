//! E158: a resource control policy beyond the language of resource control policies.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, NamesPart, Policy, PolicyType, PrincipalPart, PrincipalValue, Version};
use crate::source::Severity;

pub(super) struct RcpGrammar;

static META: Meta = Meta {
    code: "E158",
    name: "rcp-grammar",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::ResourceControl],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a resource control policy is more than `Deny` for `\"*\"`",
    explanation: "\
A resource control policy can only deny, to everyone, and by naming actions: `Effect` is `Deny`, \
`Principal` is `*`, there is no `NotAction`, no bare `*` as action, and the version is 2012-10-17. \
The one that allows everything, `RCPFullAWSAccess`, is kept by AWS.",
    elsewhere: "Access Analyzer RCP_SYNTAX_ERROR_*",
    bad: Example::of(
        PolicyType::ResourceControl,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#,
    ),
    good: Example::of(
        PolicyType::ResourceControl,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#,
    ),
};

impl Rule for RcpGrammar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if is_full_access(subject.policy) {
            return;
        }
        let version = subject.policy.version.as_ref();
        if version.is_none_or(|version| version.value != Version::V2012) {
            let place = version.map_or(subject.start(), |version| version.span);
            found.push(META.at(place, "a resource control policy has version 2012-10-17"));
        }
        for statement in subject.statements() {
            if statement.effect.value == Effect::Allow {
                let finding = META.at(statement.effect.span, "a resource control policy cannot allow");
                found.push(finding.label("must be `Deny`"));
            }
            if let Some(part) = statement.principal.as_ref().filter(|part| !is_everyone(part)) {
                let place = if part.negated { part.name_span.0 } else { part.span.0 };
                let finding = META.at(place, "a resource control policy speaks of every principal");
                found.push(finding.label("must be `\"Principal\": \"*\"`"));
            }
            if statement.action.negated {
                let place = statement.action.name_span.0;
                found.push(
                    META.at(place, "a resource control policy has no `NotAction`").label("must be `Action`"),
                );
            }
            for star in statement.action.entries.iter().filter(|entry| entry.value == "*") {
                let finding = META.at(star.span, "a resource control policy names its services");
                found.push(finding.label("must be `service:…`"));
            }
        }
    }
}

fn is_everyone(part: &PrincipalPart) -> bool {
    !part.negated && matches!(&part.value, PrincipalValue::Text(text) if text.value == "*")
}

/// Is it `RCPFullAWSAccess`, the only one that allows?
fn is_full_access(policy: &Policy) -> bool {
    let is_star =
        |part: &NamesPart| !part.negated && matches!(part.entries.as_slice(), [one] if one.value == "*");
    let [only] = policy.statements.as_slice() else { return false };
    only.effect.value == Effect::Allow
        && only.condition.is_empty()
        && only.principal.as_ref().is_some_and(is_everyone)
        && is_star(&only.action)
        && only.resource.as_ref().is_some_and(is_star)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};

    #[test]
    fn pa_018_points_at_the_effect() {
        insta::assert_snapshot!(show(&RcpGrammar), @r#"
        E158 a resource control policy cannot allow
          "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
                    ^^^^^^^ must be `Deny`
        "#);
    }
    #[test]
    fn pa_018_everything_it_cannot_say() {
        let text = r#"{"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"},
    "NotAction": "s3:*", "Resource": "*"},
    {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}]}"#;
        insta::assert_snapshot!(show_on(&RcpGrammar, &Example::of(PolicyType::ResourceControl, text)), @r#"
        E158 a resource control policy has version 2012-10-17
        {"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"},
        ^
        E158 a resource control policy speaks of every principal
        {"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"},
                                          ^^^^^^^^^^^^^^ must be `"Principal": "*"`
        E158 a resource control policy has no `NotAction`
            "NotAction": "s3:*", "Resource": "*"},
            ^^^^^^^^^^^ must be `Action`
        E158 a resource control policy speaks of every principal
            {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}]}
                                            ^^^^^^^^^^^^ must be `"Principal": "*"`
        E158 a resource control policy names its services
            {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}]}
                                                                    ^^^ must be `service:…`
        "#);
    }

    #[test]
    fn pa_018_the_policy_that_aws_keeps_is_fine() {
        let text = r#"{"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}"#;
        assert_eq!(show_on(&RcpGrammar, &Example::of(PolicyType::ResourceControl, text)), "");
    }
}
