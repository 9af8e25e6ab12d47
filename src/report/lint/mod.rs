//! The report of the linter: findings with their places in files, as data and in every format.
//!
//! [`LintReport`] is what `--format json` prints, member for member; the other formats are written from
//! it.

mod catalog;
mod concise;
mod github;
mod gitlab;
mod human;
mod junit;
mod sarif;

pub use catalog::catalog;
pub use concise::concise;
pub use github::github;
pub use gitlab::gitlab;
pub use human::{Sources, human, stats, summary_line};
pub use junit::junit;
pub use sarif::sarif;

use serde::Serialize;

use crate::lint::{Class, Meta};

/// A run of the linter over any number of files.
#[derive(Debug, Clone, Serialize)]
pub struct LintReport {
    /// The version of the published schema.
    pub schema_version: u32,
    /// The date of the service reference that rules look names up in.
    pub data_date: &'static str,
    /// How many of what.
    pub summary: LintSummary,
    /// Everything found, by file, place and code.
    pub findings: Vec<LintFinding>,
    /// What changed for callers without MFA, if an older policy was given.
    pub against: Option<Against>,
    /// What could not be done.
    pub troubles: Vec<LintTrouble>,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct LintSummary {
    /// Files that were looked at.
    pub files: usize,
    /// Policies in them.
    pub policies: usize,
    /// Findings of class error.
    pub error: usize,
    /// Findings of class security.
    pub security: usize,
    /// Findings of class warning.
    pub warning: usize,
    /// Findings of class suggestion.
    pub suggestion: usize,
    /// Findings that somebody accepted.
    pub suppressed: usize,
    /// What could not be done.
    pub troubles: usize,
    /// Policies that are not known yet; each is a finding, too (L904).
    #[serde(skip)]
    pub unknown: usize,
}

/// A finding at its place in a file.
#[derive(Debug, Clone, Serialize)]
pub struct LintFinding {
    /// The code of the rule.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its class.
    pub class: &'static str,
    /// How much it weighs.
    pub severity: &'static str,
    /// How bad it is for security, from 0 to 10.
    pub security_severity: Option<f32>,
    /// What is wrong.
    pub message: String,
    /// What to change.
    pub help: Option<String>,
    /// The file, `-` for standard input without a name.
    pub file: String,
    /// The policy in the file.
    pub policy: LintPolicy,
    /// The statement in the policy.
    pub statement: Option<LintStatement>,
    /// The place as a JSON path in the policy.
    pub json_path: String,
    /// Bytes of the file, from and to.
    pub span: [u32; 2],
    /// Where that is for people.
    #[serde(flatten)]
    pub region: Region,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What the statement's MFA tests do, where the finding follows from it.
    pub mfa: Option<LintMfa>,
    /// What would mend it.
    pub fix: Option<LintFix>,
    /// The same for the same mistake when lines have moved.
    pub fingerprint: String,
    /// Who accepted it.
    pub suppressed: Option<Suppressed>,
    /// Everything there is to say about the rule.
    #[serde(skip)]
    pub meta: &'static Meta,
    /// What stands beside the caret.
    #[serde(skip)]
    pub label: String,
}

/// Lines and columns from 1; the end is the place behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Region {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The character behind the end.
    pub end_column: usize,
    /// The column as editors count it.
    pub utf16_column: usize,
    /// The end as editors count it.
    pub utf16_end_column: usize,
}

/// Which policy of a file.
#[derive(Debug, Clone, Serialize)]
pub struct LintPolicy {
    /// The name of the policy, the resource or the construct.
    pub name: Option<String>,
    /// What it is attached to, as `--kind` takes it.
    pub kind: String,
    /// Was that guessed?
    pub guessed: bool,
    /// Who has it, as far as that is known.
    pub attached_to: Vec<String>,
    /// Where it lies in its container.
    pub path: String,
}

