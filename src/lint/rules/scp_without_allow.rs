//! E163: a service control policy that allows nothing.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, PolicyType};
use crate::source::Severity;

pub(super) struct ScpWithoutAllow;

static META: Meta = Meta {
    code: "E163",
    name: "scp-without-allow",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::ServiceControl],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` of a service control policy has an empty `Action` or `Resource` list",
    explanation: "\
Every level of an organization must allow what is to be allowed. An `Allow` that lists nothing \
allows nothing, and if it is the only one of its level, no account below can do anything.",
    elsewhere: "Access Analyzer EMPTY_ARRAY_ACTION (suggestion there)",
    bad: Example::of(
        PolicyType::ServiceControl,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": [], "Resource": "*"}}"#,
    ),
    good: Example::of(
        PolicyType::ServiceControl,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    ),
};

impl Rule for ScpWithoutAllow {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.statements().filter(|statement| statement.effect.value == Effect::Allow) {
            let parts = [("Action", Some(&statement.action)), ("Resource", statement.resource.as_ref())];
            for (name, part) in parts.into_iter().filter_map(|(name, part)| Some((name, part?))) {
                if part.entries.is_empty() && !part.negated {
                    let message = format!("an `Allow` with an empty `{name}` list allows nothing");
                    found.push(META.at(part.span.0, message));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_empty_list() {
        insta::assert_snapshot!(show(&ScpWithoutAllow), @r#"
        E163 an `Allow` with an empty `Action` list allows nothing
          "Effect": "Allow", "Action": [], "Resource": "*"}}
                                       ^^
        "#);
    }
}
