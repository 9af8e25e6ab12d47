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
    for state in &decision.not_asked {
        let _ = writeln!(out, "| {} | not possible | {} |", text(&state.mfa), text(&state.reason));
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

/// A name as code; no run of backticks in it may end it, nor a bar the cell.
fn code(name: &str) -> String {
    let name = escaped(name).replace('|', "\\|");
    let longest = name.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A backtick at an end would join the fence, and one space at both ends is taken off again.
    let edge = ['`', ' '];
    let gap = if name.starts_with(edge) || name.ends_with(edge) { " " } else { "" };
    format!("{fence}{gap}{name}{gap}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_backticks_in_a_name_end_its_code() {
        for (name, expected) in
            [("a", "`a`"), ("a`b", "``a`b``"), ("a``b", "```a``b```"), ("`", "`` ` ``"), ("a|b", "`a\\|b`")]
        {
            assert_eq!(code(name), expected);
        }
    }
}
