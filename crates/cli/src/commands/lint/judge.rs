//! One file: the policies in it, what the rules say of each, and what was accepted.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use twokeys::lint::{Finding, Options, lint, meta};
use twokeys::policy::{ParseError, Policy, PolicyType};
use twokeys::report::lint::{LintFinding, LintPolicy};
use twokeys::source::{Diagnostic, Span, shown};

use super::effective::Effective;
use super::find;
use super::kinds::{attached, guess};
use super::place::{Around, Lines, Placer};
use super::suppress::{self, Used};
use crate::input::Document;
use crate::intake::Found;
use crate::intake::containers::{self, Contents, Json};

/// What came out of one file.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) document: Document,
    /// How many policies were in it.
    pub(super) policies: usize,
    /// How many more are not known yet.
    pub(super) unknown: usize,
    /// The kinds under which they were linted.
    pub(super) kinds: Vec<PolicyType>,
    /// In the order of the file.
    pub(super) findings: Vec<LintFinding>,
    pub(super) used: Used,
}

/// Lints the policies of a file; none if there is none and nobody named it.
pub(super) fn judge(
    document: &Document,
    relative: &Path,
    named: bool,
    effective: &Effective,
    today: NaiveDate,
) -> Option<Judged> {
    if !named && !find::may_hold_a_policy(&document.bytes) {
        return None;
    }
    let lines = Lines::of(&document.bytes);
    let json = Json::of(&document.bytes);
    let Opened { found, wrong } = open_read(document, &json, named);
    if found.is_empty() && wrong.is_empty() && !named {
        return None;
    }
    let fingerprint_name = relative.to_string_lossy().replace('\\', "/");
    let parsed: Vec<_> = found.iter().map(|one| Policy::parse_bytes(&one.text)).collect();
    let mut findings = Vec::new();
    let mut used = Used::default();
    let mut beside_them = suppress::Beside::new();
    let mut kinds = Vec::with_capacity(found.len());
    for (one, policy) in found.iter().zip(&parsed) {
        let readable = policy.as_ref().ok();
        let beside = one.beside.iter().filter_map(|at| parsed.get(*at)?.as_ref().ok());
        let given = Given::of(one, readable, relative, effective, beside.cloned().collect());
        kinds.push(given.options.kind);
        let mut said: Vec<Finding> = match policy {
            Err(errors) => refused(errors.iter(), &given.options),
            Ok(policy) => {
                let mut said = refused(policy.refusals(given.options.kind).iter(), &given.options);
                said.extend(lint(policy, &given.options));
                said
            }
        };
        let unsure = drop_unsure(one, &mut said);
        said.extend(about_the_run(one, &given, &unsure));
        if said.is_empty() && one.accepted.is_empty() {
            continue;
        }
        let is_file = Arc::ptr_eq(&one.text, &document.bytes);
        let own = Json::of(&one.text);
        let placer = Placer {
            file: &document.name,
            relative: &fingerprint_name,
            lines: &lines,
            found: one,
            policy: given.policy,
            parsed: readable,
            root: (!said.is_empty())
                .then(|| if is_file { &json } else { &own }.reading().root.as_ref())
                .flatten(),
        };
        let mut of_policy: Vec<LintFinding> = said.iter().map(|finding| placer.place(finding)).collect();
        suppress::by_container(&mut of_policy, &one.accepted, today, &mut beside_them);
        suppress::by_settings(&mut of_policy, &effective.settings, relative, today, &mut used);
        if effective.settings.sid_suppressions {
            suppress::by_sid(&mut of_policy);
        }
        findings.append(&mut of_policy);
    }
    let around = Around::of(document, &fingerprint_name, &lines);
    let runs = effective.options(PolicyType::Identity);
    let mut said: Vec<Finding> = wrong.iter().filter_map(of_container).collect();
    if found.is_empty() && wrong.is_empty() {
        said.extend(no_policy());
    }
    let told = suppress::about_entries(&beside_them, today);
    said.extend(told.into_iter().map(|(span, meta, message)| meta.at(span, message)));
    findings.extend(said.iter().filter(|one| runs.runs(one.meta)).map(|one| around.place(one)));
    findings.sort_by_key(|finding| (finding.span, finding.code));
    let unknown = wrong.iter().filter(|wrong| wrong.code == "L904").count();
    Some(Judged { document: document.clone(), policies: found.len(), unknown, kinds, findings, used })
}

/// What is in a file.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// Its policies.
    pub(super) found: Vec<Found>,
    /// What is wrong around them, with places in the file.
    wrong: Vec<Diagnostic>,
}

/// The policies of a file.
pub(super) fn open(document: &Document, named: bool) -> Opened {
    open_read(document, &Json::of(&document.bytes), named)
}

