//! Findings that somebody accepted: in the configuration, beside the policy, in a Sid, in a baseline.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use twokeys::lint::{Finding, Meta};
use twokeys::report::lint::{LintFinding, Suppressed};
use twokeys::source::{Span, shown};

use super::Job;
use super::settings::{Settings, Suppression, parse_day};
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};
use crate::intake::Accepted;

/// What became of the suppressions of one configuration.
#[derive(Debug, Clone, Default)]
pub(super) struct Used {
    /// Entries that silenced something.
    pub(super) silenced: BTreeSet<usize>,
    /// Entries whose place was looked at.
    pub(super) met: BTreeSet<usize>,
}

impl Used {
    pub(super) fn join(&mut self, other: &Self) {
        self.silenced.extend(&other.silenced);
        self.met.extend(&other.met);
    }
}

/// Accepts findings of one policy by the configuration.
pub(super) fn by_settings(
    findings: &mut [LintFinding],
    settings: &Settings,
    relative: &Path,
    today: NaiveDate,
    used: &mut Used,
) {
    for (number, entry) in settings.suppress.iter().enumerate() {
        if entry.file.as_ref().is_some_and(|file| file.is_match(relative)) {
            used.met.insert(number);
        }
        if is_over(entry, today) {
            continue;
        }
        for finding in findings.iter_mut().filter(|finding| fits(entry, finding, relative)) {
            used.silenced.insert(number);
            finding.suppressed.get_or_insert_with(|| Suppressed {
                by: "config",
                reason: entry.reason.clone(),
                until: entry.until.map(|day| day.to_string()),
            });
        }
    }
}

fn is_over(entry: &Suppression, today: NaiveDate) -> bool {
    entry.until.is_some_and(|last| last < today)
}

fn fits(entry: &Suppression, finding: &LintFinding, relative: &Path) -> bool {
    let sid = finding.statement.as_ref().and_then(|statement| statement.sid.as_deref());
    let part = |pattern: &Option<globset::GlobMatcher>, text: Option<&str>| {
        pattern.as_ref().is_none_or(|pattern| text.is_some_and(|text| pattern.is_match(text)))
    };
    names(&entry.code.value, finding.meta)
        && entry.file.as_ref().is_none_or(|file| file.is_match(relative))
        && part(&entry.policy, finding.policy.name.as_deref())
        && part(&entry.sid, sid)
}

fn names(code: &str, meta: &Meta) -> bool {
    code.eq_ignore_ascii_case(meta.code) || code == meta.name
}

/// What stands beside the policies of a file: each entry with whether it silenced something. A resource can have several
/// policies, and then its entries speak of all of them.
pub(super) type Beside<'a> = BTreeMap<(Span, &'a str), (&'a Accepted, bool)>;

/// Accepts findings of one policy by what stands beside it.
pub(super) fn by_container<'a>(
    findings: &mut [LintFinding],
    accepted: &'a [Accepted],
    today: NaiveDate,
    beside: &mut Beside<'a>,
) {
    for entry in accepted {
        let (_, silenced) = beside.entry((entry.span, &entry.code)).or_insert((entry, false));
        for finding in findings.iter_mut() {
            if has_ended(entry, today) || !container_fits(entry, finding) {
                continue;
            }
            *silenced = true;
            finding.suppressed.get_or_insert_with(|| Suppressed {
                by: entry.by,
                reason: entry.reason.clone(),
                until: entry.until.clone(),
            });
        }
    }
}

fn has_ended(entry: &Accepted, today: NaiveDate) -> bool {
    entry.until.as_deref().and_then(parse_day).is_some_and(|last| last < today)
}

/// What there is to say about the entries of a file, after all its policies.
pub(super) fn about_entries(beside: &Beside<'_>, today: NaiveDate) -> Vec<(Span, &'static Meta, String)> {
    let mut told = Vec::new();
    for &(entry, silenced) in beside.values() {
        let code = shown(&entry.code);
        match twokeys::lint::meta(&entry.code) {
            None => told.extend(l902(&entry.code).map(|(meta, message)| (entry.span, meta, message))),
            Some(_) if !silenced => {
                let message = if has_ended(entry, today) {
                    format!("the suppression of {code} has ended")
                } else {
                    format!("nothing here is {code}: the suppression silences nothing")
                };
                told.extend(twokeys::lint::meta("L901").map(|meta| (entry.span, meta, message)));
            }
            Some(_) => {}
        }
        if entry.reason.is_none() {
            let message = format!("the suppression of {code} has no reason");
            told.extend(twokeys::lint::meta("L905").map(|meta| (entry.span, meta, message)));
        }
    }
    told
}

fn container_fits(entry: &Accepted, finding: &LintFinding) -> bool {
    let sid = finding.statement.as_ref().and_then(|statement| statement.sid.as_deref());
    let [start, end] = finding.span;
    let holds = |place: Span| place.start <= start && end <= place.end;
    names(&entry.code, finding.meta)
        && entry.sid.as_deref().is_none_or(|wanted| sid == Some(wanted))
        && entry.within.is_none_or(holds)
}

