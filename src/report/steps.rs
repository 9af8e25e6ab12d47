//! The steps of a decision as text: one line a stage, and below it what its statements say (UX-060).

use super::decision::Answer;
use super::human::mark_of;
use super::layout::{Mark, Style, columns, padded};
use super::trace::{Pair, Part, Stage, Step};
use super::words;
use crate::source::{escaped, shown};

/// Where the words of a stage begin.
const INDENT: usize = 18;
/// Statements that came close are listed up to this number; the rest is counted.
const MOST_NEAR: usize = 5;
/// Values of a list are shown up to this number.
const MOST_VALUES: usize = 4;

/// Adds all stages, the decision and what would change it.
pub(super) fn push(out: &mut String, answer: &Answer, style: Style) {
    let stages = answer.trace.as_deref().unwrap_or_default();
    let mut decided_at = None;
    for (number, stage) in (1..).zip(stages) {
        if decided_at.is_none() && decides(stage, answer) {
            decided_at = Some(number);
        }
        push_stage(out, number, stage, answer, style);
    }
    let word = match &*answer.decision {
        "Allowed" => "ALLOW".to_owned(),
        "ExplicitlyDenied" => "DENY (explicit)".to_owned(),
        "ImplicitlyDenied" => "DENY (implicit)".to_owned(),
        _ if answer.indeterminate => format!("INDETERMINATE: {}", words::decided_by(answer)),
        _ if answer.is_undecided() => format!("UNDECIDED, {}", words::decided_by(answer)),
        // Whichever of the two denials it turns out to be.
        _ => format!("DENY (explicit or implicit), {}", words::decided_by(answer)),
    };
    let at = decided_at.map(|number: usize| format!(" at stage {number}")).unwrap_or_default();
    let why = if answer.by.is_none() && answer.decision != "Undecided" {
        format!(": {}", words::decided_by(answer))
    } else {
        String::new()
    };
    style.push(out, &padded("decision", INDENT), &format!("{word}{at}{why}"), INDENT);
    if let Some(changes) = answer.would_allow.as_ref().filter(|changes| !changes.is_empty()) {
        let changes: Vec<String> = changes.iter().map(|change| escaped(&change.detail)).collect();
        let text = changes.join("; or ");
        style.push(out, &padded("what would allow", INDENT), &text, INDENT);
    }
}

/// Is this the stage at which the answer fell?
fn decides(stage: &Stage, answer: &Answer) -> bool {
    match &*answer.decision {
        "ExplicitlyDenied" => stage.stage == "explicit-deny",
        "Allowed" | "ImplicitlyDenied" => match &*answer.layer {
            "root" => stage.stage == "identity",
            layer => stage.stage == layer,
        },
        _ => false,
    }
}

fn push_stage(out: &mut String, number: usize, stage: &Stage, answer: &Answer, style: Style) {
    let head = padded(&format!("{number} {}", name(&stage.stage)), INDENT);
    let gap = " ".repeat(INDENT);
    let mark = style.mark(mark_of(&stage.result));
    let applying: Vec<&Step> = stage.statements.iter().filter(|step| step.applies != "false").collect();
    let mut first = head.as_str();
    for step in &applying {
        let pieces = headline(stage, step, answer, style);
        style.push_pieces(out, first, pieces.iter().map(String::as_str), INDENT + 2);
        push_pairs(out, &step.conditions, |_| true, style);
        first = &gap;
    }
    if applying.is_empty() {
        let text = match (&*stage.result, &stage.reason) {
            (_, Some(reason)) => reason.as_str(),
            ("denies", None) => "nothing here allows it",
            (_, None) if stage.stage == "explicit-deny" => "none applies",
            (_, None) => "nothing here allows it",
        };
        style.push(out, first, &format!("{mark} {text}"), INDENT + 2);
    } else if let Some(reason) = stage.reason.as_ref().filter(|_| stage.result == "denies") {
        style.push(out, first, &format!("{mark} but {reason}"), INDENT + 2);
    }
    // Where something was to allow and nothing does, what came close is what people look for.
    let wanted = applying.is_empty() && stage.stage != "explicit-deny";
    push_misses(out, stage, wanted, style);
}

/// The line of a statement that applies, in pieces that are not broken.
fn headline(stage: &Stage, step: &Step, answer: &Answer, style: Style) -> Vec<String> {
    let name = format!("{}/{}", escaped(&step.by.policy), words::statement(&step.by));
    let open = step.applies == "undecided";
    if stage.stage == "explicit-deny" {
        let mark = style.mark(if open { Mark::Open } else { Mark::No });
        let mut pieces = vec![mark, step.layer.to_string()];
        pieces.extend(name.split(' ').map(str::to_owned));
        pieces.push(" ".to_owned());
        pieces.extend(parts(&step.parts, style));
        return pieces;
    }
    let mark = style.mark(if open { Mark::Open } else { Mark::Yes });
    match (open, answer.is_allowed()) {
        (true, _) => {
            let mut pieces = vec![mark, "may allow:".to_owned()];
            pieces.extend(name.split(' ').map(str::to_owned));
            pieces.push(" ".to_owned());
            pieces.extend(parts(&step.parts, style));
            pieces
        }
        (false, allowed) => {
            let word = if allowed { "allows:" } else { "would allow:" };
            let words = name.split(' ').map(str::to_owned);
            [mark, word.to_owned()].into_iter().chain(words).collect()
        }
    }
}

fn parts(parts: &[Part], style: Style) -> impl Iterator<Item = String> {
    parts.iter().map(move |part| {
        let mark = match &*part.holds {
            "true" => Mark::Yes,
            "false" => Mark::No,
            _ => Mark::Open,
        };
        format!("{} {} ", part.element, style.mark(mark))
    })
}

