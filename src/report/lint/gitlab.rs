//! Findings as GitLab's report on code quality.

use serde_json::json;

use super::LintReport;
use crate::lint::Class;

/// A list of issues; troubles are issues, too, so that a merge request shows them.
pub fn gitlab(report: &LintReport) -> String {
    let mut issues = Vec::new();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let severity = match finding.meta.class() {
            Class::Security => "critical",
            Class::Error => "major",
            Class::Warning => "minor",
            Class::Suggestion => "info",
        };
        issues.push(json!({
            "description": format!("{} {}: {}", finding.code, finding.name, finding.message_with_policy()),
            "check_name": finding.code,
            "fingerprint": finding.fingerprint,
            "severity": severity,
            "location": {
                "path": finding.file,
                "lines": { "begin": finding.region.line, "end": finding.region.end_line },
            },
        }));
    }
    for (number, trouble) in report.troubles.iter().enumerate() {
        issues.push(json!({
            "description": trouble.message,
            "check_name": trouble.code,
            "fingerprint": format!("trouble-{}-{number}", trouble.code),
            "severity": "major",
            "location": {
                "path": trouble.file.as_deref().unwrap_or("."),
                "lines": { "begin": trouble.line.unwrap_or(1) },
            },
        }));
    }
    crate::report::json_pretty(&issues).unwrap_or_default() + "\n"
}
