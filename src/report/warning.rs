//! What is worth a warning beside an answer (UX-088).

use serde::{Deserialize, Serialize};

use super::decision::{Sources, Word};
use super::layout::Style;
use crate::engine::{ConditionTrace, Explanation, Met, MetKind, Note, PolicySet, Prepared, StatementRef};
use crate::lint::Finding;
use crate::policy::{ConditionBlock, ConditionTest};
use crate::request::{KeyState, Request};
use crate::source::{Span, escaped, shown};

/// One warning. Two are the same if all their fields are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// The code that `twokeys explain` knows.
    pub code: Word,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The policy it is about.
    pub policy: Option<String>,
    /// The statement in the policy, from 1.
    pub index: Option<usize>,
    /// The file.
    #[serde(default)]
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The character in the line, from 1.
    pub column: Option<usize>,
    /// The smallest change that mends it.
    #[serde(default)]
    pub help: Option<String>,
}

impl Warning {
    /// A warning about the question, not about a policy.
    pub fn of_question(code: &'static str, message: impl Into<String>, help: &str) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            policy: None,
            index: None,
            file: None,
            line: None,
            column: None,
            help: Some(help.to_owned()),
        }
    }
}

impl Warning {
    /// A finding of the linter in a policy.
    pub fn of_finding(finding: &Finding, policy: &Prepared, sources: &dyn Sources) -> Self {
        let message = finding.message.clone();
        let warning =
            Self::in_policy(finding.code(), message, policy, finding.statement, finding.span, sources);
        Self { help: finding.help.clone(), ..warning }
    }

    /// The warning as text for a person, ending in a line break.
    pub fn to_text(&self, style: Style) -> String {
        let mut out = String::new();
        let head = style.alert(&format!("warning[{}]:", self.code));
        style.push(&mut out, &format!("{head} "), &escaped(&self.message), 2);
        if let (Some(file), Some(line), Some(column)) = (&self.file, self.line, self.column) {
            style.push(&mut out, " --> ", &format!("{}:{line}:{column}", escaped(file)), 5);
        }
        if let Some(help) = &self.help {
            style.push(&mut out, "  = help: ", &escaped(help), 10);
        }
        out
    }

    fn in_policy(
        code: &'static str,
        message: String,
        policy: &Prepared,
        index: Option<usize>,
        span: Span,
        sources: &dyn Sources,
    ) -> Self {
        let source = sources.source(policy);
        let at = sources.position(policy, span.start as usize);
        Self {
            code: code.into(),
            message,
            policy: Some(policy.name().to_owned()),
            index,
            file: source.map(|source| source.file.to_owned()),
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
            help: None,
        }
    }
}

/// What evaluation met on its way, as warnings.
pub fn of_explanation(
    set: &PolicySet,
    request: &Request,
    explanation: &Explanation,
    sources: &dyn Sources,
) -> Vec<Warning> {
    let each = explanation.met().iter().filter_map(|met| {
        let statement = set.statement(met.statement)?;
        let (span, message) = words(statement, request, explanation, met)?;
        let index = Some(statement.index);
        let warning = Warning::in_policy(met.kind.code(), message, statement.policy, index, span, sources);
        Some(Warning { help: Some(help(met.kind).to_owned()), ..warning })
    });
    each.collect()
}

/// The next step.
fn help(kind: MetKind) -> &'static str {
    match kind {
        MetKind::SetOperatorNeeded => "use `ForAnyValue:` or `ForAllValues:`",
        MetKind::OverLimit => "shorten the value, or what its variables stand for",
        MetKind::UnparsableValue => "correct the value, or take the operator of its type",
        MetKind::UnresolvedVariable => "give the key that the variable names: `-c KEY=VALUE`",
        MetKind::IncompleteArn => "write all six fields: `arn:partition:service:region:account:resource`",
        MetKind::PrincipalByName => "give it: `--principal-detail roleArn=ARN`",
        MetKind::NotPrincipalAccount => {
            "list the account's root beside the principal: `arn:aws:iam::ACCOUNT:root`"
        }
    }
}

