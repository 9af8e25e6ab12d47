//! `twokeys test`: what policies must answer, written down and checked.

mod coverage;
mod fill;
mod find;
mod human;
mod judge;
mod machines;
mod outcome;
mod scenario;
mod update;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use regex_lite::{Regex, RegexBuilder};
use twokeys::report::{Style, Warning, json_pretty};
use twokeys::source::{Position, Span, escaped};

use self::coverage::Coverage;
use self::judge::Judge;
use self::outcome::{FileOutcome, Status, Summary, report};
use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::Document;
use crate::intake::World;
use crate::testfile::{Case, TestFile};

/// Check what policies must answer, as written down in test files
///
/// Test files are called `*.twokeys-test.toml` or `*.twokeys-test.json` and are found in folders by that
/// name. A file that is named is taken as it is; it may also be a list of scenarios, which bring their
/// policies along. `twokeys help schema test-file` says what stands in one.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[command(after_help = "Examples:
  twokeys test tests/data/evaluation-cases.json
  twokeys demo && twokeys test --coverage twokeys-demo
  twokeys test --run '^T-MF-' --format junit tests/data/evaluation-cases.json

Exit status: 0 all passed, 1 one failed or the threshold is missed, 2 trouble, or no case at all.")]
pub(crate) struct Test {
    /// Test files, or folders that hold some; `-` reads standard input [default: this folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only cases whose name matches
    #[arg(long, value_name = "REGEX", value_parser = pattern)]
    run: Option<Regex>,
    /// Name the cases and ask nothing
    #[arg(long)]
    list: bool,
    /// Stop at the first case that does not pass
    #[arg(long)]
    fail_fast: bool,
    /// Say which statements never applied, and which conditions never came out both ways
    #[arg(long)]
    coverage: bool,
    /// The least coverage, in percent, of statements and of outcomes of conditions
    #[arg(long, value_name = "PCT", value_parser = clap::value_parser!(u8).range(0..=100))]
    threshold: Option<u8>,
    /// Write what comes out into cases that expect nothing yet
    #[arg(long, conflicts_with_all = ["list", "fail_fast"])]
    update: bool,
    /// How to write the report
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
}

/// The formats of `test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// XML in the form of `JUnit`
    Junit,
    /// Lines that GitHub shows beside the files
    Github,
}

/// What a run has come to.
#[derive(Default)]
struct Run {
    coverage: Option<Coverage>,
    files: Vec<FileOutcome>,
    /// Each warning is told once.
    told: Vec<Warning>,
    stopped: bool,
}

/// A regular expression that cannot grow beyond a size.
fn pattern(text: &str) -> Result<Regex, String> {
    const MOST_BYTES: usize = 1 << 20;
    let built = RegexBuilder::new(text).size_limit(MOST_BYTES).build();
    built.map_err(|error| format!("this is no regular expression: {error}"))
}

