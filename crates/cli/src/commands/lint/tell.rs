//! The report on its way out.

use std::collections::BTreeMap;

use twokeys::lint::Class;
use twokeys::report::lint::{LintReport, concise, github, gitlab, human, junit, sarif, stats, summary_line};

use super::effective::Everywhere;
use super::settings::FailOn;
use super::{Format, Io, Lint, Run};
use crate::failure::Failure;

impl Lint {
    /// Writes the report in its format, and for people the last line.
    pub(super) fn tell(
        &self,
        run: &Run,
        mut report: LintReport,
        everywhere: &Everywhere<'_>,
        io: &mut Io<'_>,
    ) -> Result<(), Failure> {
        let statistics = self.stats.then(|| stats(&report));
        // Code scanning wants to know of accepted findings; it has a place for them.
        if !self.show_suppressed && self.format != Format::Sarif {
            report.findings.retain(|finding| finding.suppressed.is_none());
        }
        let text = match self.format {
            Format::Human => self.for_people(run, &report, io),
            Format::Concise => concise(&report),
            Format::Json => report.to_json(),
            Format::Jsonl => report.to_jsonl(),
            Format::Sarif => {
                if !self.show_suppressed {
                    report
                        .findings
                        .retain(|finding| finding.suppressed.as_ref().is_none_or(|one| one.by != "baseline"));
                }
                sarif(&report)
            }
            Format::Github => github(&report),
            Format::Gitlab => gitlab(&report),
            Format::Junit => {
                let mut names: Vec<String> =
                    run.files.iter().map(|(_, judged)| judged.document.name.clone()).collect();
                for finding in &report.findings {
                    if !names.contains(&finding.file) {
                        names.push(finding.file.clone());
                    }
                }
                junit(&report, &names, &run.failing(everywhere))
            }
        };
        // A mended policy has standard output to itself.
        let mends_input = self.fix_is_written() && run.jobs.iter().any(|job| job.read.is_some());
        if mends_input {
            io.err.write_all(text.as_bytes())?;
        } else {
            io.out.write_all(text.as_bytes())?;
        }
        if let Some(statistics) = statistics {
            if self.format == Format::Human && !mends_input {
                io.out.write_all(statistics.as_bytes())?;
            } else {
                io.err.write_all(statistics.as_bytes())?;
            }
        }
        io.out.flush()?;
        if !self.wants_json() && !run.problems.is_empty() {
            run.tell_problems(io);
        }
        Ok(())
    }

    fn for_people(&self, run: &Run, report: &LintReport, io: &Io<'_>) -> String {
        let documents = run.files.iter().map(|(_, judged)| &judged.document).chain(&run.others);
        let texts: BTreeMap<&str, &[u8]> =
            documents.map(|document| (document.name.as_str(), &*document.bytes)).collect();
        let all = io.look.verbose || self.fail_on == Some(FailOn::Suggestion) || !self.select.is_empty();
        let least = if all { Class::Suggestion } else { Class::Warning };
        let mut text = human(report, &|name| texts.get(name).copied(), io.look.style(), least);
        if io.look.quiet {
            return text;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let what = match run.files.as_slice() {
            [(_, judged)] => judged.document.name.clone(),
            files => format!("{} files", files.len()),
        };
        text + &summary_line(&what, &report.summary, !all)
    }
}