fn open_read(document: &Document, json: &Json<'_>, named: bool) -> Opened {
    if let Some(Contents { found, wrong }) = containers::policies(document, json) {
        return Opened { found, wrong };
    }
    if find::is_something_else(&document.bytes, json.reading(), named) {
        return Opened::default();
    }
    Opened { found: vec![Found::whole(document.bytes.clone())], wrong: Vec::new() }
}

fn refused<'e>(errors: impl Iterator<Item = &'e ParseError>, options: &Options) -> Vec<Finding> {
    errors.filter_map(Finding::of_refusal).filter(|finding| options.runs(finding.meta)).collect()
}

/// What is known of a policy beside its text.
struct Given {
    options: Options,
    policy: LintPolicy,
}

impl Given {
    fn of(
        one: &Found,
        readable: Option<&Policy>,
        relative: &Path,
        effective: &Effective,
        beside: Vec<Policy>,
    ) -> Self {
        let written = effective.kind_for(relative);
        let guessed = one.kind.is_none() && written.kind.is_none() && readable.is_some();
        let (by_content, service) = readable.map_or((PolicyType::Identity, None), guess);
        let kind = one.kind.or(written.kind).unwrap_or(by_content);
        let service = one.service.clone().or_else(|| written.service.clone()).or(service);
        let service = service.filter(|_| kind == PolicyType::Resource);
        let attached_to = match (&one.attached_to, &effective.attached_to) {
            (known, _) if !known.is_empty() => known.clone(),
            (_, Some(given)) => vec![given.clone()],
            _ if written.role => vec!["role".to_owned()],
            _ => Vec::new(),
        };
        let mut options = effective.options(kind);
        options.service.clone_from(&service);
        options.template = one.template || written.template;
        options.attached_to = attached_to.first().and_then(|word| attached(word));
        options.beside = beside;
        let policy = LintPolicy {
            name: one.name.clone(),
            kind: match &service {
                Some(service) => format!("{}:{service}", kind.as_str()),
                None => kind.as_str().to_owned(),
            },
            guessed,
            attached_to,
            path: one.path.clone(),
        };
        Self { options, policy }
    }
}

/// Takes back what was said of places that nobody knows yet; the codes, by hole.
fn drop_unsure(one: &Found, said: &mut Vec<Finding>) -> Vec<BTreeSet<&'static str>> {
    let mut codes = vec![BTreeSet::new(); one.holes.len()];
    said.retain(|finding| {
        let span = finding.span;
        let mut holes = one.holes.iter().zip(&mut codes);
        match holes.find(|((hole, _), _)| hole.start <= span.start && span.end <= hole.end) {
            Some((_, codes)) => {
                codes.insert(finding.code());
                false
            }
            None => true,
        }
    });
    codes
}

/// L904, L906 and L907: what a policy's container and the guess give reason to say.
fn about_the_run(one: &Found, given: &Given, unsure: &[BTreeSet<&'static str>]) -> Vec<Finding> {
    let start = one.text.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or_default();
    let start = Span::new(start, (start + 1).min(one.text.len()));
    let mut said = Vec::new();
    let mut say = |code, span, message: String, help: &str| {
        said.extend(meta(code).filter(|meta| given.options.runs(meta)).map(|meta| {
            let mut finding = meta.at(span, message);
            finding.help = Some(help.to_owned());
            finding
        }));
    };
    for ((span, what), codes) in one.holes.iter().zip(unsure) {
        let codes = codes.iter().copied().collect::<Vec<_>>().join(", ");
        let left_open = if codes.is_empty() { String::new() } else { format!("; left open: {codes}") };
        let message = format!("{} is known only when it is deployed{left_open}", shown(what));
        say("L904", *span, message, "lint the deployed policy, too");
    }
    if given.policy.guessed {
        let message = format!("taken for a policy of kind `{}` by its content", given.policy.kind);
        say("L906", start, message, "say it with `--kind`, or under `policy-types` in twokeys.toml");
    }
    if one.embedded {
        let message = "the policy is a text inside a text; no fixes are offered for it".to_owned();
        say("L907", start, message, "edit it by hand");
    }
    said
}

/// A mistake of the container.
fn of_container(wrong: &Diagnostic) -> Option<Finding> {
    let mut finding = meta(wrong.code)?.at(wrong.span, wrong.message.clone());
    finding.label.clone_from(&wrong.label);
    finding.other.clone_from(&wrong.other);
    finding.help.clone_from(&wrong.help);
    Some(finding)
}

/// L903.
fn no_policy() -> Option<Finding> {
    let mut finding = meta("L903")?.at(Span::default(), "there is no policy in this file");
    finding.help = Some("a policy is a JSON object with a `Statement`".to_owned());
    Some(finding)
}
