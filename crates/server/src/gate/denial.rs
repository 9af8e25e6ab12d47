//! Why a call was not allowed, in AWS's words (API-051).

use twokeys::engine::{Decision, Evaluation, Layer, PolicySet};

use super::Question;

/// A refusal of the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What the client reads.
    pub message: String,
    /// What the audit trail says besides: the deciding statement, or why nothing certain could be said.
    pub why: String,
    /// Did a `Deny` decide?
    pub explicit: bool,
}

impl Denial {
    pub(super) fn new(
        question: &Question<'_>,
        set: &PolicySet,
        evaluation: &Evaluation,
        decision: Decision,
    ) -> Self {
        let explicit = decision == Decision::ExplicitlyDenied;
        let kind = kind_of_policy(evaluation.layer(), question);
        let reason = if explicit {
            let article = match kind {
                "identity-based policy" => "an",
                "role trust policy" => "the",
                _ => "a",
            };
            format!("with an explicit deny in {article} {kind}")
        } else {
            format!("because no {kind} allows the {} action", question.action)
        };
        // Nobody shall learn whether a role exists (STS-021).
        let reason = if question.action == "sts:AssumeRole" { String::new() } else { format!(" {reason}") };
        let why = match evaluation.by().and_then(|by| set.statement(by)) {
            Some(by) => format!("{decision} by statement {} of {}", by.index, by.policy.name()),
            None => format!("{decision} ({})", evaluation.layer()),
        };
        Self { message: format!("{}{reason}", subject(question)), why, explicit }
    }

    /// A policy that applies cannot be read, or is not there: nobody can say what it allows (RL-002).
    pub(super) fn indeterminate(question: &Question<'_>, why: String) -> Self {
        Self { message: subject(question), why: format!("undecided: {why}"), explicit: false }
    }
}

/// `User: ARN is not authorized to perform: SVC:Action on resource: RES`
fn subject(question: &Question<'_>) -> String {
    format!(
        "User: {} is not authorized to perform: {} on resource: {}",
        question.caller.arn(question.state),
        question.action,
        shown(question),
    )
}

/// IAM writes single users and roles as `user NAME`, and the rest as ARNs.
fn shown(question: &Question<'_>) -> String {
    if question.action.starts_with("iam:") {
        for kind in ["user", "role"] {
            let prefix = question.state.arn(&format!("{kind}/"));
            if let Some(name) = question.resource.strip_prefix(&prefix).filter(|rest| !rest.is_empty()) {
                return format!("{kind} {}", name.rsplit('/').next().unwrap_or(name));
            }
        }
    }
    question.resource.to_owned()
}

fn kind_of_policy(layer: Layer, question: &Question<'_>) -> &'static str {
    match layer {
        Layer::Resource if question.action == "sts:AssumeRole" => "role trust policy",
        Layer::Resource => "resource-based policy",
        Layer::Boundary => "permissions boundary",
        Layer::Session => "session policy",
        Layer::Scp => "service control policy",
        Layer::Rcp => "resource control policy",
        Layer::Endpoint => "VPC endpoint policy",
        Layer::Identity | Layer::Credential | Layer::Exempt | Layer::Root => "identity-based policy",
    }
}
