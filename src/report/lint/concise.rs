//! Findings a line each: what editors and `grep` read.

use std::fmt::Write;

use super::LintReport;
use crate::source::escaped;

/// `file:line:column: CODE name: message`, a finding a line.
pub fn concise(report: &LintReport) -> String {
    let mut lines = String::new();
    for finding in &report.findings {
        let accepted = if finding.suppressed.is_some() { " (suppressed)" } else { "" };
        let _ = writeln!(
            lines,
            "{}:{}:{}: {} {}: {}{accepted}",
            escaped(&finding.file),
            finding.region.line,
            finding.region.column,
            finding.code,
            finding.name,
            escaped(&finding.message_with_policy())
        );
    }
    lines
}
