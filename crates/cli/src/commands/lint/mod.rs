//! `twokeys lint`: point at policies that look safe and are not.

mod against;
mod editor;
mod effective;
mod find;
mod judge;
mod kinds;
mod mend;
mod place;
mod settings;
mod suppress;
mod tell;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use twokeys::lint::{Class, Options};
use twokeys::name::AccountId;
use twokeys::report::json_pretty;
use twokeys::report::lint::{Against, LintFinding, LintReport, LintSummary, LintTrouble};
use twokeys::source::{Span, escaped};

pub(super) use self::editor::{look_at, mended, policies};
use self::effective::{Effective, Everywhere};
use self::find::Target;
use self::judge::{Judged, judge};
use self::kinds::Kind;
use self::place::{Around, Lines};
use self::settings::FailOn;
use self::suppress::{Baseline, Used};
use super::Io;
use crate::exit::Exit;
use crate::failure::{Data, Failure, Problem};
use crate::input::{self, Document};

/// Point at policies that look safe and are not
///
/// Policies are read from files, from folders (ignore files are respected), or from standard input. Each
/// finding has a code, a place, and what follows from the mistake: who gets in, or who is locked out.
/// `twokeys explain CODE` says more. Nothing is asked over a network.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[command(after_help = "Examples:
  twokeys lint policies/mfa/deny-with-bool.json
  twokeys lint --format concise --fail-on security policies
  twokeys lint --select mfa,E --kind scp policies/scp-region-lock.json
  twokeys lint --diff --unsafe-fixes policies/mfa/deny-with-bool.json

Exit status: 0 nothing found from the class of --fail-on on, 1 something found, 2 trouble.")]
pub(crate) struct Lint {
    /// Policy files or folders; `-` reads standard input [default: this folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the policies are: auto, identity, boundary, session, trust, resource[:SERVICE], scp, rcp or
    /// vpce; `@role` or `@template` may follow
    #[arg(long, value_name = "KIND", default_value = "auto", hide_default_value = true)]
    kind: Kind,
    /// What kind of identity has the policies
    #[arg(long, value_enum, value_name = "IDENTITY")]
    attached_to: Option<Identity>,
    /// Account numbers that are no strangers
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    own_accounts: Vec<AccountId>,
    /// Look at every policy of these account dumps, too (`aws iam get-account-authorization-details`)
    #[arg(long, value_name = "FILE")]
    account: Vec<PathBuf>,
    /// What standard input is called in messages and for patterns
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// Only these rules: codes, names, beginnings of codes, `mfa` or `ALL`
    #[arg(long, value_name = "CODES", value_delimiter = ',', help_heading = "Rules")]
    select: Vec<String>,
    /// These rules, too; opt-in ones have to be named
    #[arg(long, value_name = "CODES", value_delimiter = ',', help_heading = "Rules")]
    extend_select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "CODES", value_delimiter = ',', help_heading = "Rules")]
    ignore: Vec<String>,
    /// From which class on a finding fails the run [default: warning]
    #[arg(long, value_enum, value_name = "CLASS", help_heading = "Rules")]
    fail_on: Option<FailOn>,
    /// Make the fixes that keep every decision
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// Make the fixes that can change a decision, too
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// Write nothing; show what the fixes would change
    #[arg(long, help_heading = "Fixes")]
    diff: bool,
    /// Say what changed for callers without MFA since this older policy: a file, a folder with files of
    /// the same names, or `git:REV`
    #[arg(long, value_name = "OLD")]
    against: Option<String>,
    /// Accept the findings in this file
    #[arg(long, value_name = "FILE", help_heading = "Accepted findings")]
    baseline: Option<PathBuf>,
    /// Write all findings into this file, to be accepted from now on
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Accepted findings")]
    write_baseline: Option<PathBuf>,
    /// Show accepted findings, too
    #[arg(long, help_heading = "Accepted findings")]
    show_suppressed: bool,
    /// Take this configuration instead of the nearest twokeys.toml above each file
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Configuration")]
    config: Option<PathBuf>,
    /// Take no configuration at all
    #[arg(long, help_heading = "Configuration")]
    isolated: bool,
    /// Print what counts for each file, and look at none
    #[arg(long, help_heading = "Configuration")]
    show_settings: bool,
    /// How to write the report
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
    /// Say how often each rule spoke
    #[arg(long, help_heading = "Output")]
    stats: bool,
}

