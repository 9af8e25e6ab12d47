//! What counts for a file: its configuration, and the flags that win over it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use twokeys::lint::{Class, Options};
use twokeys::policy::PolicyType;

use super::Lint;
use super::kinds::Kind;
use super::settings::{self, FailOn, Settings};
use crate::failure::Failure;
use crate::input::Input;

/// The settings of some files.
#[derive(Debug, Clone)]
pub(super) struct Effective {
    pub(super) settings: Settings,
    pub(super) kind: Kind,
    pub(super) attached_to: Option<String>,
    pub(super) fail_on: FailOn,
    /// Everything but the kind of the policy.
    options: Options,
}

/// The settings of all files, each read once.
pub(super) struct Everywhere<'l> {
    flags: &'l Lint,
    now: DateTime<Utc>,
    /// For all files, with `--config` or `--isolated`.
    fixed: Option<Arc<Effective>>,
    by_folder: BTreeMap<PathBuf, Arc<Effective>>,
    by_file: BTreeMap<Option<PathBuf>, Arc<Effective>>,
}

impl<'l> Everywhere<'l> {
    pub(super) fn new(flags: &'l Lint, input: &mut Input) -> Result<Self, Failure> {
        let now = input.now()?;
        let fixed = match (&flags.config, flags.isolated) {
            (Some(path), _) => {
                let document = input.read(path, "configuration")?;
                let settings = Settings::read(&document, folder_of(path))?;
                Some(Arc::new(Effective::of(settings, flags, now)))
            }
            (None, true) => Some(Arc::new(Effective::of(without_a_file(flags), flags, now))),
            (None, false) => None,
        };
        Ok(Self { flags, now, fixed, by_folder: BTreeMap::new(), by_file: BTreeMap::new() })
    }

    /// The settings for a file; those of the folder the command runs in for standard input.
    pub(super) fn of(&mut self, path: &Path, input: &mut Input) -> Result<Arc<Effective>, Failure> {
        if let Some(fixed) = &self.fixed {
            return Ok(Arc::clone(fixed));
        }
        let folder = folder_of(path);
        if let Some(known) = self.by_folder.get(&folder) {
            return Ok(Arc::clone(known));
        }
        let file = settings::nearest(&folder);
        let effective = match self.by_file.get(&file) {
            Some(known) => Arc::clone(known),
            None => {
                let settings = match &file {
                    Some(file) => {
                        let shown = std::env::current_dir()
                            .ok()
                            .and_then(|here| Some(file.strip_prefix(here).ok()?.to_owned()))
                            .unwrap_or_else(|| file.clone());
                        Settings::read(&input.read(&shown, "configuration")?, folder_of(file))?
                    }
                    None => without_a_file(self.flags),
                };
                Arc::new(Effective::of(settings, self.flags, self.now))
            }
        };
        self.by_file.insert(file, Arc::clone(&effective));
        self.by_folder.insert(folder, Arc::clone(&effective));
        Ok(effective)
    }

    /// Each configuration that counted for a file.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Effective>> {
        self.by_file.values().chain(&self.fixed)
    }
}

/// Paths start from the folder of the baseline, so that it fits wherever the command runs; without one
/// from here.
fn without_a_file(flags: &Lint) -> Settings {
    let folder = match flags.baseline.as_ref().or(flags.write_baseline.as_ref()) {
        Some(baseline) => folder_of(baseline),
        None => std::env::current_dir().unwrap_or_default(),
    };
    Settings { folder: without_detours(&folder), ..Settings::default() }
}

/// The folder of a file, as an absolute path.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|_| path.as_os_str() != "-").unwrap_or(Path::new(""));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}

/// A path without `..`, as far as names alone tell.
fn without_detours(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            straight.pop();
        } else {
            straight.push(component);
        }
    }
    straight
}

