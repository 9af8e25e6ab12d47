//! Findings in the XML of `JUnit`: a suite a file, a failed case a finding.

use std::fmt::Write;

use super::{LintFinding, LintReport};
use crate::source::is_hidden;

/// The report; `files` names all that were looked at, for those without a finding pass.
pub fn junit(report: &LintReport, files: &[String]) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for file in files {
        let of_file = |finding: &&LintFinding| finding.file == *file && finding.suppressed.is_none();
        let found: Vec<_> = report.findings.iter().filter(of_file).collect();
        let cases = found.len().max(1);
        let name = text(file);
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{name}\" tests=\"{cases}\" failures=\"{}\" errors=\"0\">",
            found.len()
        );
        if found.is_empty() {
            let _ = writeln!(suites, "    <testcase name=\"lint\" classname=\"{name}\"/>");
        }
        for finding in &found {
            case(&mut suites, &name, finding);
        }
        suites.push_str("  </testsuite>\n");
        tests += cases;
        failures += found.len();
    }
    if !report.troubles.is_empty() {
        let count = report.troubles.len();
        tests += count;
        let _ = writeln!(
            suites,
            "  <testsuite name=\"twokeys lint\" tests=\"{count}\" failures=\"0\" errors=\"{count}\">"
        );
        for trouble in &report.troubles {
            let name = text(trouble.file.as_deref().unwrap_or(&trouble.code));
            let _ = writeln!(
                suites,
                "    <testcase name=\"{name}\" classname=\"twokeys lint\">\n      <error message=\"{}\"/>\n    </testcase>",
                text(&trouble.message)
            );
        }
        suites.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"twokeys lint\" tests=\"{tests}\" \
         failures=\"{failures}\" errors=\"{}\">\n{suites}</testsuites>\n",
        report.troubles.len()
    )
}

fn case(suites: &mut String, file: &str, finding: &LintFinding) {
    let (line, column) = (finding.region.line, finding.region.column);
    let name = text(&format!("{} {} at {line}:{column}", finding.code, finding.name));
    let message = text(&finding.message);
    let mut told = format!("{}:{line}:{column}: {}", finding.file, finding.message);
    if let Some(mfa) = &finding.mfa {
        let _ = write!(told, "\n{}", mfa.words);
    }
    if let Some(help) = &finding.help {
        let _ = write!(told, "\n{help}");
    }
    let _ = writeln!(
        suites,
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">\n      \
         <failure message=\"{message}\" type=\"{}\">{}</failure>\n    </testcase>",
        finding.class,
        text(&told)
    );
}

/// Text as XML has it. Characters that no XML document may hold are replaced.
fn text(plain: &str) -> String {
    let mut text = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' | '\t' => text.push(character),
            hidden if is_hidden(hidden) || matches!(hidden, '\u{fffe}' | '\u{ffff}') => text.push('\u{fffd}'),
            plain => text.push(plain),
        }
    }
    text
}
