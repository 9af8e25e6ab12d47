//! Why an answer is not the expected one: what decided it, and what came close to deciding otherwise.

use super::decision::Answer;
use super::layout::Style;
use super::steps::{listed, outcome, stopped_at, values};
use super::trace::Step;
use super::words;
use crate::source::escaped;

/// Statements that came close are told up to this number.
const MOST_NEAR: usize = 3;

/// Lines that tell why an answer with its trace is what it is, seen by someone who expected "allowed" or
/// expected a denial.
pub fn difference(answer: &Answer, expected_allow: bool, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    match (&*answer.decision, expected_allow) {
        ("ExplicitlyDenied", _) => {
            lines.push(format!("denied by {}", words::decided_by(answer)));
            deciding_tests(answer, &mut lines, style);
        }
        ("ImplicitlyDenied", true) if answer.layer != "credential" => {
            lines.push(words::decided_by(answer));
            near(answer, &answer.layer, "Allow", &mut lines, style);
        }
        ("Allowed", _) => {
            lines.push(format!("allowed by {}", words::decided_by(answer)));
            deciding_tests(answer, &mut lines, style);
            if !expected_allow {
                near(answer, "explicit-deny", "Deny", &mut lines, style);
            }
        }
        _ => lines.push(words::decided_by(answer)),
    }
    lines
}

fn steps<'a>(answer: &'a Answer, stage: &'a str) -> impl Iterator<Item = &'a Step> {
    let stages = answer.trace.iter().flatten().filter(move |one| one.stage == stage);
    stages.flat_map(|stage| &stage.statements)
}

/// The condition of the statement that decided.
fn deciding_tests(answer: &Answer, lines: &mut Vec<String>, style: Style) {
    let mut all = answer.trace.iter().flatten().flat_map(|stage| &stage.statements);
    let decided = answer.by.as_ref().and_then(|by| all.find(|step| step.by == *by));
    tests(decided, |_| true, lines, style);
}

/// Statements that got further than their action, and where they stopped.
fn near(answer: &Answer, stage: &str, effect: &str, lines: &mut Vec<String>, style: Style) {
    let is_near =
        |step: &&Step| step.applies == "false" && step.effect == effect && stopped_at(step) != "action";
    let (mut told, mut more) = (0, 0);
    for step in steps(answer, stage).filter(is_near) {
        if told == MOST_NEAR {
            more += 1;
            continue;
        }
        told += 1;
        let failed = step.parts.iter().find(|part| part.holds == "false");
        let element = failed.map_or("Condition", |part| &*part.element);
        let line = format!("{effect} {} stops at {element}", name(step));
        match lines.last_mut() {
            Some(first) if told == 1 && effect == "Allow" => *first = format!("{first}: {line}"),
            _ => lines.push(line),
        }
        if let Some((part, request)) = failed.and_then(|part| Some((part, part.request.as_ref()?))) {
            lines.push(format!("  policy   {}", listed(&part.policy)));
            lines.push(format!("  request  {}", escaped(request)));
        } else {
            tests(Some(step), |holds| holds == "false", lines, style);
        }
    }
    if more > 0 {
        lines.push(format!("and {more} more {effect} statements that came close"));
    }
    if told == 0 && effect == "Allow" {
        lines.push("no Allow there names this action".to_owned());
    }
}

fn tests(step: Option<&Step>, wanted: impl Fn(&str) -> bool, lines: &mut Vec<String>, style: Style) {
    for pair in step.iter().flat_map(|step| &step.conditions).filter(|pair| wanted(&pair.holds)) {
        let (operator, key) = (escaped(&pair.operator), escaped(&pair.key));
        lines.push(format!("  {operator} {key} {}   {}", values(&pair.policy), outcome(pair, style)));
    }
}

/// The `Sid`, else the policy and the number.
fn name(step: &Step) -> String {
    match step.by.sid.as_deref() {
        None | Some("") => format!("{}/{}", escaped(&step.by.policy), step.by.index),
        Some(sid) => escaped(sid),
    }
}
