//! The catalog of rules as a page: what each finds, why, a bad and a good example.

use std::fmt::Write;

use crate::lint::{FixKind, GAINED, Meta, metas};
use crate::source::Severity;

/// The groups, by the first letter of their codes.
const GROUPS: [(&str, &str); 6] = [
    ("E", "Errors: what AWS would not take, or what can never work"),
    ("W", "Warnings: what is probably a mistake"),
    ("S", "Security: access that is wider than it looks"),
    ("M", "MFA: gates that do not hold, or that lock out"),
    ("I", "Suggestions"),
    ("L", "The run itself"),
];

/// The page, in Markdown.
pub fn catalog() -> String {
    let all: Vec<&Meta> = metas().collect();
    let mut page = format!(
        "# Rules\n\n\
         The {} rules of `twokeys lint`, printed from the program itself: `twokeys explain CODE` says the same. Codes are\n\
         never given to another rule. A rule is named in flags and in `twokeys.toml` by its code or its name; a beginning\n\
         of a code names all rules that share it.\n",
        all.len()
    );
    for (letter, title) in GROUPS {
        let group: Vec<_> = all.iter().filter(|meta| meta.code.starts_with(letter)).collect();
        let _ = write!(page, "\n## {title}\n\n| code | name | what it finds |\n|---|---|---|\n");
        for meta in &group {
            row(&mut page, meta);
        }
        for meta in group {
            section(&mut page, meta);
        }
    }
    page.push_str(
        "\n## A comparison\n\n\
         What `--against` finds is no rule: it always runs, and nothing accepts it.\n\n\
         | code | name | what it finds |\n|---|---|---|\n",
    );
    row(&mut page, &GAINED);
    section(&mut page, &GAINED);
    page
}

fn row(page: &mut String, meta: &Meta) {
    let opt_in = if meta.opt_in { " (only if selected)" } else { "" };
    let _ = writeln!(
        page,
        "| [{}](#{}) | `{}` | {}{opt_in} |",
        meta.code,
        anchor(meta),
        meta.name,
        meta.summary.replace('|', "\\|")
    );
}

fn section(page: &mut String, meta: &Meta) {
    let severity = match meta.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let security = meta.security.map(|number| format!(" ({number:.1} of 10)")).unwrap_or_default();
    let fix = match meta.fix {
        FixKind::None => "none",
        FixKind::Safe => "safe (`--fix`)",
        FixKind::Unsafe => "unsafe (`--unsafe-fixes`)",
        FixKind::Depends => "safe in simple cases, else unsafe",
    };
    let kinds: Vec<&str> = meta.types.iter().map(|kind| kind.as_str()).collect();
    let kinds =
        if kinds.len() == crate::policy::PolicyType::ALL.len() { "all".to_owned() } else { kinds.join(", ") };
    let _ = write!(
        page,
        "\n### {} {}\n\n{}\n\n* Class {}, severity {severity}{security}. Kinds of policy: {kinds}. Fix: {fix}.{}\n",
        meta.code,
        meta.name,
        meta.explanation,
        meta.class().as_str(),
        if meta.opt_in { " Runs only if it is selected." } else { "" },
    );
    if !meta.elsewhere.is_empty() {
        let _ = writeln!(page, "* In other tools: {}", meta.elsewhere);
    }
    if !meta.bad.text.is_empty() {
        let _ = write!(
            page,
            "\nFlagged:\n\n```json\n{}\n```\n\nNot flagged:\n\n```json\n{}\n```\n",
            meta.bad.text, meta.good.text
        );
    }
}

/// Where the heading of a rule's section is found.
fn anchor(meta: &Meta) -> String {
    format!("{}-{}", meta.code.to_ascii_lowercase(), meta.name)
}
