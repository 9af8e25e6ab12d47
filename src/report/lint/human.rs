//! Findings for a person: each with its line and a caret, and what to do.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{LintFinding, LintReport, LintSummary, Suppressed};
use crate::lint::Class;
use crate::report::Style;
use crate::report::snippet::{Note, snippet_with};
use crate::source::{Diagnostic, Span, escaped};

/// The texts of files, by name.
pub type Sources<'s> = dyn Fn(&str) -> Option<&'s [u8]> + 's;

/// The findings of at least this class, a blank line between them.
pub fn human(report: &LintReport, sources: &Sources<'_>, style: Style, least: Class) -> String {
    let shown = report.findings.iter().filter(|finding| finding.meta.class() >= least);
    let mut told: Vec<String> =
        shown.map(|finding| one(finding, sources(&finding.file).unwrap_or_default(), style)).collect();
    if let Some(against) = &report.against {
        for (words, changes) in
            [("allowed without MFA now", &against.gained), ("no longer allowed without MFA", &against.lost)]
        {
            if changes.is_empty() {
                continue;
            }
            let mut text = format!("{words} (against {}):\n", escaped(&against.file));
            for change in changes {
                let _ = writeln!(
                    text,
                    "  {} on {}   mfa {}",
                    escaped(&change.action),
                    escaped(&change.resource),
                    change.mfa
                );
            }
            told.push(text);
        }
    }
    told.join("\n")
}

fn one(finding: &LintFinding, text: &[u8], style: Style) -> String {
    let [start, end] = finding.span;
    let diagnostic = Diagnostic {
        code: finding.code,
        severity: finding.meta.severity,
        message: format!("{}: {}", finding.name, finding.message),
        span: Span { start, end },
        label: finding.label.clone(),
        other: finding.related.first().map(|related| {
            let [start, end] = related.span;
            (Span { start, end }, related.message.clone())
        }),
        help: None,
    };
    let mut notes = Vec::new();
    let whose = [finding.policy.name.as_ref().map(|name| format!("policy {name}"))];
    let container = (finding.policy.path != "$").then(|| format!("at {}", finding.policy.path));
    let whose: Vec<String> = whose.into_iter().chain([container]).flatten().collect();
    if !whose.is_empty() {
        notes.push(Note::new("in", whose.join(" ")));
    }
    if let Some(mfa) = &finding.mfa {
        let words = if style.ascii { mfa.words.replace('→', "->") } else { mfa.words.clone() };
        notes.push(Note::new("truth", words));
    }
    if let Some(help) = &finding.help {
        notes.push(Note::new("help", help.clone()));
    }
    if let Some(fix) = &finding.fix {
        let flag = if fix.safety == "safe" { "--fix" } else { "--unsafe-fixes" };
        notes.push(Note::new("fix", format!("{} ({}: twokeys lint {flag})", fix.title, fix.safety)));
    }
    if let Some(suppressed) = &finding.suppressed {
        notes.push(Note::new("suppressed", accepted(suppressed)));
    }
    if !style.quiet {
        notes.push(Note::new("more", format!("twokeys explain {}", finding.code)));
    }
    snippet_with(&finding.file, text, &diagnostic, &notes, style.colors)
}

fn accepted(suppressed: &Suppressed) -> String {
    let mut words = format!("by {}", suppressed.by);
    if let Some(reason) = &suppressed.reason {
        let _ = write!(words, ": {reason}");
    }
    if let Some(until) = &suppressed.until {
        let _ = write!(words, " (until {until})");
    }
    words
}

/// One line: how many of what. `hidden` says that suggestions were found and not shown.
pub fn summary_line(what: &str, summary: &LintSummary, hidden: bool) -> String {
    let plural = |count: usize, word: &str| {
        format!("{count} {word}{}", if count == 1 || word == "security" { "" } else { "s" })
    };
    let mut parts = vec![
        plural(summary.error, "error"),
        plural(summary.security, "security"),
        plural(summary.warning, "warning"),
        plural(summary.suggestion, "suggestion"),
    ];
    if let (true, Some(suggestions), 1..) = (hidden, parts.last_mut(), summary.suggestion) {
        suggestions.push_str(" (hidden; -v)");
    }
    if summary.suppressed > 0 {
        parts.push(format!("{} suppressed", summary.suppressed));
    }
    if summary.troubles > 0 {
        parts.push(plural(summary.troubles, "trouble"));
    }
    if summary.unknown > 0 {
        let policies = if summary.unknown == 1 { "policy" } else { "policies" };
        parts.push(format!("{} {policies} not known yet and not linted", summary.unknown));
    }
    format!("{}: {}\n", escaped(what), parts.join(", "))
}

/// How often each rule spoke, the most talkative first.
pub fn stats(report: &LintReport) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        *counts.entry((finding.code, finding.name)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let mut text = String::new();
    for ((code, name), count) in rows {
        let _ = writeln!(text, "{count:>7}  {code}  {name}");
    }
    let summary = &report.summary;
    let _ = writeln!(text, "{:>7}  files", summary.files);
    let _ = writeln!(text, "{:>7}  policies", summary.policies);
    text
}
