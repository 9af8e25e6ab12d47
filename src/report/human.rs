//! A decision as text for a terminal: the states side by side, and on demand every step.

use std::collections::BTreeSet;

use super::decision::{Answer, DecisionObject, NotAsked};
use super::layout::{Mark, Style, columns, padded};
use super::{steps, words};
use crate::source::escaped;

/// One question with its answers, ending in a line break.
pub fn human(decision: &DecisionObject, style: Style) -> String {
    let mut out = String::new();
    let request = &decision.request;
    let asked = format!("{} on {}", escaped(&request.action), escaped(&request.resource));
    let by = format!("by {}", escaped(&request.principal));
    let one_line = format!("{asked}      {by}");
    if style.width.is_none_or(|width| columns(&one_line) <= width) {
        style.push(&mut out, "", &format!("{}      {by}", style.strong(&asked)), 2);
    } else {
        style.push(&mut out, "", &style.strong(&asked), 2);
        style.push(&mut out, "  ", &by, 2);
    }
    out.push('\n');
    // One answer with all its steps needs no table.
    if let ([answer @ Answer { trace: Some(_), .. }], []) = (&*decision.answers, &*decision.not_asked) {
        steps::push(&mut out, answer, style);
        remarks(&mut out, decision, style);
        return out;
    }
    table(&mut out, &decision.answers, &decision.not_asked, style);
    remarks(&mut out, decision, style);
    for answer in decision.answers.iter().filter(|answer| answer.trace.is_some()) {
        let state = words::state(answer, &decision.answers);
        style.push(&mut out, "\n", &style.strong(&format!("MFA {state}")), 0);
        steps::push(&mut out, answer, style);
    }
    out
}

/// One question with its answers on one line, for runs of many.
pub fn one_line(decision: &DecisionObject, style: Style) -> String {
    let mut out = String::new();
    let request = &decision.request;
    if let Some(id) = &decision.id {
        out.push_str(&escaped(id));
        out.push_str("  ");
    }
    let several = decision.answers.len() > 1;
    for answer in &decision.answers {
        let (mark, word) = words::verdict(answer);
        if several {
            out.push_str(&words::state(answer, &decision.answers));
            out.push(' ');
        }
        out.push_str(&style.marked(mark, word));
        out.push_str("  ");
    }
    let asked = format!("{} on {} by {}", request.action, request.resource, request.principal);
    out.push_str(&escaped(&asked));
    if let ([answer], false) = (decision.answers.as_slice(), style.quiet) {
        out.push_str(": ");
        out.push_str(&words::decided_by(answer));
    }
    out.push('\n');
    out
}

fn table(out: &mut String, answers: &[Answer], not_asked: &[NotAsked], style: Style) {
    let states: Vec<String> = answers.iter().map(|answer| words::state(answer, answers)).collect();
    let first = states.iter().map(|state| columns(state)).max().unwrap_or_default().max(9);
    let verdicts: Vec<String> = answers
        .iter()
        .map(|answer| {
            let (mark, word) = words::verdict(answer);
            style.marked(mark, word)
        })
        .collect();
    let second = verdicts.iter().map(|verdict| columns(verdict)).max().unwrap_or_default().max(15);
    let start = 2 + first + 2 + second + 2;
    let row =
        |state: &str, verdict: &str| format!("  {}  {}  ", padded(state, first), padded(verdict, second));
    style.push(out, &row("MFA", "decision"), "decided by", start);
    let mut above = None;
    for ((answer, state), verdict) in answers.iter().zip(&states).zip(&verdicts) {
        let by = words::decided_by(answer);
        let same = above.replace((verdict, by.clone())) == Some((verdict, by.clone()));
        style.push(out, &row(state, verdict), if same { "same" } else { &by }, start);
    }
    for state in not_asked {
        let verdict = style.marked(Mark::None, "not possible");
        style.push(out, &row(&state.mfa, &verdict), &escaped(&state.reason), start);
    }
}

fn remarks(out: &mut String, decision: &DecisionObject, style: Style) {
    let mut remarks = Vec::new();
    if let Some(sentence) = words::about_mfa(&decision.answers).filter(|_| !style.quiet) {
        let next = decision.next_step.as_ref().map(|step| format!(" {}", escaped(step)));
        remarks.push(format!("{sentence}{}", next.unwrap_or_default()));
    }
    let absent: BTreeSet<&str> =
        decision.answers.iter().flat_map(|answer| &answer.assumed_absent).map(String::as_str).collect();
    if !absent.is_empty() {
        let absent: Vec<&str> = absent.into_iter().collect();
        remarks.push(format!("assumed absent: {}", escaped(&absent.join(", "))));
    }
    if !remarks.is_empty() {
        out.push('\n');
    }
    for remark in remarks {
        style.push(out, "", &remark, 2);
    }
}

/// What stands before a stage: does it let the request through?
pub(super) fn mark_of(result: &str) -> Mark {
    match result {
        "denies" => Mark::No,
        "allows" => Mark::Yes,
        "undecided" => Mark::Open,
        "silent" => Mark::Silent,
        _ => Mark::None,
    }
}