/// Where it is, and what.
fn words(
    statement: StatementRef<'_>,
    request: &Request,
    explanation: &Explanation,
    met: &Met,
) -> Option<(Span, String)> {
    let tested = met.condition.and_then(|(block, test)| {
        let block = statement.statement.condition.get(block)?;
        Some((block, block.tests.get(test)?))
    });
    let resource = statement.statement.resource.as_ref();
    let entry = met.resource.and_then(|at| resource?.entries.get(at));
    let principal = statement.statement.principal.as_ref();
    match (met.kind, tested, entry) {
        (MetKind::SetOperatorNeeded, Some((block, test)), _) => {
            let count = match request.context.get(&test.key.value) {
                KeyState::Known(values) => values.len(),
                _ => 0,
            };
            let (key, operator) = (shown(&test.key.value), &block.written);
            let message = format!(
                "`{key}` has {count} values and `{operator}` no set prefix, so the condition is not met"
            );
            Some((test.key.span, message))
        }
        (MetKind::OverLimit, Some((_, test)), _) => {
            let message = format!(
                "a value for `{}` is too long with its variables filled in; it was not compared",
                shown(&test.key.value)
            );
            Some((test.key.span, message))
        }
        (MetKind::OverLimit, None, Some(entry)) => {
            let message = format!(
                "`{}` is too long with its variables filled in; it was not compared",
                shown(&entry.value)
            );
            Some((entry.span, message))
        }
        (MetKind::UnparsableValue, Some((block, test)), _) => {
            Some((test.key.span, unparsable(block, test, request, explanation, met)))
        }
        (MetKind::UnresolvedVariable, Some((_, test)), _) => {
            let message = format!(
                "a variable in a value for `{}` has nothing to stand for, so that value matches nothing",
                shown(&test.key.value)
            );
            Some((test.key.span, message))
        }
        (MetKind::UnresolvedVariable, None, Some(entry)) => {
            let entry_text = shown(&entry.value);
            let message = format!(
                "a variable in `{entry_text}` has nothing to stand for, so this entry matches nothing"
            );
            Some((entry.span, message))
        }
        (MetKind::IncompleteArn, _, Some(entry)) => {
            let message = format!("`{}` is an ARN with fewer than six fields", shown(&entry.value));
            Some((entry.span, message))
        }
        (MetKind::PrincipalByName, ..) => {
            let message = "the full ARN of the session's role is not known, so its name was compared";
            Some((principal?.span.0, message.to_owned()))
        }
        (MetKind::NotPrincipalAccount, ..) => {
            let message = "`NotPrincipal` does not list the account of the requester; \
                           some services then deny the request in any case";
            Some((principal?.span.0, message.to_owned()))
        }
        _ => None,
    }
}

fn unparsable(
    block: &ConditionBlock,
    test: &ConditionTest,
    request: &Request,
    explanation: &Explanation,
    met: &Met,
) -> String {
    let is_it = |trace: &&ConditionTrace| Some((trace.block, trace.test)) == met.condition;
    let traced = explanation.statements().iter().find(|trace| trace.id == met.statement);
    let note =
        traced.and_then(|trace| trace.conditions.iter().find(is_it)).and_then(|trace| trace.judgment.note);
    let (operator, key) = (&block.written, shown(&test.key.value));
    let effect = if block.operator.value.base.negated { "counts as different" } else { "matches nothing" };
    match (note, request.context.get(&test.key.value)) {
        (Some(Note::UnparsableRequestValue), KeyState::Known([value])) => {
            format!(
                "`{operator}` cannot read `{}`, the request's value of `{key}`; it {effect}",
                shown(value)
            )
        }
        (Some(Note::UnparsableRequestValue), _) => {
            format!("`{operator}` cannot read a value that the request has for `{key}`; it {effect}")
        }
        _ => format!("`{operator}` cannot read a value that the policy has for `{key}`; it {effect}"),
    }
}
