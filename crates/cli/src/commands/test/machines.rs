//! The report for programs that collect test results: the XML of `JUnit`, and the lines of GitHub.

use std::fmt::Write as _;

use twokeys::report::Style;
use twokeys::source::escaped;

use super::outcome::{CaseOutcome, FileOutcome, Status, Summary};
use crate::failure::Problem;

/// `JUnit`: a suite a file, a case a case. (Writing to a `String` cannot fail.)
pub(super) fn junit(files: &[FileOutcome]) -> String {
    let all = Summary::of(files);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, failed, errors) = (all.cases, all.failed, all.errors);
    let _ = writeln!(
        xml,
        "<testsuites name=\"twokeys\" tests=\"{tests}\" failures=\"{failed}\" errors=\"{errors}\">"
    );
    for file in files {
        let of_file = Summary::of(std::slice::from_ref(file));
        let (tests, failed, errors) = (of_file.cases, of_file.failed, of_file.errors);
        let name = text(&file.path);
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"{errors}\">"
        );
        if !file.problems.is_empty() {
            let _ = writeln!(xml, "    <testcase name=\"{name}\" classname=\"{name}\">");
            push_problems(&mut xml, &file.problems);
            xml.push_str("    </testcase>\n");
        }
        for case in &file.cases {
            junit_case(&mut xml, &name, case);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn junit_case(xml: &mut String, file: &str, case: &CaseOutcome) {
    let (name, line) = (text(&case.name), case.line);
    let head = format!("    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\"");
    if case.status() == Status::Passed {
        let _ = writeln!(xml, "{head}/>");
        return;
    }
    let _ = writeln!(xml, "{head}>");
    push_problems(xml, &case.problems);
    for failure in &case.failures {
        let message = text(&failure.headline(&failure.answer.mfa));
        let lines = text(&failure.lines(Style::default()).join("\n"));
        let _ = writeln!(xml, "      <failure message=\"{message}\">{message}\n{lines}</failure>");
    }
    xml.push_str("    </testcase>\n");
}

fn push_problems(xml: &mut String, problems: &[Problem]) {
    for problem in problems {
        let told = problem.to_text(Style::default().colors);
        let message = text(told.lines().next().unwrap_or_default());
        let _ = writeln!(xml, "      <error message=\"{message}\">{}</error>", text(told.trim_end()));
    }
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
            hidden if twokeys::source::is_hidden(hidden) || matches!(hidden, '\u{fffe}' | '\u{ffff}') => {
                text.push('\u{fffd}');
            }
            plain => text.push(plain),
        }
    }
    text
}

/// GitHub: a line for each failure, which it shows beside the file.
pub(super) fn github(files: &[FileOutcome]) -> String {
    let mut lines = String::new();
    for file in files {
        for problem in &file.problems {
            annotation(&mut lines, &file.path, 1, "error", &problem.to_text(Style::default().colors));
        }
        for case in &file.cases {
            for problem in &case.problems {
                annotation(
                    &mut lines,
                    &file.path,
                    case.line,
                    &case.name,
                    &problem.to_text(Style::default().colors),
                );
            }
            for failure in &case.failures {
                let told = format!(
                    "{}\n{}",
                    failure.headline(&failure.answer.mfa),
                    failure.lines(Style::default()).join("\n")
                );
                annotation(&mut lines, &file.path, case.line, &case.name, &told);
            }
        }
    }
    lines
}

fn annotation(lines: &mut String, file: &str, line: usize, title: &str, message: &str) {
    let lines_of = |text: &str| text.trim_end().lines().map(escaped).collect::<Vec<_>>().join("%0A");
    let message = lines_of(&message.replace('%', "%25"));
    let property = |text: &str| lines_of(&text.replace('%', "%25")).replace(':', "%3A").replace(',', "%2C");
    let _ =
        writeln!(lines, "::error file={},line={line},title={}::{message}", property(file), property(title));
}