impl Effective {
    fn of(settings: Settings, flags: &Lint, now: DateTime<Utc>) -> Self {
        let texts = |spanned: &[twokeys::source::Spanned<String>]| {
            spanned.iter().map(|text| text.value.clone()).collect::<Vec<_>>()
        };
        let mut options = Options::new(PolicyType::Identity);
        if let Some(select) = &settings.select {
            options.select = texts(select);
        }
        if !flags.select.is_empty() {
            options.select.clone_from(&flags.select);
        }
        options.select.extend(texts(&settings.extend_select));
        options.select.extend(flags.extend_select.iter().cloned());
        if settings.require_reason {
            options.select.push("L905".to_owned());
        }
        if !settings.require_mfa.is_empty() {
            options.select.push("M490".to_owned());
        }
        options.ignore = texts(&settings.ignore);
        options.ignore.extend(flags.ignore.iter().cloned());
        options.own_accounts.clone_from(&settings.own_accounts);
        options.own_accounts.extend(&flags.own_accounts);
        options.require_mfa.clone_from(&settings.require_mfa);
        options.quotas = settings.quotas;
        options.now = Some(now.timestamp());
        Self {
            kind: flags.kind.clone(),
            attached_to: flags.attached_to.map(|attached| attached.as_str().to_owned()),
            fail_on: flags.fail_on.or(settings.fail_on).unwrap_or(FailOn::Warning),
            options,
            settings,
        }
    }

    /// The options for a policy of this kind.
    pub(super) fn options(&self, kind: PolicyType) -> Options {
        Options { kind, ..self.options.clone() }
    }

    /// The kind that flags or the configuration give to a file; flags win.
    pub(super) fn kind_for(&self, relative: &Path) -> &Kind {
        if self.kind.kind.is_some() {
            return &self.kind;
        }
        let by_glob = self.settings.policy_types.iter().find(|(glob, _)| glob.is_match(relative));
        by_glob.map_or(&self.kind, |(_, kind)| kind)
    }

    /// A file's path from the folder of the configuration.
    pub(super) fn relative(&self, path: &Path) -> PathBuf {
        let absolute = without_detours(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let folder = &self.settings.folder;
        if let Ok(relative) = absolute.strip_prefix(folder) {
            return relative.to_owned();
        }
        if self.settings.document.is_some() || path.as_os_str() == "-" {
            return path.to_owned();
        }
        let common = folder.components().zip(absolute.components()).take_while(|(one, other)| one == other);
        let common = common.count();
        let up = folder.components().skip(common).map(|_| Component::ParentDir);
        up.chain(absolute.components().skip(common)).collect()
    }

    /// The file with the findings that are accepted.
    pub(super) fn baseline(&self) -> Option<PathBuf> {
        Some(self.settings.folder.join(self.settings.baseline.as_ref()?))
    }

    /// Is a file met in a folder left out?
    pub(super) fn excludes(&self, relative: &Path) -> bool {
        self.settings.exclude.iter().any(|glob| glob.is_match(relative))
    }

    /// Does a finding of this class fail the run?
    pub(super) fn fails(&self, class: Class) -> bool {
        match self.fail_on {
            FailOn::Error => class >= Class::Error,
            FailOn::Security => class >= Class::Security,
            FailOn::Warning => class >= Class::Warning,
            FailOn::Suggestion => true,
            FailOn::Never => false,
        }
    }

    /// What counts, as data.
    pub(super) fn to_json(&self) -> Value {
        let settings = &self.settings;
        json!({
            "configuration": settings.document.as_ref().map(|document| &document.name),
            "select": self.options.select,
            "ignore": self.options.ignore,
            "fail_on": format!("{:?}", self.fail_on).to_lowercase(),
            "kind": self.kind.to_string(),
            "attached_to": self.attached_to,
            "own_accounts": self.options.own_accounts.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "require_mfa": self.options.require_mfa,
            "exclude": settings.exclude.iter().map(|glob| glob.glob().glob()).collect::<Vec<_>>(),
            "baseline": settings.baseline,
            "require_reason": settings.require_reason,
            "sid_suppressions": settings.sid_suppressions,
            "list_style": settings.list_style.map(|style| format!("{style:?}").to_lowercase()),
            "quotas": {
                "managed": settings.quotas.managed, "trust": settings.quotas.trust,
                "session": settings.quotas.session, "scp": settings.quotas.scp,
                "rcp": settings.quotas.rcp, "bucket": settings.quotas.bucket,
            },
            "policy_types": settings.policy_types.iter()
                .map(|(glob, kind)| json!({ "glob": glob.glob().glob(), "kind": kind.to_string() }))
                .collect::<Vec<_>>(),
            "suppressions": settings.suppress.len(),
        })
    }
}
