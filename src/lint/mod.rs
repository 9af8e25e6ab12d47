//! Points at policies that look safe and are not.
//!
//! A policy can be read and decided and still be a mistake: an action that no service has, a key
//! spelled so that it is always missing, a value that never compares equal. AWS accepts most of
//! them without a word; the `Deny` that was meant to protect something is then no `Deny` at all.
//!
//! [`lint`] runs every rule of [`RULES`] over one policy and gives the findings in the order of the
//! text. A rule is one file in `rules/`: what it is called, why it matters, a policy it flags, one
//! it does not, and the check. Rules about MFA do not look for shapes of text: they ask the engine
//! what is decided for callers with and without MFA.
//!
//! What the reader refuses (a missing `Effect`, an unknown operator) is a finding, too
//! ([`Finding::of_refusal`]), but no rule gets to see such a policy.

mod beginnings;
mod callers;
mod cover;
mod edit;
mod finding;
mod fix;
mod grants;
mod known;
mod meta;
mod mfa;
mod named;
mod options;
mod probe;
mod redundant;
mod refusals;
mod rules;
mod run;
mod select;
mod services;
mod subject;
mod text;
mod tried;
mod web_identity;

pub use finding::Finding;
pub use fix::{Edit, Fix};
pub use meta::{Class, Example, FixKind, Meta};
pub use mfa::MfaTruth;
pub use options::{Attached, ListStyle, Options, Quotas};
pub use probe::{Changed, Difference, difference, gained_and_lost};
pub use refusals::REFUSALS;
pub use rules::RULES;
pub use run::{GAINED, RUN};
pub use select::names_a_rule;
pub use subject::{Entry, Principal, Subject, Test};

use crate::policy::Policy;

/// One thing that can be wrong with a policy.
pub trait Rule: Sync {
    /// The rule's code, name and prose.
    fn meta(&self) -> &'static Meta;

    /// Adds what it finds in `subject`.
    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>);
}

/// Everything the selected rules have to say about a policy, in the order of its text.
///
/// ```
/// use twokeys::lint::{Options, lint};
/// use twokeys::policy::{Policy, PolicyType};
///
/// let policy = Policy::parse(r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
///   "Condition": {"Bool": {"aws:MultiFactorAuthPresentt": "false"}}}}"#)?;
/// let codes: Vec<_> = lint(&policy, &Options::new(PolicyType::Identity)).iter().map(|f| f.code()).collect();
/// assert_eq!(codes, ["W209", "M409"]);
/// # Ok::<(), twokeys::policy::ParseErrors>(())
/// ```
pub fn lint(policy: &Policy, options: &Options) -> Vec<Finding> {
    let subject = Subject::new(policy, options);
    let mut found = Vec::new();
    let chosen = options.chosen();
    for rule in RULES.iter().filter(|rule| chosen(rule.meta())) {
        rule.check(&subject, &mut found);
    }
    for finding in &mut found {
        finding.statement = subject.statement_at(finding.span);
    }
    mfa::stand_in(&mut found);
    found.sort_by_key(|finding| (finding.span.start, finding.code()));
    found
}

/// The rule with this code or name.
///
/// ```
/// assert_eq!(twokeys::lint::find("missing-version").map(|rule| rule.meta().code), Some("W209"));
/// ```
pub fn find(code_or_name: &str) -> Option<&'static dyn Rule> {
    let named = |meta: &Meta| meta.code.eq_ignore_ascii_case(code_or_name) || meta.name == code_or_name;
    RULES.iter().copied().find(|rule| named(rule.meta()))
}

/// All that a finding can be about: rules, refusals of the reader, and rules about the run itself, in the
/// order of the catalog.
pub fn metas() -> impl Iterator<Item = &'static Meta> {
    let mut metas: Vec<&Meta> = RULES.iter().map(|rule| rule.meta()).chain(&REFUSALS).chain(&RUN).collect();
    let group = |meta: &Meta| "EWSMIL".find(|letter| meta.code.starts_with(letter));
    metas.sort_by_key(|meta| (group(meta), meta.code));
    metas.into_iter()
}

/// What there is to say about a code or a name; a rule before a refusal of the same code.
///
/// ```
/// assert_eq!(twokeys::lint::meta("json-syntax").map(|meta| meta.code), Some("E101"));
/// ```
pub fn meta(code_or_name: &str) -> Option<&'static Meta> {
    let named = |meta: &Meta| meta.code.eq_ignore_ascii_case(code_or_name) || meta.name == code_or_name;
    RULES.iter().map(|rule| rule.meta()).chain(&REFUSALS).chain(&RUN).find(|meta| named(meta))
}

/// The findings of one rule on its own bad example, as a person would see them.
#[cfg(test)]
fn show(rule: &dyn Rule) -> String {
    show_on(rule, &rule.meta().bad)
}

/// The findings of one rule on any example: code, message, label, line and caret, help, truth.
#[cfg(test)]
fn show_on(rule: &dyn Rule, example: &Example) -> String {
    use std::fmt::Write;

    use crate::source::Position;

    let policy = Policy::parse(example.text).unwrap();
    let mut found = Vec::new();
    rule.check(&Subject::new(&policy, &example.options()), &mut found);
    let mut shown = String::new();
    for finding in &found {
        writeln!(shown, "{} {}", finding.code(), finding.message).unwrap();
        let [start, end] =
            [finding.span.start, finding.span.end].map(|at| Position::of(example.text, at as usize));
        let line = example.text.lines().nth(start.line - 1).unwrap();
        let last = if end.line == start.line { end.column } else { line.chars().count() + 1 };
        let under = "^".repeat(last - start.column);
        writeln!(shown, "{line}\n{}{under} {}", " ".repeat(start.column - 1), finding.label).unwrap();
        if let Some(help) = &finding.help {
            writeln!(shown, "help: {help}").unwrap();
        }
        if let Some(truth) = finding.truth {
            writeln!(shown, "truth: {truth}").unwrap();
        }
    }
    shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
