//! `world` of a test file: which policies apply, and what cases leave to it.

use std::path::{Path, PathBuf};

use twokeys::json::{Member, Node, Value};
use twokeys::name::Arn;
use twokeys::source::{Span, Spanned};

use super::ask::{self, Ask};
use super::members::Notes;
use crate::intake::{AccountFiles, WorldFiles};

/// The files of a world. Paths are as written: relative to the folder of the test file.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// Where it stands in the test file.
    pub(crate) span: Span,
    pub(crate) policies: Vec<String>,
    pub(crate) boundary: Option<String>,
    pub(crate) session_policies: Vec<String>,
    pub(crate) resource_policies: Vec<(Arn, String)>,
    pub(crate) endpoint_policy: Option<String>,
    /// A list for each level, root first.
    pub(crate) scps: Vec<Vec<String>>,
    pub(crate) rcps: Vec<Vec<String>>,
    pub(crate) org: Option<String>,
    /// What cases leave out.
    pub(crate) defaults: Ask,
}

/// The members that name files.
const FILES: &[&str] = &[
    "policies",
    "boundary",
    "session_policies",
    "resource_policies",
    "endpoint_policy",
    "scps",
    "rcps",
    "org",
];

/// Members for account dumps: part of the format, but nothing reads those yet.
const LATER: &[&str] = &["account", "credential_report", "mfa_devices", "managed_policies", "world"];

impl World {
    pub(super) fn read(node: &Node<'_>, notes: &mut Notes) -> Self {
        let mut world = Self { span: node.span, ..Self::default() };
        for member in notes.object("`world`", node).unwrap_or_default() {
            if !world.file(member, notes) && !world.defaults.member(member, notes) {
                if LATER.contains(&&*member.key) {
                    let message = format!("`{}` is not read yet", member.key);
                    let help = "name the policies one by one: `policies`, `boundary`, `scps`, …";
                    notes.note("not-yet", member.key_span, message, help);
                } else {
                    notes.unknown(member, "`world`", &[FILES, ask::MEMBERS].concat());
                }
            }
        }
        if world.org.is_some() && !(world.scps.is_empty() && world.rcps.is_empty()) {
            let help = "an organization brings its own; take `scps` and `rcps` out";
            notes.note("org-and-scps", node.span, "`org` stands beside `scps` or `rcps`", help);
        }
        world
    }

    fn file(&mut self, member: &Member<'_>, notes: &mut Notes) -> bool {
        let node = &member.value;
        let what = format!("`{}`", member.key);
        let plain = |texts: Vec<Spanned<String>>| texts.into_iter().map(|text| text.value).collect();
        match &*member.key {
            "policies" => self.policies = plain(notes.texts(&what, node)),
            "session_policies" => self.session_policies = plain(notes.texts(&what, node)),
            "boundary" => self.boundary = notes.text(&what, node).map(|text| text.value),
            "endpoint_policy" => self.endpoint_policy = notes.text(&what, node).map(|text| text.value),
            "org" => self.org = notes.text(&what, node).map(|text| text.value),
            "scps" => self.scps = levels(&what, node, notes),
            "rcps" => self.rcps = levels(&what, node, notes),
            "resource_policies" => {
                for member in notes.object(&what, node).unwrap_or_default() {
                    let arn = Spanned::new(member.key.clone().into_owned(), member.key_span);
                    let arn =
                        notes.parsed("bad-arn", &arn, "write the ARN of the resource: `arn:aws:s3:::bucket`");
                    let file = notes.text("the policy of a resource", &member.value);
                    self.resource_policies.extend(arn.zip(file).map(|(arn, file)| (arn.value, file.value)));
                }
            }
            _ => return false,
        }
        true
    }
}

/// Levels of policies: each a list, or one policy.
fn levels(what: &str, node: &Node<'_>, notes: &mut Notes) -> Vec<Vec<String>> {
    if let Value::Array(levels) = &node.value {
        let texts = levels.iter().map(|level| notes.texts(&format!("a level of {what}"), level));
        texts.map(|level| level.into_iter().map(|text| text.value).collect()).collect()
    } else {
        notes.wrong_type(what, "a list of levels, root first, each a list of files", node);
        Vec::new()
    }
}

impl World {
    /// The files, as seen from where the command runs.
    pub(crate) fn files(&self, test_file: &Path) -> WorldFiles {
        let all = |paths: &[String]| paths.iter().map(|path| beside(test_file, path)).collect::<Vec<_>>();
        let levels = |levels: &[Vec<String>]| levels.iter().map(|level| all(level)).collect();
        let one = |path: &Option<String>| path.as_ref().map(|path| beside(test_file, path));
        let of_resources = self.resource_policies.iter();
        WorldFiles {
            policies: all(&self.policies),
            boundary: one(&self.boundary),
            session_policies: all(&self.session_policies),
            resource_policies: of_resources
                .map(|(arn, path)| (arn.clone(), beside(test_file, path)))
                .collect(),
            endpoint_policy: one(&self.endpoint_policy),
            scps: levels(&self.scps),
            rcps: levels(&self.rcps),
            org: one(&self.org),
            account: AccountFiles::default(),
            keep_going: false,
        }
    }
}

/// A path of a test file, as seen from where the command runs.
fn beside(test_file: &Path, path: &str) -> PathBuf {
    match test_file.parent() {
        Some(folder) if test_file.as_os_str() != "-" => folder.join(path),
        _ => PathBuf::from(path),
    }
}