/// The formats of `lint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// A finding a line
    Concise,
    /// One JSON document
    Json,
    /// One JSON record a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Lines that GitHub shows beside the files
    Github,
    /// GitLab's report on code quality
    Gitlab,
    /// XML in the form of `JUnit`
    Junit,
}

/// Who can have a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Identity {
    User,
    Group,
    Role,
}

impl Identity {
    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
        }
    }
}

/// A file with what counts for it.
struct Job {
    target: Target,
    effective: Arc<Effective>,
    relative: PathBuf,
    /// Standard input, which is read beforehand.
    read: Option<Document>,
}

/// A run over all files.
struct Run {
    jobs: Vec<Job>,
    files: Vec<(usize, Judged)>,
    problems: Vec<Problem>,
    /// Findings that belong to no file of a policy.
    about_the_run: Vec<LintFinding>,
    /// Texts of files that are no policies and have findings.
    others: Vec<Document>,
}

impl Lint {
    /// Exit status: 0 nothing found, 1 something found, 2 could not look.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let today = io.input.now()?.date_naive();
        let here = [PathBuf::from(".")];
        let paths: Vec<PathBuf> = self.paths.iter().chain(&self.account).cloned().collect();
        let paths = if paths.is_empty() { &here[..] } else { &paths };
        let (targets, problems) = find::targets(paths, self.stdin_filename.as_deref());
        let mut everywhere = Everywhere::new(self, &mut io.input)?;
        let jobs = jobs(targets, &mut everywhere, io)?;
        if self.show_settings {
            return show_settings(&jobs, io);
        }
        if jobs.is_empty() && problems.is_empty() {
            return Err(find::none_found(paths));
        }
        if let Some(path) = &self.write_baseline {
            suppress::may_be_replaced(path, &jobs)?;
        }
        let mut run =
            Run { jobs, files: Vec::new(), problems, about_the_run: Vec::new(), others: Vec::new() };
        run.look_at_all(today);
        if self.fix || self.unsafe_fixes || self.diff {
            self.mend(&mut run, today, io)?;
        }
        run.say_of_the_run(self, &everywhere, paths, today);
        let against = self.against.as_deref().map(|old| run.against(old, io)).transpose()?;
        let mut report = run.report();
        let (against, gained) = against.unzip();
        let gained = gained.unwrap_or_default();
        report.against = against;
        if let Some(path) = self.write_baseline.as_ref().filter(|_| !self.diff) {
            let text = Baseline::of(&report.findings).to_json();
            write_or_tell(path, text.as_bytes())?;
            return Ok(if run.problems.is_empty() { Exit::Yes } else { run.tell_problems(io) });
        }
        self.accept_baseline(&mut report, &everywhere, io)?;
        for finding in &report.findings {
            report.summary.count(finding);
        }
        report.summary.security += gained.len();
        let fails = run.fails(&report, &everywhere);
        // These have a place of their own for it.
        if !matches!(self.format, Format::Human | Format::Json | Format::Jsonl) {
            report.findings.extend(gained);
            sort(&mut report.findings);
        }
        if !self.diff {
            self.tell(&run, report, &everywhere, io)?;
        } else if !run.problems.is_empty() {
            run.tell_problems(io);
        }
        Ok(match (run.problems.is_empty(), fails) {
            (false, _) => Exit::Trouble,
            (true, true) => Exit::No,
            (true, false) => Exit::Yes,
        })
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }

    /// Are fixes made, and not only shown?
    fn fix_is_written(&self) -> bool {
        (self.fix || self.unsafe_fixes) && !self.diff
    }

    /// Makes the fixes, or shows them.
    fn mend(&self, run: &mut Run, today: NaiveDate, io: &mut Io<'_>) -> Result<(), Failure> {
        let mut made = 0;
        for (number, judged) in &mut run.files {
            let Some(job) = run.jobs.get(*number) else { continue };
            let again =
                |document: &Document| judge(document, &job.relative, job.target.named, &job.effective, today);
            let mended = mend::mend(judged, self.unsafe_fixes, &again);
            for left in mended.left.iter().filter(|_| !io.look.quiet) {
                writeln!(io.err, "{}: {}", escaped(&job.target.name), escaped(left))?;
            }
            if job.read.is_some() && self.fix_is_written() {
                io.out.write_all(&mended.document.bytes)?;
            }
            if mended.made == 0 {
                continue;
            }
            made += mended.made;
            if self.diff {
                io.out.write_all(mend::diff(&judged.document, &mended.document).as_bytes())?;
                continue;
            }
            if job.read.is_none() {
                write_or_tell(&job.target.path, &mended.document.bytes)?;
            }
            if let Some(after) = again(&mended.document) {
                *judged = after;
            }
        }
        if made > 0 && !io.look.quiet {
            let verb = if self.diff { "could be made" } else { "made" };
            io.out.flush()?;
            writeln!(io.err, "{made} {} {verb}", if made == 1 { "fix" } else { "fixes" })?;
        }
        Ok(())
    }

    fn accept_baseline(
        &self,
        report: &mut LintReport,
        everywhere: &Everywhere<'_>,
        io: &mut Io<'_>,
    ) -> Result<(), Failure> {
        let of_settings = || everywhere.all().find_map(|one| one.baseline());
        let Some(path) = self.baseline.clone().or_else(of_settings) else { return Ok(()) };
        let document = io.input.read(&path, "baseline")?;
        let left_over = Baseline::read(&document)?.apply(&mut report.findings);
        let lines = Lines::of(&document.bytes);
        let around = Around::of(&document, &document.name, &lines);
        for message in left_over {
            let Some(meta) = twokeys::lint::meta("L901") else { continue };
            let finding = meta.at(Span::default(), message);
            report.findings.push(around.place(&finding));
        }
        sort(&mut report.findings);
        Ok(())
    }
}