/// Accepts findings by the names of their statements: `…NoLintM448M437`.
pub(super) fn by_sid(findings: &mut [LintFinding]) {
    for finding in findings {
        let sid = finding.statement.as_ref().and_then(|statement| statement.sid.as_deref());
        let Some((_, codes)) = sid.and_then(|sid| sid.split_once("NoLint")) else { continue };
        let is_named = codes.as_bytes().chunks(4).any(|code| code == finding.code.as_bytes());
        if is_named && finding.suppressed.is_none() {
            finding.suppressed = Some(Suppressed { by: "sid", reason: None, until: None });
        }
    }
}

/// What there is to say about the suppressions of a configuration after the whole run.
pub(super) fn leftovers(settings: &Settings, used: &Used, whole: bool, today: NaiveDate) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, entry) in settings.suppress.iter().enumerate() {
        let code = shown(&entry.code.value);
        let mut tell = |name, message: String, help: &str| {
            found.extend(twokeys::lint::meta(name).map(|meta| {
                let mut finding = meta.at(entry.code.span, message);
                finding.help = Some(help.to_owned());
                finding
            }));
        };
        if twokeys::lint::meta(&entry.code.value).is_some() && !used.silenced.contains(&number) {
            if is_over(entry, today) {
                let day = entry.until.map(|day| day.to_string()).unwrap_or_default();
                tell(
                    "L901",
                    format!("the suppression of {code} ended on {day}"),
                    "mend the policy, or renew it",
                );
            } else if whole || used.met.contains(&number) {
                tell("L901", format!("the suppression of {code} silences nothing"), "remove it");
            }
        }
        if entry.reason.is_none() {
            tell("L905", format!("the suppression of {code} has no reason"), "say why in `reason`");
        }
    }
    found
}

/// A code that no rule has, with the one that was meant.
pub(super) fn l902(written: &str) -> Option<(&'static Meta, String)> {
    let meta = twokeys::lint::meta("L902")?;
    let names: Vec<&str> = twokeys::lint::metas().flat_map(|meta| [meta.code, meta.name]).collect();
    let upper = written.to_ascii_uppercase();
    let near = twokeys::name::nearest(written, names.iter().copied())
        .or_else(|| twokeys::name::nearest(&upper, names.iter().copied()));
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Some((meta, format!("no rule is called `{}`{near}", shown(written))))
}

/// Findings that were there when the linter came.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    schema_version: u32,
    findings: Vec<Known>,
}

/// One of them; all but the fingerprint is for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    code: String,
    policy: Option<String>,
    sid: Option<String>,
    fingerprint: String,
}

impl Baseline {
    /// All findings that nobody accepted yet.
    pub(super) fn of(findings: &[LintFinding]) -> Self {
        let open = findings.iter().filter(|finding| finding.suppressed.is_none());
        let mut findings: Vec<Known> = open
            .map(|finding| Known {
                file: finding.file.clone(),
                code: finding.code.to_owned(),
                policy: finding.policy.name.clone(),
                sid: finding.statement.as_ref().and_then(|statement| statement.sid.clone()),
                fingerprint: finding.fingerprint.clone(),
            })
            .collect();
        findings.sort();
        Self { schema_version: 1, findings }
    }

    pub(super) fn read(document: &Document) -> Result<Self, Failure> {
        let wrong = |message: String| {
            Failure::from(
                Problem::new("bad-baseline", format!("`{}` is no baseline: {message}", document.name))
                    .help("write a new one with --write-baseline"),
            )
        };
        let read: Self = serde_json::from_slice(&document.bytes).map_err(|error| wrong(error.to_string()))?;
        if read.schema_version == 1 { Ok(read) } else { Err(wrong("its version is not 1".to_owned())) }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Accepts what is in it; each entry silences one finding. Says what is left over.
    pub(super) fn apply(&self, findings: &mut [LintFinding]) -> Vec<String> {
        let mut open: BTreeMap<&str, &Known> =
            self.findings.iter().map(|known| (known.fingerprint.as_str(), known)).collect();
        for finding in findings.iter_mut().filter(|finding| finding.suppressed.is_none()) {
            if open.remove(finding.fingerprint.as_str()).is_some() {
                finding.suppressed = Some(Suppressed { by: "baseline", reason: None, until: None });
            }
        }
        open.values()
            .map(|known| format!("{} in {} is gone: the entry silences nothing", known.code, known.file))
            .collect()
    }
}

/// A baseline takes the place of nothing but a baseline.
pub(super) fn may_be_replaced(path: &Path, jobs: &[Job]) -> Result<(), Failure> {
    let name = path.display();
    let wrong = |message: String| {
        Failure::from(Problem::new("bad-baseline", message).help("name another file, or remove it first"))
    };
    if jobs.iter().any(|job| job.target.named && job.target.path == path) {
        return Err(wrong(format!("`{name}` is to be linted, so no baseline is written over it")));
    }
    let Ok(known) = std::fs::metadata(path) else { return Ok(()) };
    if !known.is_file() {
        return Err(wrong(format!("`{name}` is no regular file, so no baseline is written there")));
    }
    let is_ours = input::read_file(path, "baseline").and_then(|document| Baseline::read(&document));
    match is_ours {
        Ok(_) => Ok(()),
        Err(_) => Err(wrong(format!("`{name}` is there and is no baseline, so it is left as it is"))),
    }
}