impl Test {
    /// Exit status: 0 all passed, 1 one failed, 2 trouble.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let here = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here[..] } else { &self.paths };
        let files = find::test_files(paths)?;
        if self.list {
            return self.list(&files, io);
        }
        let coverage = (self.coverage || self.threshold.is_some()).then(Coverage::default);
        let mut run = Run { coverage, ..Run::default() };
        for path in &files {
            if !run.stopped {
                self.one_file(path, &mut run, io)?;
            }
        }
        let summary = Summary::of(&run.files);
        if summary.cases == 0 && summary.errors == 0 {
            return Err(self.no_case(&files).into());
        }
        self.tell(&run, io)?;
        let enough = match (self.threshold, &run.coverage) {
            (Some(percent), Some(coverage)) => coverage.reaches(percent),
            _ => true,
        };
        if let (false, Some(percent)) = (enough, self.threshold) {
            io.out.flush()?;
            writeln!(io.err, "the coverage is below {percent} percent")?;
        }
        Ok(match summary {
            Summary { errors: 1.., .. } => Exit::Trouble,
            Summary { failed: 1.., .. } => Exit::No,
            _ if !enough => Exit::No,
            _ => Exit::Yes,
        })
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        self.format == Format::Json
    }

    fn one_file(&self, path: &Path, run: &mut Run, io: &mut Io<'_>) -> Result<(), Failure> {
        let mut outcome = FileOutcome { path: crate::input::name(path), ..FileOutcome::default() };
        match read(path, io) {
            Ok((document, TestFile::Scenarios(scenarios))) => {
                for scenario in scenarios.iter().filter(|one| self.wants(&one.id.value)) {
                    outcome.cases.push(scenario::judge(scenario, &document));
                    if self.stops(&outcome) {
                        run.stopped = true;
                        break;
                    }
                }
            }
            Ok((document, TestFile::Cases(world, cases))) => {
                let now = io.input.now()?;
                match World::load(&world.files(path), &mut io.input) {
                    Ok(loaded) => {
                        if let Some(coverage) = &mut run.coverage {
                            loaded.policies().for_each(|policy| coverage.enter(policy, &loaded));
                        }
                        let mut judge = Judge {
                            document: &document,
                            world: &loaded,
                            now,
                            coverage: run.coverage.as_mut(),
                            warnings: loaded.findings(),
                        };
                        if self.update {
                            update::update(path, &document, &cases, &mut judge, &mut outcome, |case| {
                                self.wants(case)
                            })?;
                        }
                        self.judge(&cases, &mut judge, &mut outcome);
                        let warnings = std::mem::take(&mut judge.warnings);
                        run.stopped = self.stops(&outcome);
                        run.warn(warnings, io)?;
                    }
                    Err(Failure::Problems(problems)) => {
                        let at = |problem: Problem| problem.or_at(&document, key_of(world.span));
                        outcome.problems = problems.into_iter().map(at).collect();
                    }
                    Err(gone @ Failure::ClosedPipe) => return Err(gone),
                }
            }
            Err(Failure::Problems(problems)) => outcome.problems = problems,
            Err(gone @ Failure::ClosedPipe) => return Err(gone),
        }
        run.stopped |= self.stops(&outcome);
        if outcome.cases.is_empty() && outcome.problems.is_empty() {
            return Ok(());
        }
        if self.format == Format::Human {
            io.out.write_all(human::file(&outcome, &io.look).as_bytes())?;
            io.out.flush()?;
        }
        run.files.push(outcome);
        Ok(())
    }

    fn judge(&self, cases: &[Case], judge: &mut Judge<'_>, outcome: &mut FileOutcome) {
        for case in cases.iter().filter(|case| self.wants(&case.name.value)) {
            let written = outcome.cases.iter().any(|known| known.name == case.name.value);
            if written {
                continue;
            }
            outcome.cases.push(judge.case(case));
            if self.stops(outcome) {
                return;
            }
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.run.as_ref().is_none_or(|run| run.is_match(name))
    }

    fn stops(&self, outcome: &FileOutcome) -> bool {
        let passed = |status| status == Status::Passed;
        let all_well = outcome.problems.is_empty() && outcome.cases.iter().all(|case| passed(case.status()));
        self.fail_fast && !all_well
    }

    fn no_case(&self, files: &[PathBuf]) -> Problem {
        let help = "test files are called `*.twokeys-test.toml` or `*.twokeys-test.json`; \
                    `twokeys help schema test-file` says what stands in one";
        match &self.run {
            Some(run) if !files.is_empty() => Problem::new(
                "no-case",
                format!("no case has a name that matches `{}`", escaped(run.as_str())),
            )
            .help("`--list` names the cases"),
            _ if files.is_empty() => Problem::new("no-case", "there is no test file here").help(help),
            _ => Problem::new("no-case", "the test files hold no case").help(help),
        }
    }

    fn list(&self, files: &[PathBuf], io: &mut Io<'_>) -> Result<Exit, Failure> {
        let mut found = false;
        for path in files {
            let (document, file) = read(path, io)?;
            let names = match &file {
                TestFile::Cases(_, cases) => cases.iter().map(|case| &case.name).collect::<Vec<_>>(),
                TestFile::Scenarios(scenarios) => scenarios.iter().map(|one| &one.id).collect(),
            };
            for name in names.into_iter().filter(|name| self.wants(&name.value)) {
                found = true;
                let line = Position::of(&document.bytes, name.span.range().start).line;
                writeln!(io.out, "{}:{line}: {}", escaped(&document.name), escaped(&name.value))?;
            }
        }
        if found { Ok(Exit::Yes) } else { Err(self.no_case(files).into()) }
    }

    /// The report as a whole, and the last line.
    fn tell(&self, run: &Run, io: &mut Io<'_>) -> Result<(), Failure> {
        match self.format {
            Format::Human if io.look.quiet => {}
            Format::Human => {
                let text = human::summary(&run.files, run.coverage.as_ref(), io.look.style());
                io.out.write_all(text.as_bytes())?;
            }
            Format::Json => {
                let coverage = run.coverage.as_ref().map(Coverage::to_json);
                writeln!(io.out, "{}", json_pretty(&report(&run.files, coverage))?)?;
            }
            Format::Junit => io.out.write_all(machines::junit(&run.files).as_bytes())?,
            Format::Github => io.out.write_all(machines::github(&run.files).as_bytes())?,
        }
        Ok(())
    }
}

impl Run {
    /// On standard error, each once.
    fn warn(&mut self, warnings: Vec<Warning>, io: &mut Io<'_>) -> Result<(), Failure> {
        let style = Style { colors: io.look.colors_err(), ..io.look.style() };
        for warning in warnings {
            if io.look.quiet || self.told.contains(&warning) {
                continue;
            }
            io.err.write_all(warning.to_text(style).as_bytes())?;
            self.told.push(warning);
        }
        Ok(())
    }
}

fn read(path: &Path, io: &mut Io<'_>) -> Result<(Document, TestFile), Failure> {
    let document = io.input.read(path, "test file")?;
    match TestFile::read(&document) {
        Ok(file) => Ok((document, file)),
        Err(wrong) => {
            let told = wrong.into_iter().map(|one| Problem::at(&document, one));
            Err(Failure::Problems(told.collect()))
        }
    }
}

/// The beginning of a place, for a mistake that is about all of it.
fn key_of(span: Span) -> Span {
    Span { start: span.start, end: span.start.saturating_add(1).min(span.end) }
}
