//! What became of files, cases and answers; and the same as the published report (UX-091).

use serde_json::{Value, json};
use twokeys::report::{Answer, SCHEMA_VERSION, Style, difference};

use crate::failure::Problem;

/// What became of one file.
#[derive(Debug, Default)]
pub(super) struct FileOutcome {
    /// The path as it was given or found.
    pub(super) path: String,
    /// Why nothing of it could be asked.
    pub(super) problems: Vec<Problem>,
    pub(super) cases: Vec<CaseOutcome>,
}

/// What became of one case.
#[derive(Debug, Default)]
pub(super) struct CaseOutcome {
    pub(super) name: String,
    /// The line of its name, from 1.
    pub(super) line: usize,
    /// How many answers were asked for.
    pub(super) decisions: usize,
    pub(super) failures: Vec<Unexpected>,
    /// Why it could not be asked.
    pub(super) problems: Vec<Problem>,
}

/// An answer that is not the expected one.
#[derive(Debug)]
pub(super) struct Unexpected {
    pub(super) action: String,
    pub(super) resource: String,
    /// What was expected, in the words of the test.
    pub(super) expected: String,
    /// Was it to be allowed?
    pub(super) wants_allow: bool,
    /// The statement that was to decide, if another did.
    pub(super) wanted_by: Option<String>,
    /// What came out, with its trace.
    pub(super) answer: Answer,
}

/// The three ends of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Passed,
    Failed,
    Error,
}

/// The sums of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) files: usize,
    pub(super) cases: usize,
    pub(super) passed: usize,
    pub(super) failed: usize,
    /// Cases and files that could not be asked.
    pub(super) errors: usize,
    pub(super) decisions: usize,
}

impl CaseOutcome {
    pub(super) fn status(&self) -> Status {
        match (self.problems.is_empty(), self.failures.is_empty()) {
            (false, _) => Status::Error,
            (true, false) => Status::Failed,
            (true, true) => Status::Passed,
        }
    }

    fn to_json(&self) -> Value {
        let mut case = json!({
            "name": self.name,
            "line": self.line,
            "status": self.status().as_str(),
            "decisions": self.decisions,
            "failures": self.failures.iter().map(Unexpected::to_json).collect::<Vec<_>>(),
        });
        with_errors(&mut case, &self.problems);
        case
    }
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }
}

impl Unexpected {
    /// What came out, for people.
    pub(super) fn got(&self) -> &'static str {
        match &*self.answer.decision {
            "Allowed" => "ALLOW",
            "ExplicitlyDenied" => "DENY (explicit)",
            "ImplicitlyDenied" => "DENY (implicit)",
            _ => "UNDECIDED",
        }
    }

    /// One line: what was asked in these states of MFA, expected and answered.
    pub(super) fn headline(&self, states: &str) -> String {
        let on = if self.resource == "*" { String::new() } else { format!(" on {}", self.resource) };
        let (action, expected, got) = (&self.action, &self.expected, self.got());
        format!("{action}{on}, MFA {states}: expected {expected}, got {got}")
    }

    /// Was the same asked, expected and answered, the state of MFA apart?
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let asked = |one: &Self| (one.action.clone(), one.resource.clone(), one.expected.clone());
        asked(self) == asked(other) && self.got() == other.got()
    }

    /// Why, line by line.
    pub(super) fn lines(&self, style: Style) -> Vec<String> {
        let mut lines = difference(&self.answer, self.wants_allow, style);
        if let Some(wanted) = &self.wanted_by {
            lines.insert(0, format!("`{wanted}` was to decide it"));
        }
        lines
    }

    fn to_json(&self) -> Value {
        json!({
            "action": self.action,
            "resource": self.resource,
            "mfa": self.answer.mfa,
            "expected": self.expected,
            "got": self.answer.decision,
            "layer": self.answer.layer,
            "by": self.answer.by,
            "message": self.lines(Style::default()).join("\n"),
        })
    }
}

impl Summary {
    pub(super) fn of(files: &[FileOutcome]) -> Self {
        let mut summary = Self { files: files.len(), ..Self::default() };
        for file in files {
            summary.errors += usize::from(!file.problems.is_empty());
            for case in &file.cases {
                summary.cases += 1;
                summary.decisions += case.decisions;
                match case.status() {
                    Status::Passed => summary.passed += 1,
                    Status::Failed => summary.failed += 1,
                    Status::Error => summary.errors += 1,
                }
            }
        }
        summary
    }
}

/// The report as data.
pub(super) fn report(files: &[FileOutcome], coverage: Option<Value>) -> Value {
    let summary = Summary::of(files);
    let each = files.iter().map(|file| {
        let cases: Vec<Value> = file.cases.iter().map(CaseOutcome::to_json).collect();
        let mut told = json!({ "path": file.path, "cases": cases });
        with_errors(&mut told, &file.problems);
        told
    });
    let mut report = json!({
        "schema_version": SCHEMA_VERSION,
        "summary": {
            "files": summary.files,
            "cases": summary.cases,
            "passed": summary.passed,
            "failed": summary.failed,
            "errors": summary.errors,
            "decisions": summary.decisions,
        },
        "files": each.collect::<Vec<_>>(),
    });
    if let (Some(coverage), Some(members)) = (coverage, report.as_object_mut()) {
        members.insert("coverage".to_owned(), coverage);
    }
    report
}

fn with_errors(told: &mut Value, problems: &[Problem]) {
    if let (Some(members), false) = (told.as_object_mut(), problems.is_empty()) {
        members.insert("errors".to_owned(), problems.iter().map(Problem::to_json).collect());
    }
}
