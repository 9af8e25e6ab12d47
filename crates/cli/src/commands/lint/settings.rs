//! The configuration of the linter: `twokeys.toml`, with the place of every mistake.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use globset::{Glob, GlobBuilder, GlobMatcher};
use twokeys::json::{Member, Node, Value};
use twokeys::lint::Quotas;
use twokeys::name::AccountId;
use twokeys::source::{Span, Spanned};

use super::kinds::Kind;
use crate::failure::{Failure, Problem};
use crate::input::Document;
use crate::testfile::{Notes, Syntax, read_tree};

/// The name of the file that is looked for.
pub(super) const FILE: &str = "twokeys.toml";

/// What a configuration says. A member that is not there is none or empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// The file, if there is one.
    pub(super) document: Option<Document>,
    /// The folder that its patterns and paths start from.
    pub(super) folder: PathBuf,
    pub(super) select: Option<Vec<Spanned<String>>>,
    pub(super) extend_select: Vec<Spanned<String>>,
    pub(super) ignore: Vec<Spanned<String>>,
    pub(super) fail_on: Option<FailOn>,
    pub(super) own_accounts: Vec<AccountId>,
    pub(super) require_mfa: Vec<String>,
    pub(super) exclude: Vec<GlobMatcher>,
    pub(super) baseline: Option<String>,
    pub(super) require_reason: bool,
    pub(super) sid_suppressions: bool,
    pub(super) list_style: Option<ListStyle>,
    pub(super) quotas: Quotas,
    pub(super) policy_types: Vec<(GlobMatcher, Kind)>,
    pub(super) suppress: Vec<Suppression>,
}

/// From which class on a finding fails the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// What AWS would not take, or what can never work
    Error,
    /// Also access that is wider or narrower than it looks
    Security,
    /// Also what is probably a mistake
    Warning,
    /// Everything
    Suggestion,
    /// Nothing
    Never,
}

/// How lists of one entry are to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListStyle {
    /// As the entry alone.
    String,
    /// As a list.
    List,
}

/// Findings that somebody accepts.
#[derive(Debug, Clone)]
pub(super) struct Suppression {
    /// A code or name of a rule.
    pub(super) code: Spanned<String>,
    pub(super) file: Option<GlobMatcher>,
    pub(super) policy: Option<GlobMatcher>,
    pub(super) sid: Option<GlobMatcher>,
    pub(super) reason: Option<String>,
    /// The last day.
    pub(super) until: Option<NaiveDate>,
}

const MEMBERS: [&str; 14] = [
    "select",
    "extend-select",
    "ignore",
    "fail-on",
    "own-accounts",
    "require-mfa",
    "exclude",
    "baseline",
    "require-reason",
    "sid-suppressions",
    "list-style",
    "quotas",
    "policy-types",
    "suppress",
];

impl Settings {
    /// Reads a configuration; all its mistakes at once.
    pub(super) fn read(document: &Document, folder: PathBuf) -> Result<Self, Failure> {
        let (root, wrong) = read_tree(&document.bytes, Syntax::Settings);
        let mut notes = Notes { wrong };
        let mut settings = Self { document: Some(document.clone()), folder, ..Self::default() };
        if let Some(root) = root.as_ref().filter(|_| notes.wrong.is_empty()) {
            for member in notes.object("the configuration", root).unwrap_or_default() {
                match &*member.key {
                    "lint" => settings.lint(&member.value, &mut notes),
                    _ => notes.unknown(member, "the configuration", &["lint"]),
                }
            }
        }
        if notes.wrong.is_empty() {
            return Ok(settings);
        }
        let told = notes.wrong.into_iter().map(|diagnostic| Problem::at(document, diagnostic));
        Err(Failure::Problems(told.collect()))
    }

