//! A decision as Markdown, for pull requests and notes. (Writing to a `String` cannot fail.)

use std::fmt::Write;

use super::decision::DecisionObject;
use super::words;
use crate::source::escaped;

/// One question with its answers, ending in a line break.
pub fn markdown(decision: &DecisionObject) -> String {
    let request = &decision.request;
    let mut out = format!(
        "**{}** on {} by {}\n\n| MFA | decision | decided by |\n| --- | --- | --- |\n",
        text(&request.action),
        code(&request.resource),
        code(&request.principal),
    );
    for answer in &decision.answers {
        let state = words::state(answer, &decision.answers);
        let (_, verdict) = words::verdict(answer);
        let _ = writeln!(out, "| {state} | {verdict} | {} |", text(&words::decided_by(answer)));
    }
    if let Some(sentence) = words::about_mfa(&decision.answers) {
        let _ = writeln!(out, "\n{sentence}");
    }
    out
}

/// One table for many questions: a row each, after the head that `head` asks for.
pub fn markdown_rows(decision: &DecisionObject, head: bool) -> String {
    let mut out = String::new();
    if head {
        out.push_str("| id | action | resource | principal | MFA | decision | decided by |\n");
        out.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    }
    let request = &decision.request;
    for answer in &decision.answers {
        let (_, verdict) = words::verdict(answer);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {verdict} | {} |",
            text(decision.id.as_deref().unwrap_or_default()),
            text(&request.action),
            code(&request.resource),
            code(&request.principal),
            words::state(answer, &decision.answers),
            text(&words::decided_by(answer)),
        );
    }
    out
}

/// Text in which nothing is markup.
fn text(text: &str) -> String {
    let mut out = String::new();
    for character in escaped(text).chars() {
        if matches!(character, '\\' | '|' | '*' | '_' | '`' | '<' | '[' | ']' | '~') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A name as code; a backtick in it must not end it, nor a bar the cell.
fn code(name: &str) -> String {
    let name = escaped(name).replace('|', "\\|");
    if name.contains('`') { format!("`` {name} ``") } else { format!("`{name}`") }
}
