//! `# lint: ignore[M448,M437] reason until=2027-01-31` in YAML.
//!
//! On the line of a finding it accepts that finding; alone on a line, those of the whole statement, block or
//! resource that begins below.

use twokeys::json::{Node, Value};
use twokeys::source::Span;

use crate::intake::found::{Accepted, Found};

/// Gives each policy the comments that speak of it.
pub(super) fn attach(text: &str, roots: &[Node<'_>], found: &mut [Found]) {
    for accepted in comments(text, roots) {
        let Some(within) = accepted.within else { continue };
        let meets = |one: &Found| {
            let own = one.map.to_file(Span::new(0, one.text.len()));
            own.start < within.end && within.start < own.end
        };
        let mut used = false;
        for one in found.iter_mut().filter(|one| meets(one)) {
            one.accepted.push(accepted.clone());
            used = true;
        }
        // A comment that meets no policy is useless, and somebody has to say so.
        if let (false, Some(first)) = (used, found.first_mut()) {
            first.accepted.push(accepted);
        }
    }
}

/// No more comments than this are read: each looks through the whole file.
const MOST: usize = 1_000;

fn comments(text: &str, roots: &[Node<'_>]) -> Vec<Accepted> {
    let mut lines = Vec::new();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line { start: end, text: line });
        end += line.len();
    }
    let mut all = Vec::new();
    // From the end, so that what begins below a line is known when it is read.
    let mut next = None;
    for line in lines.into_iter().rev() {
        if let Some((at, comment)) = marker(line.text)
            && all.len() < MOST
        {
            let own_line = line.text.get(..at).is_some_and(|before| before.trim().is_empty());
            let span = Span::new(line.start + at, line.start + at + comment.len());
            let within = match &next {
                Some(next) if own_line => below(next, roots),
                _ => line.span(),
            };
            all.extend(entries(comment, span, within));
        }
        let trimmed = line.text.trim_start();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            next = Some(line);
        }
    }
    all.sort_by_key(|accepted| accepted.span);
    all
}

/// A line and where it begins.
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl Line<'_> {
    fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }
}

/// The comment on a line, if it is one of ours.
fn marker(line: &str) -> Option<(usize, &str)> {
    let mut marks = line.match_indices('#');
    let (at, _) = marks.find(|(at, _)| {
        let rest = line.get(at + 1..).unwrap_or_default().trim_start();
        let before = line.get(..*at).unwrap_or_default();
        rest.strip_prefix("lint:").is_some_and(|rest| rest.trim_start().starts_with("ignore["))
            && (before.is_empty() || before.ends_with([' ', '\t']))
    })?;
    Some((at, line.get(at..)?.trim_end()))
}

fn entries(comment: &str, span: Span, within: Span) -> Vec<Accepted> {
    let Some((codes, rest)) = comment.split_once('[').and_then(|(_, rest)| rest.split_once(']')) else {
        return Vec::new();
    };
    let (reason, until) = match rest.rsplit_once("until=") {
        Some((reason, until)) if !until.trim().contains(' ') => {
            (reason.trim(), Some(until.trim().to_owned()))
        }
        _ => (rest.trim(), None),
    };
    let reason = (!reason.is_empty()).then(|| reason.to_owned());
    let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty());
    let entry = |code: &str| Accepted {
        by: "comment",
        code: code.to_owned(),
        sid: None,
        reason: reason.clone(),
        until: until.clone(),
        span,
        within: Some(within),
    };
    codes.map(entry).collect()
}

/// What begins on a line.
fn below(line: &Line<'_>, roots: &[Node<'_>]) -> Span {
    let is_entry = line.text.trim_start().starts_with("- ");
    let mut best = None;
    for root in roots {
        first_on(root, line.span(), is_entry, &mut best);
    }
    // The first of them is the outermost.
    best.unwrap_or_else(|| line.span())
}

/// The outermost entry of a list, or the outermost member, that begins on a line.
fn first_on(node: &Node<'_>, line: Span, is_entry: bool, best: &mut Option<Span>) {
    let starts = |span: Span| line.start <= span.start && span.start < line.end;
    let consider = |span: Span, fits: bool, best: &mut Option<Span>| {
        if best.is_none() && fits && starts(span) {
            *best = Some(span);
        }
    };
    if node.span.end < line.start || line.end < node.span.start {
        return;
    }
    match &node.value {
        Value::Array(items) => {
            for item in items {
                consider(item.span, is_entry, best);
                first_on(item, line, is_entry, best);
            }
        }
        Value::Object(members) => {
            for member in members {
                consider(member.key_span.to(member.value.span), !is_entry, best);
                first_on(&member.value, line, is_entry, best);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml;
    use super::*;

    #[test]
    fn a_comment_speaks_of_its_line_or_of_what_begins_below() {
        let text = "\
Resources:
  # lint: ignore[M448] of the help desk until=2027-01-31
  Role:
    a:
      # lint: ignore[M437, S302]
      - Sid: x
        b: c
      - d # lint: ignore[E101]
";
        let roots = yaml::read(text).roots;
        let found = comments(text, &roots);
        let shown: Vec<_> = found
            .iter()
            .map(|one| (one.code.as_str(), text.get(one.within.unwrap().range()).unwrap()))
            .collect();
        assert!(shown[0].1.starts_with("Role:") && shown[0].1.ends_with("- d"), "{shown:?}");
        assert_eq!(shown[1], ("M437", "Sid: x\n        b: c"));
        assert_eq!(shown[2].0, "S302");
        assert!(shown[3].1.contains("- d"));
        assert_eq!(found[0].reason.as_deref(), Some("of the help desk"));
        assert_eq!(found[0].until.as_deref(), Some("2027-01-31"));
        assert_eq!(found[1].reason, None);
    }
}