    fn lint(&mut self, node: &Node<'_>, notes: &mut Notes) {
        for member in notes.object("`lint`", node).unwrap_or_default() {
            let (name, value) = (format!("`{}`", member.key), &member.value);
            match &*member.key {
                "select" => self.select = Some(notes.texts(&name, value)),
                "extend-select" => self.extend_select = notes.texts(&name, value),
                "ignore" => self.ignore = notes.texts(&name, value),
                "fail-on" => {
                    let words: Vec<_> = ["error", "security", "warning", "suggestion", "never"].into();
                    let known =
                        [FailOn::Error, FailOn::Security, FailOn::Warning, FailOn::Suggestion, FailOn::Never];
                    self.fail_on = one_of(&name, value, &words, &known, notes);
                }
                "own-accounts" => {
                    for text in notes.texts(&name, value) {
                        let help = "an account is twelve digits";
                        self.own_accounts.extend(
                            notes
                                .parsed::<AccountId>("bad-setting", &text, help)
                                .map(|account| account.value),
                        );
                    }
                }
                "require-mfa" => {
                    for text in notes.texts(&name, value) {
                        self.require_mfa.extend(actions(text, notes));
                    }
                }
                "exclude" => {
                    for text in notes.texts(&name, value) {
                        self.exclude.extend(glob(&text, notes));
                    }
                }
                "baseline" => self.baseline = notes.text(&name, value).map(|text| text.value),
                "require-reason" => self.require_reason = truth(&name, value, notes),
                "sid-suppressions" => self.sid_suppressions = truth(&name, value, notes),
                "list-style" => {
                    let known = [ListStyle::String, ListStyle::List];
                    self.list_style = one_of(&name, value, &["string", "list"], &known, notes);
                }
                "quotas" => self.quotas(value, notes),
                "policy-types" => {
                    for entry in notes.list(&name, "patterns with kinds", value).unwrap_or_default() {
                        self.policy_types.extend(policy_type(entry, notes));
                    }
                }
                "suppress" => {
                    for entry in notes.list(&name, "suppressions", value).unwrap_or_default() {
                        self.suppress.extend(suppression(entry, notes));
                    }
                }
                _ => notes.unknown(member, "`lint`", &MEMBERS),
            }
        }
    }

    fn quotas(&mut self, node: &Node<'_>, notes: &mut Notes) {
        const KNOWN: [&str; 6] = ["managed", "trust", "session", "scp", "rcp", "bucket"];
        for member in notes.object("`quotas`", node).unwrap_or_default() {
            let slot = match &*member.key {
                "managed" => &mut self.quotas.managed,
                "trust" => &mut self.quotas.trust,
                "session" => &mut self.quotas.session,
                "scp" => &mut self.quotas.scp,
                "rcp" => &mut self.quotas.rcp,
                "bucket" => &mut self.quotas.bucket,
                _ => {
                    notes.unknown(member, "`quotas`", &KNOWN);
                    continue;
                }
            };
            match &member.value.value {
                Value::Number(digits) if digits.parse::<usize>().is_ok() => {
                    *slot = digits.parse().unwrap_or_default();
                }
                _ => notes.wrong_type("a quota", "a whole number of characters", &member.value),
            }
        }
    }
}

fn truth(name: &str, node: &Node<'_>, notes: &mut Notes) -> bool {
    if let Value::Bool(truth) = node.value {
        return truth;
    }
    notes.wrong_type(name, "true or false", node);
    false
}

fn one_of<T: Copy>(name: &str, node: &Node<'_>, words: &[&str], known: &[T], notes: &mut Notes) -> Option<T> {
    let text = notes.text(name, node)?;
    let at = words.iter().position(|word| *word == text.value);
    if at.is_none() {
        let message = format!("{name} is not `{}`", twokeys::source::shown(&text.value));
        notes.note("bad-setting", text.span, message, format!("write {}", words.join(", ")));
    }
    known.get(at?).copied()
}

/// A pattern of actions, of a service that is known: one that fits nothing would ask nothing of anybody.
fn actions(text: Spanned<String>, notes: &mut Notes) -> Option<String> {
    let known = match text.value.split_once(':') {
        Some((service, name)) if !name.is_empty() => {
            service.contains(['*', '?']) || twokeys::catalog::service(&service.to_lowercase()).is_some()
        }
        _ => text.value == "*",
    };
    if !known {
        let message = format!("`{}` is no action of AWS", twokeys::source::shown(&text.value));
        notes.note("bad-setting", text.span, message, "write it as `iam:DeleteUser` or `iam:*`");
    }
    known.then_some(text.value)
}

/// A pattern of paths: `*` stays in a folder, `**` does not.
fn glob(text: &Spanned<String>, notes: &mut Notes) -> Option<GlobMatcher> {
    built(GlobBuilder::new(&text.value).literal_separator(true).build(), text.span, notes)
}

/// A pattern of names.
fn name_glob(text: &Spanned<String>, notes: &mut Notes) -> Option<GlobMatcher> {
    built(Glob::new(&text.value), text.span, notes)
}

fn built(glob: Result<Glob, globset::Error>, span: Span, notes: &mut Notes) -> Option<GlobMatcher> {
    match glob {
        Ok(glob) => Some(glob.compile_matcher()),
        Err(error) => {
            let message = format!("this is no pattern: {}", error.kind());
            notes.note("bad-setting", span, message, "write `*`, `**`, `?`, `[ab]` and `{a,b}`");
            None
        }
    }
}

fn policy_type(node: &Node<'_>, notes: &mut Notes) -> Option<(GlobMatcher, Kind)> {
    let (mut pattern, mut kind) = (None, None);
    for member in notes.object("an entry of `policy-types`", node)? {
        match &*member.key {
            "glob" => {
                pattern = notes.text("`glob`", &member.value).and_then(|text| glob(&text, notes));
            }
            "kind" => {
                let text = notes.text("`kind`", &member.value);
                let help = "such as identity, trust, resource:s3 or scp";
                kind = text.and_then(|text| notes.parsed::<Kind>("bad-setting", &text, help));
            }
            _ => notes.unknown(member, "an entry of `policy-types`", &["glob", "kind"]),
        }
    }
    let whole = Some((pattern?, kind?.value));
    if whole.is_none() {
        notes.note("bad-setting", node.span, "both `glob` and `kind` are needed", "add the other one");
    }
    whole
}

