//! Findings as lines that GitHub shows beside the files of a pull request.

use std::fmt::Write;

use super::LintReport;
use crate::source::{Severity, escaped};

/// `::error`, `::warning` or `::notice`, a finding a line.
pub fn github(report: &LintReport) -> String {
    let mut lines = String::new();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let word = match finding.meta.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let region = finding.region;
        let _ = write!(lines, "::{word} ");
        if finding.is_in_a_file() {
            let _ = write!(lines, "file={},line={}", property(&finding.file), region.line);
            let _ = write!(lines, ",endLine={},col={}", region.end_line, region.column);
            if region.line == region.end_line {
                let _ = write!(lines, ",endColumn={}", region.end_column);
            }
            lines.push(',');
        }
        let title = property(&format!("{} {}", finding.code, finding.name));
        let _ = writeln!(
            lines,
            "title={title}::{}",
            message(&format!("{}{help}", finding.message_with_policy()))
        );
    }
    for trouble in &report.troubles {
        let file = trouble.file.as_ref().map(|file| format!("file={},", property(file)));
        let (file, code) = (file.unwrap_or_default(), property(&trouble.code));
        let _ = writeln!(lines, "::error {file}title={code}::{}", message(&trouble.message));
    }
    lines
}

/// Text behind the `::`: line breaks and percent signs are written by number.
fn message(text: &str) -> String {
    text.lines().map(|line| escaped(line).replace('%', "%25")).collect::<Vec<_>>().join("%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
