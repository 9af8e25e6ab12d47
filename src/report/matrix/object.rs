//! A cell as data: the same members in JSON and CSV (UX-092).

use std::borrow::Cow;

use serde::Serialize;

use super::{States, words};
use crate::account::Cell;
use crate::engine::{Decision, Evaluation};
use crate::report::By;

/// A cell as programs read it.
#[derive(Debug, Clone, Serialize)]
pub struct CellObject<'c> {
    /// `user/alice`
    pub principal: &'c str,
    /// What is to be done.
    pub action: &'c str,
    /// To which thing: as given, or one that was found.
    pub resource: &'c str,
    /// The answers in the states that were asked for.
    pub answers: StateWords,
    /// What the three answers say; null if only one was asked for.
    pub verdict: Option<&'static str>,
    /// Is it a sensitive action that is allowed without MFA?
    pub mfa_gap: bool,
    /// The statement that lets in, or keeps out.
    pub by: Option<&'c By>,
    /// Is a policy missing that applies to the principal? Then it counts as denied.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub indeterminate: bool,
}

/// An answer for each state that was asked for.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct StateWords {
    /// With neither MFA key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<&'static str>,
    /// In a session without MFA.
    #[serde(rename = "false", skip_serializing_if = "Option::is_none")]
    pub false_: Option<&'static str>,
    /// With MFA.
    #[serde(rename = "true", skip_serializing_if = "Option::is_none")]
    pub true_: Option<&'static str>,
}

/// The columns of a table for programs; the members of a cell.
pub const CSV_COLUMNS: &str = "principal,action,resource,missing,false,true,verdict,mfa_gap,by";

impl<'c> CellObject<'c> {
    /// A cell with its deciding statement.
    pub fn new(principal: &'c str, cell: &Cell<'c>, states: States, by: Option<&'c By>) -> Self {
        Self {
            principal,
            action: cell.action.as_str(),
            resource: cell.resource.as_str(),
            answers: StateWords::new(states, |state| match state {
                States::Missing | States::Compare => cell.answers.missing,
                States::False => cell.answers.false_,
                States::True => cell.answers.true_,
            }),
            verdict: (states == States::Compare).then(|| cell.verdict.as_str()),
            mfa_gap: states.is_gap(cell),
            by,
            indeterminate: false,
        }
    }

    /// A cell of someone of whom nothing can be said.
    pub fn indeterminate(principal: &'c str, action: &'c str, resource: &'c str, states: States) -> Self {
        let open = |state: States| {
            (states == States::Compare || states == state).then_some(Decision::Undecided.as_str())
        };
        Self {
            principal,
            action,
            resource,
            answers: StateWords {
                missing: open(States::Missing),
                false_: open(States::False),
                true_: open(States::True),
            },
            verdict: None,
            mfa_gap: false,
            by: None,
            indeterminate: true,
        }
    }
}

impl StateWords {
    /// The words for the states that are told.
    pub fn new(states: States, answer: impl Fn(States) -> Evaluation) -> Self {
        let word = |state: States| {
            let told = states == States::Compare || states == state;
            told.then(|| answer(state).decision().as_str())
        };
        Self { missing: word(States::Missing), false_: word(States::False), true_: word(States::True) }
    }
}

/// A cell as a line of [`CSV_COLUMNS`], with its line break.
pub fn csv_row(cell: &CellObject<'_>) -> String {
    let StateWords { missing, false_, true_ } = cell.answers;
    let by = cell.by.map(words::decided_by).unwrap_or_default();
    let fields = [
        cell.principal,
        cell.action,
        cell.resource,
        missing.unwrap_or_default(),
        false_.unwrap_or_default(),
        true_.unwrap_or_default(),
        if cell.indeterminate { "indeterminate" } else { cell.verdict.unwrap_or_default() },
        if cell.mfa_gap { "true" } else { "false" },
        &by,
    ];
    let mut line = String::with_capacity(160);
    for (at, text) in fields.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        line.push_str(&field(text));
    }
    line.push('\n');
    line
}

/// A field by RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front.
fn field(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !text.contains([',', '"', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let quoted = text.replace('"', "\"\"");
    Cow::Owned(format!("\"{}{quoted}\"", if formula { "'" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rl_025_fields_are_quoted_and_are_no_formulas() {
        for (text, expected) in [
            ("user/alice", "user/alice"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=cmd()", "\"'=cmd()\""),
            ("*", "*"),
            ("", ""),
        ] {
            assert_eq!(field(text), expected);
        }
    }
}
