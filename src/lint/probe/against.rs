//! What a change of a policy does for callers without MFA.

use std::collections::BTreeSet;

use super::{requests, sets_of};
use crate::catalog;
use crate::engine::{PolicySet, evaluate};
use crate::policy::{Policy, PolicyType, Statement};
use crate::request::{MfaState, Request};

/// No more actions than this are asked about.
const MOST_ACTIONS: usize = 25_000;

/// Something that can be done without MFA, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changed {
    /// The action.
    pub action: String,
    /// The resource, as the policy writes it where it can be told.
    pub resource: String,
    /// The state of MFA: missing, else false.
    pub mfa: &'static str,
}

/// What is allowed without MFA now and was not before, and the reverse.
///
/// Asked is each action that the two name, wildcards written out, on each resource that a statement about
/// it names, with the keys of the conditions missing and at values that hit.
pub fn gained_and_lost(before: &Policy, after: &Policy, kind: PolicyType) -> (Vec<Changed>, Vec<Changed>) {
    let (Some(old), Some(new)) = (sets_of(before, kind), sets_of(after, kind)) else {
        return (Vec::new(), Vec::new());
    };
    let (mut gained, mut lost) = (BTreeSet::new(), BTreeSet::new());
    let probe = requests::Probe::of(&[before, after], kind);
    let statements: Vec<&Statement> = [before, after].iter().flat_map(|policy| &policy.statements).collect();
    for action in actions(&statements).into_iter().take(MOST_ACTIONS) {
        let Ok(name) = action.parse::<crate::name::Action>() else { continue };
        for (written, requests) in probe.on(&name) {
            for state in [MfaState::Missing, MfaState::False] {
                let answers = old
                    .iter()
                    .zip(&new)
                    .map(|(old, new)| (allows(old, &requests, state), allows(new, &requests, state)));
                let Some((_, is)) = answers.into_iter().find(|(was, is)| was != is) else { continue };
                let change = Changed {
                    action: action.clone(),
                    resource: written.clone(),
                    mfa: if state == MfaState::Missing { "missing" } else { "false" },
                };
                if is { &mut gained } else { &mut lost }.insert(change);
            }
        }
    }
    (gained.into_iter().collect(), lost.into_iter().collect())
}

/// Is one of the requests allowed in this state?
fn allows(set: &PolicySet, requests: &[Request], state: MfaState) -> bool {
    requests.iter().any(|request| {
        let mut asked = request.clone();
        match state.apply(request.context.to_builder()).build() {
            Ok(context) => asked.context = context,
            Err(_) => return false,
        }
        evaluate(set, &asked).decision().is_allowed()
    })
}

/// All actions that a statement names, or all of the catalog where one names what it does not mean.
fn actions(statements: &[&Statement]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in statements {
        if statement.action.negated {
            names.extend(catalog::actions().map(|action| action.to_string()));
        }
        for entry in &statement.action.entries {
            let known = catalog::expand(&entry.value);
            if known.is_empty() && !entry.value.contains(['*', '?']) {
                names.insert(entry.value.clone());
            }
            names.extend(known.iter().map(ToString::to_string));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(action: &str, resource: &str, condition: &str) -> Policy {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}",
              "Condition": {condition}}}]}}"#
        );
        Policy::parse(&text).unwrap()
    }

    const MFA: &str = r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#;

    #[test]
    fn a_gate_that_goes_is_a_gain_in_both_states() {
        let gated = policy("s3:DeleteBucket", "arn:aws:s3:::b*", MFA);
        let open = policy("s3:DeleteBucket", "arn:aws:s3:::b*", "{}");
        let (gained, lost) = gained_and_lost(&gated, &open, PolicyType::Identity);
        let told: Vec<_> = gained.iter().map(|one| (one.resource.as_str(), one.mfa)).collect();
        assert_eq!(told, [("arn:aws:s3:::b*", "false"), ("arn:aws:s3:::b*", "missing")]);
        assert!(lost.is_empty());
        let (gained, lost) = gained_and_lost(&open, &gated, PolicyType::Identity);
        assert_eq!((gained.len(), lost.len()), (0, 2));
    }

    #[test]
    fn wildcards_are_written_out_and_other_conditions_are_met() {
        let narrow = policy("s3:GetObject", "*", r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#);
        let wide = policy("s3:GetObject*", "*", r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#);
        let (gained, _) = gained_and_lost(&narrow, &wide, PolicyType::Identity);
        assert!(gained.iter().any(|one| one.action == "s3:GetObjectAcl"), "{gained:?}");
        assert!(gained.iter().all(|one| one.action != "s3:GetObject"), "{gained:?}");
    }

    #[test]
    fn the_same_policy_changes_nothing() {
        let gated = policy("iam:*", "*", MFA);
        assert_eq!(gained_and_lost(&gated, &gated, PolicyType::Identity), (Vec::new(), Vec::new()));
    }
}
