//! Every step of a decision as data: the stages of UX-060, their statements, their conditions.

use serde::{Deserialize, Serialize};

use super::decision::{By, Word};

/// One box of the flow chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `exempt`, `explicit-deny`, `credential`, or a layer that holds policies.
    pub stage: Word,
    /// `denies`, `allows`, `silent`, `undecided` or `not-applicable`.
    pub result: Word,
    /// Why, where no statement says it.
    pub reason: Option<String>,
    /// The statements that were looked at here: all `Deny` at the first stage, then the `Allow` of the layer.
    pub statements: Vec<Step>,
}

/// What became of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The layer its policy stands in.
    pub layer: Word,
    /// `Allow` or `Deny`.
    pub effect: Word,
    /// The statement.
    #[serde(rename = "statement")]
    pub by: By,
    /// `true` if it applies, `false` if not, `undecided`.
    pub applies: Word,
    /// Its parts in the order in which they were tried, up to the first that does not match.
    pub parts: Vec<Part>,
    /// The tests of its condition, if the other parts match.
    pub conditions: Vec<Pair>,
}

/// One part of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The element as written: `NotAction`.
    pub element: Word,
    /// `true`, `false` or `undecided`.
    pub holds: Word,
    /// What the request has; only where the part does not match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// What the policy has; only where the part does not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<String>,
}

/// One operator with one key (EV-100).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The operator as written.
    pub operator: String,
    /// The key as written.
    pub key: String,
    /// `known`, `absent` or `unknown`.
    pub state: Word,
    /// The values of the request.
    pub request: Vec<String>,
    /// The values of the policy.
    pub policy: Vec<String>,
    /// `true`, `false` or `undecided`.
    pub holds: Word,
    /// Why: `compared`, `key-missing`, `if-exists`, `empty-set`, `set-operator-needed`, `presence`, `key-unknown`.
    pub reason: Word,
    /// What could not be compared: `unresolved-variable`, `unparsable-policy-value`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Word>,
}
