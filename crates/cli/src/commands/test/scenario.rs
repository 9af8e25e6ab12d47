//! Asks a case that brings its policies along, as it is.

use twokeys::engine::{Decision, Layer, Prepared, explain};
use twokeys::report::{Answer, By, Detail, Source, Sources, answer};
use twokeys::source::Position;

use super::judge::{names_of, outcome_of, problem};
use super::outcome::{CaseOutcome, Unexpected};
use crate::failure::Problem;
use crate::input::Document;
use crate::testfile::{Asked, Scenario};

/// Where the policies of a scenario stand.
struct Inside<'s> {
    document: &'s Document,
    asked: &'s Asked,
}

impl Inside<'_> {
    fn start(&self, name: &str) -> usize {
        let policy = self.asked.starts.iter().find(|(policy, _)| policy.name() == name);
        policy.map_or(0, |(_, start)| *start as usize)
    }
}

impl Sources for Inside<'_> {
    /// Spans of a policy count from where it begins; so does this text.
    fn source(&self, policy: &Prepared) -> Option<Source<'_>> {
        let text = self.document.bytes.get(self.start(policy.name())..)?;
        Some(Source { file: &self.document.name, text })
    }
}

/// Asks a scenario and compares.
pub(super) fn judge(scenario: &Scenario, document: &Document) -> CaseOutcome {
    let mut outcome = outcome_of(document, &scenario.id);
    let asked = match (&scenario.asked, scenario.expected) {
        (Err(_), None) => {
            outcome.decisions = 1;
            return outcome;
        }
        (Err(wrong), Some(_)) => {
            outcome.problems = wrong.iter().map(|one| Problem::at(document, one.clone())).collect();
            return outcome;
        }
        (Ok(asked), _) => asked,
    };
    outcome.decisions = 1;
    if let Some(by) = &scenario.by
        && !asked.set.statements().any(|(_, statement)| names_of(&statement).contains(&by.value))
    {
        let (message, help) = ("no policy of this case has such a statement", "name a Sid of its policies");
        outcome.problems.push(problem(document, "unknown-statement", by.span, message, help));
        return outcome;
    }
    if let Some(expected) = differs(scenario, asked) {
        let inside = Inside { document, asked };
        let (mut answer, _) = answer(&asked.set, &asked.request, &inside, Detail::Trace);
        place(&mut answer, &inside);
        outcome.failures.push(Unexpected {
            action: asked.request.action.as_str().to_owned(),
            resource: asked.request.resource.as_str().to_owned(),
            wants_allow: scenario.expected == Some(Decision::Allowed),
            wanted_by: None,
            expected,
            answer,
        });
    }
    outcome
}

/// What was expected, if something else came out.
fn differs(scenario: &Scenario, asked: &Asked) -> Option<String> {
    let found = explain(&asked.set, &asked.request).evaluation();
    let Some(expected) = scenario.expected else {
        return Some("the policies or the request refused".to_owned());
    };
    let by = found.by().and_then(|id| asked.set.statement(id));
    let by_fits = scenario
        .by
        .as_ref()
        .is_none_or(|wanted| by.is_some_and(|statement| names_of(&statement).contains(&wanted.value)));
    let fits = found.decision() == expected
        && scenario.possible.is_none_or(|possible| possible == found.possible())
        && scenario.layer.is_none_or(|layer| layer == found.layer())
        && by_fits;
    if fits {
        return None;
    }
    let mut told = expected.as_str().to_owned();
    if let Some(possible) = scenario.possible {
        let possible: Vec<&str> = possible.iter().map(Decision::as_str).collect();
        told = format!("{told} ({})", possible.join(" or "));
    }
    told.push_str(&scenario.layer.map(|layer: Layer| format!("@{layer}")).unwrap_or_default());
    told.push_str(&scenario.by.as_ref().map(|by| format!(" by {}", by.value)).unwrap_or_default());
    Some(told)
}

/// Places of an answer, counted from the beginning of the file.
fn place(answer: &mut Answer, inside: &Inside<'_>) {
    let steps = answer.trace.iter_mut().flatten().flat_map(|stage| &mut stage.statements);
    let all = answer.by.iter_mut().chain(steps.map(|step| &mut step.by));
    for By { policy, line, column, span, .. } in all {
        let start = inside.start(policy);
        let at = Position::of(&inside.document.bytes, start);
        if *line == Some(1) {
            *column = column.map(|column| column + at.column - 1);
        }
        *line = line.map(|line| line + at.line - 1);
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        *span = span.map(|span| span.map(|end| end.saturating_add(start)));
    }
}
