//! M482: a gate on some actions that leaves their siblings free.

use std::collections::BTreeSet;

use crate::catalog::{self, Level};
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Names, Stops, Vector, action, all_statements, covers_principals, gates};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, Statement};
use crate::source::Severity;

pub(super) struct MfaDenyPartlyGated;

static META: Meta = Meta {
    code: "M482",
    name: "mfa-deny-partly-gated",
    severity: Severity::Warning,
    security: Some(4.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "a gate covers some changes of a resource and leaves others free",
    explanation: "\
Who may not terminate an instance without MFA may still stop it, or change it. The siblings are the \
actions of the same service that change the same type of resource, and that the policy allows \
without MFA. Not every one need be guarded: see whether those that matter are.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
  {"Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
  {"Effect": "Deny", "NotAction": ["ec2:Describe*"], "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#,
    ),
};

impl Rule for MfaDenyPartlyGated {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let mut gates = gates(subject).filter(|gate| !gate.statement.action.negated).peekable();
        if gates.peek().is_none() {
            return;
        }
        let allows: Vec<_> = all_statements(subject)
            .filter(|(policy, statement)| {
                statement.effect.value == Effect::Allow
                    && Vector::of(policy, statement).is_none_or(Vector::without_mfa)
            })
            .map(|(_, statement)| (statement, Names::actions(statement)))
            .collect();
        for gate in gates {
            let free: Vec<_> = allows
                .iter()
                .filter(|(statement, _)| covers_principals(statement, gate.statement))
                .map(|(_, names)| names)
                .collect();
            if free.is_empty() {
                continue;
            }
            let stops = Stops::over(subject, gate.statement);
            let resources = Names::resources(gate.statement);
            let is_free = |name: &str| {
                let pattern = action(name);
                free.iter().any(|allowed| allowed.meets(&pattern))
                    && !stops.guard(&Names::only(pattern), &resources)
            };
            let siblings: Vec<_> =
                siblings(gate.statement).into_iter().filter(|name| is_free(name)).collect();
            if !siblings.is_empty() {
                let message =
                    format!("without MFA callers can still use {}", crate::lint::text::listed(&siblings));
                let finding = META.at(gate.statement.action.span.0, message).label("only this needs MFA");
                found.push(finding.help("add those that matter to the `Deny`").truth(gate.truth()));
            }
        }
    }
}

/// The actions that change the same types of resources as those of a statement.
fn siblings(statement: &Statement) -> Vec<String> {
    let changes = |action: &catalog::Action| matches!(action.level(), Level::Write | Level::Permissions);
    let types = |action: catalog::Action| action.resources().map(|taken| taken.resource_type().name());
    let mut gated: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    for entry in statement.action.entries.iter().filter(|entry| entry.value.contains(':')) {
        for action in catalog::expand(&entry.value).into_iter().filter(changes) {
            let service = action.service().prefix();
            match gated.iter_mut().find(|(known, _)| *known == service) {
                Some((_, known)) => known.extend(types(action)),
                None => gated.push((service, types(action).collect())),
            }
        }
    }
    let of_service = |(service, wanted): &(&str, BTreeSet<&str>)| {
        let shares = |action: &catalog::Action| types(*action).any(|name| wanted.contains(name));
        let actions = catalog::service(service).into_iter().flat_map(catalog::Service::actions);
        actions.filter(changes).filter(shares).map(|action| action.to_string()).collect::<Vec<_>>()
    };
    gated.iter().flat_map(of_service).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyPartlyGated), @r#"
        M482 without MFA callers can still use `ec2:AssociateAddress`, `ec2:AssociateApplicationStatusCheck`, `ec2:AssociateIamInstanceProfile` and 46 more
          {"Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ only this needs MFA
        help: add those that matter to the `Deny`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
