//! Reads what `aws iam get-account-authorization-details` prints.
//!
//! The file is cut into pages and entries that borrow from it ([`page`], [`entry`]); each policy text goes
//! through [`Policy::parse`] once, where it stands. What was read is put together behind the last page
//! ([`assemble`]), when it is known which groups and policies there are.

mod assemble;
mod entry;
mod limits;
mod managed;
mod page;
pub(super) mod percent;
mod scan;

pub use limits::Limits;
pub use managed::ManagedPolicies;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::entry::{Called, Entity, Managed};
use super::document::{Document, File, Form, Place, decoded};
use super::held::{Held, Inline, Tag};
use super::managed_policy::{ManagedPolicy, PolicyVersion};
use super::problem::{Problem, ProblemKind, Problems};
use super::{Account, Role};
use crate::engine::Prepared;
use crate::name::{Arn, fold};
use crate::policy::{ParseErrors, Policy, PolicyType};
use crate::source::{Span, escaped};

/// The name under which answers refer to a role's trust policy.
pub(super) const TRUST: &str = "trust policy";

/// How a dump is read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions<'t> {
    /// Policies that the dump names and does not carry.
    pub managed: Vec<ManagedPolicies<'t>>,
    /// Go on where a policy cannot be read or is missing? Those it touches are indeterminate (UX-044).
    pub keep_going: bool,
    /// Read all versions of managed policies, not only those in force?
    pub all_versions: bool,
    /// The limits.
    pub limits: Limits,
}

impl Account {
    /// Reads an account from the pages of its dump, in order.
    ///
    /// ```
    /// use twokeys::account::{Account, ReadOptions};
    ///
    /// let dump = br#"{"UserDetailList": [{"UserName": "alice", "Path": "/",
    ///   "Arn": "arn:aws:iam::111122223333:user/alice", "UserPolicyList": [{"PolicyName": "buckets",
    ///     "PolicyDocument": {"Version": "2012-10-17", "Statement": [
    ///       {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}]}]}"#;
    /// let account = Account::read(&[dump], &ReadOptions::default())?;
    /// assert_eq!(account.id().to_string(), "111122223333");
    /// assert_eq!(account.users().len(), 1);
    /// # Ok::<(), twokeys::account::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// All that is wrong: broken or truncated pages, entities given twice, policies that are refused,
    /// groups and managed policies that are named and not there.
    pub fn read(dumps: &[&[u8]], options: &ReadOptions<'_>) -> Result<Self, Problems> {
        let mut reader = Reader::new(options);
        for (at, bytes) in dumps.iter().enumerate() {
            reader.file(at, bytes);
        }
        reader.broken_off();
        assemble::account(reader)
    }
}

/// What has been read so far.
struct Reader<'t, 'o> {
    options: &'o ReadOptions<'t>,
    users: Vec<Draft>,
    groups: Vec<Draft>,
    roles: Vec<Draft>,
    policies: Vec<ManagedPolicy>,
    problems: Vec<Problem>,
    /// Policies that were read, by the text as it is written in the file; mostly one, else of several
    /// names or types.
    read: HashMap<&'t str, Vec<Arc<Prepared>>>,
    /// Where the last page ends, if it says that another follows.
    open: Option<Place>,
}

/// A user, group or role before its account is known.
struct Draft {
    name: String,
    path: String,
    arn: Option<Arn>,
    id: Option<String>,
    tags: Vec<Tag>,
    groups: Vec<String>,
    held: Held,
    trust: Option<Document>,
    place: Place,
}

/// A file that is being read.
#[derive(Clone, Copy)]
struct Source<'t> {
    file: File,
    text: &'t str,
}

impl Source<'_> {
    fn place(self, part: &str) -> Place {
        let start = page::offset_of(self.text, part);
        Place { file: self.file, span: Span::new(start, start + part.len()), form: Form::Object }
    }
}

impl<'t, 'o> Reader<'t, 'o> {
    fn new(options: &'o ReadOptions<'t>) -> Self {
        Self {
            options,
            users: Vec::new(),
            groups: Vec::new(),
            roles: Vec::new(),
            policies: Vec::new(),
            problems: Vec::new(),
            read: HashMap::new(),
            open: None,
        }
    }

    fn fail(&mut self, place: Place, subject: &str, kind: ProblemKind) {
        self.problems.push(Problem::new(Some(place), subject, kind));
    }

    fn file(&mut self, at: usize, bytes: &'t [u8]) {
        let file = File::Dump(at);
        let place = |at: usize| Place { file, span: Span::new(at, at), form: Form::Object };
        let text = match scan::text(bytes, &self.options.limits) {
            Ok(text) => text,
            Err((at, kind)) => return self.fail(place(at), "", kind),
        };
        let pages = match page::pages(text) {
            Ok(pages) => pages,
            Err((at, kind)) => return self.fail(place(at), "", kind),
        };
        let source = Source { file, text };
        for (end, page) in pages {
            let [users, groups, roles, policies] = page.lists();
            for (kind, list) in [("user", users), ("group", groups), ("role", roles)] {
                for (entry, raw) in list.iter().enumerate() {
                    self.entity(kind, entry, raw, source);
                }
            }
            for (entry, raw) in policies.iter().enumerate() {
                self.managed(entry, raw, source);
            }
            self.open = page.is_truncated().then(|| place(end.saturating_sub(1)));
        }
    }