fn suppression(node: &Node<'_>, notes: &mut Notes) -> Option<Suppression> {
    const KNOWN: [&str; 6] = ["code", "file", "policy", "sid", "reason", "until"];
    let members: &[Member<'_>] = notes.object("a suppression", node)?;
    let (mut code, mut reason, mut until) = (None, None, None);
    let (mut file, mut policy, mut sid) = (None, None, None);
    for member in members {
        let name = format!("`{}`", member.key);
        let Some(slot) = KNOWN.iter().find(|known| **known == member.key) else {
            notes.unknown(member, "a suppression", &KNOWN);
            continue;
        };
        let Some(text) = notes.text(&name, &member.value) else { continue };
        match *slot {
            "code" => code = Some(text),
            "file" => file = glob(&text, notes),
            "policy" => policy = name_glob(&text, notes),
            "sid" => sid = name_glob(&text, notes),
            "reason" => reason = Some(text.value).filter(|reason| !reason.trim().is_empty()),
            _ => until = day(&text, notes),
        }
    }
    let has = |name: &str| members.iter().any(|member| member.key == name);
    if !["file", "policy", "sid"].into_iter().any(has) {
        let message = "a suppression names at least one of `file`, `policy` and `sid`";
        notes.note("bad-setting", node.span, message, "to switch a rule off altogether use `ignore`");
    }
    if !has("code") {
        notes.note("bad-setting", node.span, "a suppression names a `code`", "add the code of the rule");
    }
    Some(Suppression { code: code?, file, policy, sid, reason, until })
}

fn day(text: &Spanned<String>, notes: &mut Notes) -> Option<NaiveDate> {
    let day = parse_day(&text.value);
    if day.is_none() {
        notes.note("bad-setting", text.span, "`until` is the last day", "write it as 2027-01-31");
    }
    day
}

/// A day, as `2027-01-31`.
pub(super) fn parse_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The nearest configuration at or above a folder.
pub(super) fn nearest(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    folder.ancestors().map(|above| above.join(FILE)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, Vec<String>> {
        let document = Document::new(FILE, text.as_bytes());
        Settings::read(&document, PathBuf::new()).map_err(|failure| match failure {
            Failure::Problems(problems) => problems
                .iter()
                .map(Problem::to_json)
                .map(|json| format!("{}: {}", json["line"], json["message"].as_str().unwrap()))
                .collect(),
            Failure::ClosedPipe => Vec::new(),
        })
    }

    #[test]
    fn everything_that_can_be_set_is_read() {
        let settings = read(
            r#"[lint]
select = ["E", "mfa"]
extend-select = ["M448"]
ignore = ["M437"]
fail-on = "security"
own-accounts = ["111122223333"]
require-mfa = ["iam:*"]
exclude = ["vendor/**"]
baseline = "lint-baseline.json"
require-reason = true
sid-suppressions = true
list-style = "list"
quotas = { trust = 4096 }
policy-types = [{ glob = "scp/*.json", kind = "scp" }]

[[lint.suppress]]
code = "M448"
file = "policies/legacy/*.json"
reason = "devices are enrolled by the help desk"
until = 2027-01-31
"#,
        )
        .unwrap();
        assert_eq!((settings.fail_on, settings.quotas.trust), (Some(FailOn::Security), 4096));
        assert_eq!(settings.list_style, Some(ListStyle::List));
        let (glob, kind) = &settings.policy_types[0];
        assert!(glob.is_match("scp/a.json") && !glob.is_match("scp/b/a.json") && kind.to_string() == "scp");
        let suppression = &settings.suppress[0];
        assert_eq!(suppression.until, NaiveDate::from_ymd_opt(2027, 1, 31));
        assert!(suppression.file.as_ref().unwrap().is_match("policies/legacy/x.json"));
        assert!(settings.exclude[0].is_match("vendor/a/b.json") && settings.require_reason);
    }

    #[test]
    fn each_mistake_has_its_line() {
        let wrong = read(
            "[lint]\nselekt = []\nfail-on = \"high\"\nown-accounts = [\"12\"]\nexclude = [\"[\"]\nbaseline = 5\n\
             [[lint.suppress]]\ncode = \"M448\"\nuntil = \"soon\"\n[other]\n",
        )
        .unwrap_err();
        let lines: Vec<&str> = wrong.iter().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["2", "3", "4", "5", "6", "9", "7", "10"], "{wrong:?}");
    }
}