/// Puts each file beside what counts for it, without those that the configuration leaves out.
fn jobs(targets: Vec<Target>, everywhere: &mut Everywhere<'_>, io: &mut Io<'_>) -> Result<Vec<Job>, Failure> {
    let mut jobs = Vec::with_capacity(targets.len());
    for target in targets {
        let known_as = if target.path.as_os_str() == "-" { Path::new(&target.name) } else { &target.path };
        let effective = everywhere.of(known_as, &mut io.input)?;
        let relative = effective.relative(known_as);
        if !target.named && effective.excludes(&relative) {
            continue;
        }
        let read = if target.path.as_os_str() == "-" {
            Some(Document { name: target.name.clone(), ..io.input.read(&target.path, "policy")? })
        } else {
            None
        };
        jobs.push(Job { target, effective, relative, read });
    }
    Ok(jobs)
}

impl Run {
    /// Reads and lints the files, several at a time; what comes out stays in their order.
    fn look_at_all(&mut self, today: NaiveDate) {
        let look = |job: &Job| -> Result<Option<Judged>, Failure> {
            let document = match &job.read {
                Some(document) => document.clone(),
                None => input::read_file(&job.target.path, "policy")?,
            };
            Ok(judge(&document, &job.relative, job.target.named, &job.effective, today))
        };
        // Starting threads costs more than a few files.
        let outcomes: Vec<_> = if self.jobs.len() < 8 {
            self.jobs.iter().map(look).collect()
        } else {
            self.jobs.par_iter().map(look).collect()
        };
        for (number, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(judged) => self.files.extend(judged.map(|judged| (number, judged))),
                Err(Failure::Problems(problems)) => self.problems.extend(problems),
                Err(Failure::ClosedPipe) => {}
            }
        }
    }

    /// What changed for callers without MFA since an older version.
    fn against(&mut self, old: &str, io: &mut Io<'_>) -> Result<(Against, Vec<LintFinding>), Failure> {
        let mut findings = Vec::new();
        let mut against = Against { file: old.to_owned(), ..Against::default() };
        for (number, judged) in &self.files {
            let Some(job) = self.jobs.get(*number) else { continue };
            let path = if job.read.is_some() { Path::new(&job.target.name) } else { &job.target.path };
            let twin = |other: &Job| other.target.named && other.target.below == job.target.below;
            let below = if job.target.named && self.jobs.iter().filter(|other| twin(other)).count() > 1 {
                // Their name alone does not tell them apart.
                path
            } else {
                &job.target.below
            };
            let older = against::older(old, path, below);
            if matches!(older, Ok(None)) && !io.look.quiet {
                let (name, old) = (escaped(&job.target.name), escaped(old));
                writeln!(io.err, "{name}: not in {old}; all that it allows without MFA counts as gained")?;
            }
            // One that cannot be compared does not stop the others.
            match older.and_then(|older| against::compare(older.as_ref(), judged, &mut against)) {
                Err(Failure::Problems(problems)) => {
                    self.problems.extend(problems);
                    // It is the same file for all of them.
                    if !old.starts_with("git:") && !Path::new(old).exists() {
                        break;
                    }
                }
                done => findings.extend(done?),
            }
        }
        number_equal_fingerprints(&mut findings);
        Ok((against, findings))
    }

    /// L901, L902 and L905 about flags and configurations.
    fn say_of_the_run(
        &mut self,
        flags: &Lint,
        everywhere: &Everywhere<'_>,
        paths: &[PathBuf],
        today: NaiveDate,
    ) {
        let mut used: BTreeMap<*const Effective, Used> = BTreeMap::new();
        for (number, judged) in &self.files {
            if let Some(job) = self.jobs.get(*number) {
                used.entry(Arc::as_ptr(&job.effective)).or_default().join(&judged.used);
            }
        }
        for effective in everywhere.all() {
            let settings = &effective.settings;
            let Some(document) = &settings.document else { continue };
            let none = Used::default();
            let used = used.get(&Arc::as_ptr(effective)).unwrap_or(&none);
            // Only who looked at everything below it can say that nothing is there.
            let whole = paths.iter().any(|path| {
                std::path::absolute(path)
                    .is_ok_and(|path| path.is_dir() && settings.folder.starts_with(&path))
            }) || std::env::current_dir().is_ok_and(|here| {
                paths.iter().any(|path| path.as_os_str() == ".") && here == settings.folder
            });
            let mut said = suppress::leftovers(settings, used, whole, today);
            let mut unknown = Vec::new();
            let selections = settings.select.iter().flatten().chain(&settings.extend_select);
            let suppressed = settings.suppress.iter().map(|entry| &entry.code);
            for written in selections.chain(&settings.ignore).chain(suppressed) {
                unknown.extend(unknown_code(&written.value, written.span));
            }
            let runs = effective.options(twokeys::policy::PolicyType::Identity);
            said.retain(|finding| runs.runs(finding.meta));
            // A misspelled selection must not be what hides that it is misspelled.
            let even_so = Options { select: vec!["L".to_owned()], ..runs };
            said.extend(unknown.into_iter().filter(|finding| even_so.runs(finding.meta)));
            let lines = Lines::of(&document.bytes);
            let around = Around::of(document, &document.name, &lines);
            for finding in &said {
                self.about_the_run.push(around.place(finding));
            }
            self.others.push(document.clone());
        }
        for (flag, words) in [
            ("--select", &flags.select),
            ("--extend-select", &flags.extend_select),
            ("--ignore", &flags.ignore),
        ] {
            let document = Document::new(flag, words.join(",").as_bytes());
            let lines = Lines::of(&document.bytes);
            let around = Around::of(&document, &document.name, &lines);
            let mut start = 0;
            for word in words {
                let span = Span::new(start, start + word.len());
                start += word.len() + 1;
                self.about_the_run.extend(unknown_code(word, span).map(|finding| around.place(&finding)));
            }
            self.others.push(document);
        }
    }

    /// Everything found, in order, not counted yet.
    fn report(&mut self) -> LintReport {
        let mut findings: Vec<LintFinding> = std::mem::take(&mut self.about_the_run);
        let (mut policies, mut unknown) = (0, 0);
        for (_, judged) in &mut self.files {
            policies += judged.policies;
            unknown += judged.unknown;
            findings.append(&mut judged.findings);
        }
        sort(&mut findings);
        number_equal_fingerprints(&mut findings);
        let summary = LintSummary {
            files: self.files.len(),
            policies,
            troubles: self.problems.len(),
            unknown,
            ..LintSummary::default()
        };
        let troubles = self.problems.iter().map(|problem| {
            let json = problem.to_json();
            let text = |name: &str| json.get(name).and_then(|value| value.as_str()).map(str::to_owned);
            let number =
                |name: &str| json.get(name)?.as_u64().and_then(|number| usize::try_from(number).ok());
            LintTrouble {
                code: text("code").unwrap_or_default(),
                message: text("message").unwrap_or_default(),
                file: text("file"),
                line: number("line"),
                column: number("column"),
                span: json.get("span").and_then(|span| serde_json::from_value(span.clone()).ok()),
                help: text("help"),
            }
        });
        LintReport {
            schema_version: 1,
            data_date: twokeys::catalog::date(),
            summary,
            findings,
            against: None,
            troubles: troubles.collect(),
        }
    }

    /// Does something found fail the run, by the settings of its file?
    fn fails(&self, report: &LintReport, everywhere: &Everywhere<'_>) -> bool {
        let first = everywhere.all().next();
        let gained = report.against.as_ref().is_some_and(|against| !against.gained.is_empty());
        if gained && first.is_some_and(|first| first.fails(Class::Security)) {
            return true;
        }
        report.findings.iter().any(self.failing(everywhere))
    }

    /// Whether a finding fails the run, by the settings of its file.
    fn failing(&self, everywhere: &Everywhere<'_>) -> impl Fn(&LintFinding) -> bool {
        let by_file: BTreeMap<&str, &Effective> =
            self.jobs.iter().map(|job| (job.target.name.as_str(), &*job.effective)).collect();
        let first = everywhere.all().next();
        move |finding| {
            let effective = by_file.get(finding.file.as_str()).copied().or(first.map(|first| &**first));
            finding.suppressed.is_none()
                && effective.is_some_and(|effective| effective.fails(finding.meta.class()))
        }
    }

    /// What could not be done, for people.
    fn tell_problems(&self, io: &mut Io<'_>) -> Exit {
        let problems = Failure::Problems(self.problems.clone());
        problems.tell(io.out, io.err, &io.look, Data::None)
    }
}