    /// Part of the account is missing, and nobody knows whom it touches (D002).
    fn broken_off(&mut self) {
        if let Some(place) = self.open {
            self.fail(place, "", ProblemKind::Truncated);
        }
    }

    /// Reads an entry; what cannot be read is told with the name of the entry, if it has one.
    fn entry<T: Deserialize<'t>>(
        &mut self,
        element: &str,
        raw: &'t RawValue,
        source: Source<'t>,
    ) -> Option<T> {
        match serde_json::from_str(raw.get()) {
            Ok(entry) => Some(entry),
            Err(error) => {
                let called = serde_json::from_str::<Called>(raw.get()).ok().and_then(|called| called.name);
                let subject = called.map_or_else(|| element.to_owned(), |name| format!("{element} `{name}`"));
                let start = page::offset_of(source.text, raw.get()) + page::offset(raw.get(), &error);
                let place = Place { span: Span::new(start, start), ..source.place("") };
                self.fail(place, &subject, ProblemKind::Json(page::message(&error)));
                None
            }
        }
    }

    fn entity(&mut self, kind: &'static str, at: usize, raw: &'t RawValue, source: Source<'t>) {
        let element = format!("{kind} {} of its list", at + 1);
        let place = source.place(raw.get());
        let Some(entity) = self.entry::<Entity<'t>>(&element, raw, source) else { return };
        let Some(name) = entity.name.filter(|name| !name.is_empty()) else {
            let member = match kind {
                "user" => "UserName",
                "group" => "GroupName",
                _ => "RoleName",
            };
            return self.fail(place, "", ProblemKind::NoName { element, member });
        };
        let label = format!("{kind}/{name}");
        let path = entity.path.unwrap_or_else(|| "/".to_owned());
        let arn = entity.arn.and_then(|arn| self.arn(&arn, &format!("{kind}{path}{name}"), &label, place));
        let mut inline = Vec::with_capacity(entity.policy_list.len());
        for policy in entity.policy_list {
            let subject = format!("{label} inline policy {}", policy.policy_name);
            let name = policy.policy_name;
            let document =
                self.document(policy.policy_document, PolicyType::Identity, &name, &subject, source);
            inline.push(Inline { name, document });
        }
        let trust = entity
            .assume_role_policy_document
            .map(|raw| self.document(raw, PolicyType::Trust, TRUST, &format!("{label} {TRUST}"), source));
        let held = Held {
            inline,
            attached: entity.attached_managed_policies.into_iter().map(|policy| policy.policy_arn).collect(),
            boundary: entity.permissions_boundary.map(|boundary| boundary.permissions_boundary_arn),
        };
        let tags: Vec<Tag> =
            entity.tags.into_iter().map(|tag| Tag { key: tag.key, value: tag.value }).collect();
        self.names_once(&label, place, &held, &tags);
        let draft =
            Draft { name, path, arn, id: entity.id, tags, groups: entity.group_list, held, trust, place };
        match kind {
            "user" => self.users.push(draft),
            "group" => self.groups.push(draft),
            _ => self.roles.push(draft),
        }
    }

    /// Two inline policies of one name, or two tags of one key: one of them is not what the account has.
    fn names_once(&mut self, label: &str, place: Place, held: &Held, tags: &[Tag]) {
        let policies = held.inline.iter().map(|inline| inline.name.clone()).collect();
        // Capitals do not count in the keys of tags (CK-002).
        let keys = tags.iter().map(|tag| fold(&tag.key)).collect();
        for (what, mut names) in [("inline policy", policies), ("tag", keys)] {
            let names: &mut Vec<String> = &mut names;
            names.sort_unstable();
            for (one, _) in names.iter().zip(names.iter().skip(1)).filter(|(one, other)| one == other) {
                self.fail(
                    place,
                    label,
                    ProblemKind::Duplicate { what: format!("the {what} `{}`", escaped(one)) },
                );
            }
        }
    }

    fn arn(&mut self, text: &str, expected: &str, label: &str, place: Place) -> Option<Arn> {
        let arn: Arn = match text.parse() {
            Ok(arn) => arn,
            Err(error) => {
                self.fail(place, label, ProblemKind::Arn(error));
                return None;
            }
        };
        if arn.service() != "iam" || arn.resource() != expected || arn.account().is_none() {
            let kind = ProblemKind::ArnMismatch { arn: text.to_owned(), expected: expected.to_owned() };
            self.fail(place, label, kind);
            return None;
        }
        Some(arn)
    }

    fn managed(&mut self, at: usize, raw: &'t RawValue, source: Source<'t>) {
        let element = format!("policy {} of its list", at + 1);
        let place = source.place(raw.get());
        let Some(managed) = self.entry::<Managed<'t>>(&element, raw, source) else { return };
        let label = match (&managed.policy_name, &managed.arn) {
            (Some(name), _) => format!("policy/{name}"),
            (None, Some(arn)) => arn.clone(),
            (None, None) => element.clone(),
        };
        let arn = match managed.arn.as_deref().map(str::parse::<Arn>) {
            Some(Ok(arn)) => Some(arn),
            Some(Err(error)) => {
                self.fail(place, &label, ProblemKind::Arn(error));
                None
            }
            None => {
                self.fail(place, "", ProblemKind::NoName { element, member: "Arn" });
                None
            }
        };
        let marked = managed.policy_version_list.iter().filter(|version| version.is_default == Some(true));
        let marked = marked.count();
        let (mut versions, mut found) = (Vec::new(), 0);
        for version in managed.policy_version_list {
            let id = version.id.unwrap_or_default();
            let named = managed.default_version_id.as_ref() == Some(&id);
            // Where no version is marked, the policy itself tells which one is in force.
            let is_default = version.is_default.unwrap_or(marked == 0 && named);
            if is_default && !named && marked == 1 && managed.default_version_id.is_some() {
                let id = managed.default_version_id.clone().unwrap_or_default();
                self.fail(place, &label, ProblemKind::DefaultVersionId(id));
            }
            found += usize::from(is_default);
            if !is_default && !self.options.all_versions {
                continue;
            }
            let Some(raw) = version.document else {
                self.fail(place, &label, ProblemKind::DocumentType { found: "nothing" });
                continue;
            };
            let name = managed.policy_name.as_deref().or(arn.as_ref().map(name_of)).unwrap_or_default();
            let subject = if is_default { label.clone() } else { format!("{label} version {id}") };
            let document = self.document(raw, PolicyType::Identity, name, &subject, source);
            versions.push(PolicyVersion { id, is_default, document });
        }
        if found != 1 {
            self.fail(place, &label, ProblemKind::DefaultVersions { found });
        }
        let Some(arn) = arn else { return };
        let name = managed.policy_name.unwrap_or_else(|| name_of(&arn).to_owned());
        self.policies.push(ManagedPolicy { name, arn, versions, place, boundary: None });
    }

    /// Reads a policy; the same text for the same purpose is read and made ready once.
    fn document(
        &mut self,
        raw: &'t RawValue,
        kind: PolicyType,
        name: &str,
        subject: &str,
        source: Source<'t>,
    ) -> Document {
        let written = raw.get();
        let mut place = source.place(written);
        let known = self.read.get(written).and_then(|policies| {
            policies.iter().find(|policy| policy.kind() == kind && policy.name() == name)
        });
        if written.starts_with('"') {
            place.form = Form::Text;
        }
        if let Some(known) = known {
            return Document { place, policy: Ok(Arc::clone(known)) };
        }
        let (outcome, text) = match written.bytes().next() {
            Some(b'{') => (prepared(written, kind, name), None),
            Some(b'"') => match decoded(written) {
                Ok(text) => (prepared(&text, kind, name), Some(text)),
                Err(kind) => (Err(kind), None),
            },
            Some(b'[') => (Err(ProblemKind::DocumentType { found: "a list" }), None),
            Some(b'n') => (Err(ProblemKind::DocumentType { found: "null" }), None),
            Some(b't' | b'f') => (Err(ProblemKind::DocumentType { found: "a boolean" }), None),
            _ => (Err(ProblemKind::DocumentType { found: "a number" }), None),
        };
        let policy = match outcome {
            Ok(policy) => {
                self.read.entry(written).or_default().push(Arc::clone(&policy));
                Ok(policy)
            }
            Err(kind) => {
                let problem =
                    Problem { text: text.map(Into::into), ..Problem::new(Some(place), subject, kind) };
                self.problems.push(problem.clone());
                Err(Arc::new(problem))
            }
        };
        Document { place, policy }
    }
}

fn prepared(text: &str, kind: PolicyType, name: &str) -> Result<Arc<Prepared>, ProblemKind> {
    let refused = |errors: ParseErrors| ProblemKind::Policy(errors.into());
    let policy = Policy::parse(text).map_err(refused)?;
    Prepared::new(name, policy, kind).map_err(refused)
}

/// The last part of an ARN: what a policy is called.
fn name_of(arn: &Arn) -> &str {
    arn.as_str().rsplit('/').next().unwrap_or_default()
}

impl Draft {
    fn into_role(self, arn: Arn) -> Role {
        let Self { name, path, id, tags, trust, held, place, .. } = self;
        Role { name, path, arn, id, tags, trust, held, place }
    }
}
