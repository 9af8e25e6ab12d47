//! Findings in the XML of `JUnit`: a suite a file, a case a finding, failed if the finding fails the run.

use std::fmt::Write;

use super::{LintFinding, LintReport};
use crate::source::is_hidden;

/// The report; `files` names all that were looked at, for those without a finding pass. `fails` says whether a finding
/// fails the run.
pub fn junit(report: &LintReport, files: &[String], fails: &dyn Fn(&LintFinding) -> bool) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for file in files {
        let of_file = |finding: &&LintFinding| finding.file == *file && finding.suppressed.is_none();
        let found: Vec<_> = report.findings.iter().filter(of_file).collect();
        let cases = found.len().max(1);
        let failed = found.iter().filter(|finding| fails(finding)).count();
        let name = text(file);
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{name}\" tests=\"{cases}\" failures=\"{failed}\" errors=\"0\">",
        );
        if found.is_empty() {
            let _ = writeln!(suites, "    <testcase name=\"lint\" classname=\"{name}\"/>");
        }
        for finding in &found {
            case(&mut suites, &name, finding, fails(finding));
        }
        suites.push_str("  </testsuite>\n");
        tests += cases;
        failures += failed;
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

fn case(suites: &mut String, file: &str, finding: &LintFinding, fails: bool) {
    let (line, column) = (finding.region.line, finding.region.column);
    let name = text(&format!("{} {} at {line}:{column}", finding.code, finding.name));
    let message = text(&finding.message_with_policy());
    let mut told = format!("{}:{line}:{column}: {}", finding.file, finding.message_with_policy());
    if let Some(mfa) = &finding.mfa {
        let _ = write!(told, "\n{}", mfa.words);
    }
    if let Some(help) = &finding.help {
        let _ = write!(told, "\n{help}");
    }
    let told = text(&told);
    let inner = if fails {
        format!("<failure message=\"{message}\" type=\"{}\">{told}</failure>", finding.class)
    } else {
        format!("<system-out>{told}</system-out>")
    };
    let _ = writeln!(
        suites,
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">\n      \
         {inner}\n    </testcase>"
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