/// By file, place and code.
fn sort(findings: &mut [LintFinding]) {
    findings.sort_by(|one, other| {
        let key = |finding: &LintFinding| (finding.span, finding.code);
        one.file.cmp(&other.file).then_with(|| key(one).cmp(&key(other)))
    });
}

/// The second of two equal fingerprints is told from the first by a number.
fn number_equal_fingerprints(findings: &mut [LintFinding]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format!("{}-{count}", finding.fingerprint);
        }
    }
}

fn unknown_code(written: &str, span: Span) -> Option<twokeys::lint::Finding> {
    if twokeys::lint::names_a_rule(written) {
        return None;
    }
    suppress::l902(written).map(|(meta, message)| meta.at(span, message))
}

fn show_settings(jobs: &[Job], io: &mut Io<'_>) -> Result<Exit, Failure> {
    let mut shown: BTreeMap<*const Effective, (usize, serde_json::Value)> = BTreeMap::new();
    for job in jobs {
        let entry = shown.entry(Arc::as_ptr(&job.effective));
        entry.or_insert_with(|| (0, job.effective.to_json())).0 += 1;
    }
    let mut each: Vec<_> = shown.into_values().collect();
    each.sort_by_key(|(_, settings)| settings.to_string());
    let each: Vec<_> = each
        .into_iter()
        .map(|(files, mut settings)| {
            if let Some(members) = settings.as_object_mut() {
                members.insert("files".to_owned(), files.into());
            }
            settings
        })
        .collect();
    writeln!(io.out, "{}", json_pretty(&serde_json::json!({ "schema_version": 1, "settings": each }))?)?;
    Ok(Exit::Yes)
}

fn write_or_tell(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    input::replace(path, bytes).map_err(|error| {
        Problem::new("unwritable", format!("`{}` cannot be written: {error}", path.display()))
            .help("check the permissions of the file and its folder")
            .into()
    })
}