/// The tests of a condition, one a line.
fn push_pairs(out: &mut String, pairs: &[Pair], wanted: impl Fn(&Pair) -> bool, style: Style) {
    for pair in pairs.iter().filter(|pair| wanted(pair)) {
        let left = format!("{} {} {}  ", escaped(&pair.operator), escaped(&pair.key), values(&pair.policy));
        let right = outcome(pair, style);
        // Broken before what came of it, if that fits a line; else anywhere.
        let fits = style.width.is_none_or(|width| INDENT + 6 + columns(&right) <= width);
        let words: Vec<&str> = if fits { vec![&right] } else { right.split(' ').collect() };
        let pieces = left.trim_end().split(' ').chain(std::iter::once("")).chain(words);
        style.push_pieces(out, &" ".repeat(INDENT + 4), pieces, INDENT + 6);
    }
}

/// What the request has, and what follows from it.
pub(super) fn outcome(pair: &Pair, style: Style) -> String {
    let arrow = style.arrow();
    let holds = match &*pair.holds {
        "true" => "holds",
        "false" => "does not hold",
        _ => "undecided",
    };
    let has = match &*pair.state {
        "absent" => "key missing".to_owned(),
        "unknown" => "key unknown".to_owned(),
        _ => format!("request {}", values(&pair.request)),
    };
    let because = match &*pair.reason {
        "if-exists" => "IfExists ",
        "empty-set" => "ForAllValues ",
        "key-missing" if pair.holds == "true" => "negated operator ",
        "set-operator-needed" => "several values without set prefix, ",
        _ => "",
    };
    let note = match pair.note.as_deref() {
        Some("unresolved-variable") => " (a variable has no value)",
        Some("unparsable-policy-value") => " (a value of the policy cannot be read)",
        Some("unparsable-request-value") => " (the value of the request cannot be read)",
        Some("over-limit") => " (too long to be compared)",
        _ => "",
    };
    format!("{has} {arrow} {because}{holds}{note}")
}

fn push_misses(out: &mut String, stage: &Stage, wanted: bool, style: Style) {
    let misses = stage.statements.iter().filter(|step| step.applies == "false");
    let (near, far): (Vec<&Step>, Vec<&Step>) = misses.partition(|step| stopped_at(step) != "action");
    let mut left: Vec<&Step> = far;
    let mut listed = Vec::new();
    for step in near {
        let room = style.verbose || (wanted && listed.len() < MOST_NEAR);
        if room { &mut listed } else { &mut left }.push(step);
    }
    if style.verbose {
        listed.append(&mut left);
    }
    for step in &listed {
        push_miss(out, step, style);
    }
    if left.is_empty() {
        return;
    }
    let effect = left.first().map_or("", |step| &*step.effect);
    let other = if listed.is_empty() && !stage.statements.iter().any(|step| step.applies != "false") {
        ""
    } else {
        "other "
    };
    let s = if left.len() == 1 { "" } else { "s" };
    let counts = ["action", "resource", "principal", "condition"].into_iter().filter_map(|element| {
        let count = left.iter().filter(|step| stopped_at(step) == element).count();
        (count > 0).then(|| format!("{count} by {element}"))
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    let text = format!(
        "{} {} {other}{effect} statement{s}: {counts}   (-v lists them)",
        style.mark(Mark::Silent),
        left.len()
    );
    style.push(out, &" ".repeat(INDENT), &text, INDENT + 2);
}

/// A statement that does not apply: where it stopped, what it wanted, what it got.
fn push_miss(out: &mut String, step: &Step, style: Style) {
    let name = format!("{}/{}", escaped(&step.by.policy), words::statement(&step.by));
    let failed = step.parts.iter().find(|part| part.holds == "false");
    let element = failed.map_or("Condition", |part| &*part.element);
    let text = format!("{} {name} stops at {element}", style.mark(Mark::Silent));
    style.push(out, &" ".repeat(INDENT), &text, INDENT + 2);
    let gap = " ".repeat(INDENT + 4);
    if let Some((part, request)) = failed.and_then(|part| Some((part, part.request.as_ref()?))) {
        style.push(out, &format!("{gap}policy   "), &listed(&part.policy), INDENT + 13);
        style.push(out, &format!("{gap}request  "), &escaped(request), INDENT + 13);
    } else {
        push_pairs(out, &step.conditions, |pair| pair.holds == "false", style);
    }
}

pub(super) fn stopped_at(step: &Step) -> &'static str {
    let failed = step.parts.iter().find(|part| part.holds == "false");
    match failed.map(|part| &*part.element) {
        Some("Action" | "NotAction") => "action",
        Some("Resource" | "NotResource") => "resource",
        Some("Principal" | "NotPrincipal") => "principal",
        _ => "condition",
    }
}

pub(super) fn values(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("\"{}\"", shown(value))).collect();
    cut(quoted)
}

pub(super) fn listed(values: &[String]) -> String {
    cut(values.iter().map(|value| escaped(value)).collect())
}

fn cut(mut values: Vec<String>) -> String {
    let more = values.len().saturating_sub(MOST_VALUES);
    values.truncate(MOST_VALUES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    if values.is_empty() { "nothing".to_owned() } else { values.join(", ") + &rest }
}

fn name(stage: &str) -> &str {
    debug_assert!(columns(stage) <= INDENT, "a stage's name fits before its words");
    match stage {
        "exempt" => "exempt action",
        "explicit-deny" => "explicit Deny",
        "credential" => "credential",
        "rcp" => "RCP",
        "scp" => "SCP",
        "endpoint" => "VPC endpoint",
        "resource" => "resource policy",
        "session" => "session policy",
        other => other,
    }
}