/// Which statement of a policy.
#[derive(Debug, Clone, Serialize)]
pub struct LintStatement {
    /// Its name.
    pub sid: Option<String>,
    /// Its number, from 1.
    pub index: usize,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, Serialize)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// The file.
    pub file: String,
    /// Bytes of the file, from and to.
    pub span: [u32; 2],
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// Do the MFA tests of a statement hold, by what the caller has?
#[derive(Debug, Clone, Serialize)]
pub struct LintMfa {
    /// What the statement does where they hold.
    pub effect: &'static str,
    /// Callers without an MFA key.
    pub missing: bool,
    /// Temporary credentials without MFA.
    #[serde(rename = "false")]
    pub without: bool,
    /// Sessions that used MFA just now.
    pub true_fresh: bool,
    /// Sessions that used it long ago.
    pub true_stale: bool,
    /// The same in words.
    #[serde(skip)]
    pub words: String,
}

/// What would mend a finding.
#[derive(Debug, Clone, Serialize)]
pub struct LintFix {
    /// `safe` or `unsafe`.
    pub safety: &'static str,
    /// What it does.
    pub title: String,
    /// The edits of the file.
    pub edits: Vec<LintEdit>,
}

/// One edit of a file.
#[derive(Debug, Clone, Serialize)]
pub struct LintEdit {
    /// The bytes that are replaced.
    pub span: [u32; 2],
    /// The new text.
    pub text: String,
}

/// Who accepted a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suppressed {
    /// `config`, `comment`, `metadata`, `sid` or `baseline`.
    pub by: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// The last day.
    pub until: Option<String>,
}

/// What changed against an older policy for callers without MFA.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Against {
    /// The older policy.
    pub file: String,
    /// Allowed without MFA now, and not before.
    pub gained: Vec<AccessChange>,
    /// The reverse.
    pub lost: Vec<AccessChange>,
}

/// An action that can be done, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessChange {
    /// The action.
    pub action: String,
    /// On what.
    pub resource: String,
    /// In which state of MFA: `missing` or `false`.
    pub mfa: &'static str,
}

/// What could not be done: the error object of every command.
#[derive(Debug, Clone, Serialize)]
pub struct LintTrouble {
    /// Its code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The character in the line, from 1.
    pub column: Option<usize>,
    /// Bytes of the file, from and to.
    pub span: Option<[u64; 2]>,
    /// What to do.
    pub help: Option<String>,
}

impl LintSummary {
    /// Counts a finding.
    pub fn count(&mut self, finding: &LintFinding) {
        if finding.suppressed.is_some() {
            self.suppressed += 1;
            return;
        }
        match finding.meta.class() {
            Class::Error => self.error += 1,
            Class::Security => self.security += 1,
            Class::Warning => self.warning += 1,
            Class::Suggestion => self.suggestion += 1,
        }
    }
}

impl LintReport {
    /// As one JSON document, ending in a line break.
    pub fn to_json(&self) -> String {
        crate::report::json_pretty(self).unwrap_or_default() + "\n"
    }

    /// As JSON, one finding a line, and last the summary.
    pub fn to_jsonl(&self) -> String {
        let mut lines = String::new();
        for finding in &self.findings {
            lines.push_str(&crate::report::json_line(finding).unwrap_or_default());
            lines.push('\n');
        }
        let summary = serde_json::json!({
            "summary": self.summary, "against": self.against, "troubles": self.troubles,
        });
        lines + &summary.to_string() + "\n"
    }
}

impl LintFinding {
    /// The statement in words: its name, or its number.
    fn statement_name(&self) -> Option<String> {
        let statement = self.statement.as_ref()?;
        Some(statement.sid.clone().unwrap_or_else(|| statement.index.to_string()))
    }

    /// What is wrong, and in which policy if the file does not say that already.
    fn message_with_policy(&self) -> String {
        match &self.policy.name {
            Some(name) => format!("{} (in {name})", self.message),
            None => self.message.clone(),
        }
    }

    /// Is its file one, and not a word of the command line?
    fn is_in_a_file(&self) -> bool {
        !self.file.starts_with("--")
    }
}
