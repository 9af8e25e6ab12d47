//! An account from a dump: entities, documents, attachments, ids and ARNs as they are (API-063).
//!
//! A dump has no secrets: no passwords, keys or devices come from it. The reader of dumps has refused one
//! with problems before (RL-002), so nothing is left out here.

use std::sync::Arc;

use chrono::DateTime;
use serde::Deserialize;
use twokeys::account::{self, Account, Document, File, Held, Place};

use crate::bootstrap::{BootstrapError, Maker};
use crate::state::{
    Attachments, Change, Group, ManagedPolicy, PolicyVersion, Prefix, Role, Tag, User, unique_id,
};

/// An account that was read, and the bytes it was read from: policies are kept exactly as they were put.
#[derive(Debug)]
pub struct Dump {
    /// What was read.
    pub account: Account,
    /// The dumps, in their order.
    pub dumps: Vec<Arc<[u8]>>,
    /// The files of managed policies, in their order.
    pub managed: Vec<Arc<[u8]>>,
}

/// What an entry of a dump says that decides nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Entry {
    create_date: Option<String>,
    update_date: Option<String>,
    policy_id: Option<String>,
    description: Option<String>,
    max_session_duration: Option<u64>,
}

impl Dump {
    /// All of it, as changes of an empty account.
    ///
    /// # Errors
    ///
    /// A text is not where it was read, or there is no entropy.
    pub fn changes(&self, maker: &Maker<'_>) -> Result<Vec<Change>, BootstrapError> {
        let account = &self.account;
        let mut changes = vec![Change::from(maker.account(account.id()))];
        // Those of files beside the dump are AWS's, and are there already.
        let own = |policy: &&account::ManagedPolicy| matches!(policy.place.file, File::Dump(_));
        for policy in account.policies().iter().filter(own) {
            changes.push(self.policy(policy, maker)?.into());
        }
        let mut groups = Vec::new();
        for group in account.groups() {
            let new = Group {
                id: id(group.id.as_deref(), Prefix::Group, maker)?,
                name: group.name.clone(),
                path: group.path.clone(),
                created: self.entry(group.place).created(maker),
                attachments: self.attachments(&group.held, &group.name)?,
            };
            groups.push((group.name.as_str(), new.id.clone()));
            changes.push(new.into());
        }
        for user in account.users() {
            let group = |name: &String| {
                let found = groups.iter().find(|(group, _)| group == name).map(|(_, id)| id.clone());
                found.ok_or_else(|| BootstrapError(format!("{}: there is no group {name}", user.name)))
            };
            let new = User {
                id: id(user.id.as_deref(), Prefix::User, maker)?,
                name: user.name.clone(),
                path: user.path.clone(),
                created: self.entry(user.place).created(maker),
                attachments: self.attachments(&user.held, &user.name)?,
                boundary: user.held.boundary.clone(),
                groups: user.groups.iter().map(group).collect::<Result<_, _>>()?,
                tags: tags(&user.tags),
                login: None,
                password_last_used: None,
            };
            changes.push(new.into());
        }
        for role in account.roles() {
            let entry = self.entry(role.place);
            let trust = role.trust.as_ref();
            let trust =
                trust.ok_or_else(|| BootstrapError(format!("{}: it has no trust policy", role.name)))?;
            let new = Role {
                id: id(role.id.as_deref(), Prefix::Role, maker)?,
                name: role.name.clone(),
                path: role.path.clone(),
                created: entry.created(maker),
                trust: self.text(trust, &role.name)?,
                description: entry.description,
                // Where a dump does not tell it: what AWS gives a new role.
                max_session: entry.max_session_duration.unwrap_or(3_600).clamp(3_600, 43_200),
                attachments: self.attachments(&role.held, &role.name)?,
                boundary: role.held.boundary.clone(),
                tags: tags(&role.tags),
                last_used: None,
            };
            changes.push(new.into());
        }
        Ok(changes)
    }

    fn policy(
        &self,
        policy: &account::ManagedPolicy,
        maker: &Maker<'_>,
    ) -> Result<ManagedPolicy, BootstrapError> {
        let entry = self.entry(policy.place);
        let created = entry.created(maker);
        let default = policy.default_version();
        let default = default
            .ok_or_else(|| BootstrapError(format!("{}: no version is in force", policy.arn.as_str())))?;
        let version = |version: &account::PolicyVersion| {
            let document = self.text(&version.document, &policy.name)?;
            Ok(PolicyVersion { id: version.id.clone(), document, created })
        };
        let number = |id: &str| id.trim_start_matches('v').parse::<u64>().unwrap_or(0);
        let mut versions: Vec<PolicyVersion> =
            policy.versions.iter().map(version).collect::<Result<_, _>>()?;
        versions.sort_by_key(|version| number(&version.id));
        let last = versions.iter().map(|version| number(&version.id)).max().unwrap_or(0);
        let resource = policy.arn.resource().trim_start_matches("policy");
        let path = resource.rsplit_once('/').map_or("", |(path, _)| path);
        Ok(ManagedPolicy {
            arn: policy.arn.as_str().to_owned(),
            id: id(entry.policy_id.as_deref(), Prefix::ManagedPolicy, maker)?,
            name: policy.name.clone(),
            path: format!("{path}/"),
            description: entry.description.clone(),
            created,
            updated: seconds(entry.update_date.as_deref()).unwrap_or(created),
            versions,
            default_version: default.id.clone(),
            next_version: last.saturating_add(1),
            tags: Vec::new(),
        })
    }

    fn attachments(&self, held: &Held, whose: &str) -> Result<Attachments, BootstrapError> {
        let inline =
            held.inline.iter().map(|inline| Ok((inline.name.clone(), self.text(&inline.document, whose)?)));
        Ok(Attachments { inline: inline.collect::<Result<_, _>>()?, managed: held.attached.clone() })
    }

    /// The text of a policy, exactly as it was put.
    fn text(&self, document: &Document, whose: &str) -> Result<Arc<str>, BootstrapError> {
        let place = document.place();
        let text = self.file(place).and_then(|file| place.text(file));
        text.map(Arc::from)
            .ok_or_else(|| BootstrapError(format!("{whose}: a policy is not where it was read")))
    }

    fn entry(&self, place: Place) -> Entry {
        let bytes = self.file(place).and_then(|file| file.get(place.span.range()));
        bytes.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default()
    }

    fn file(&self, place: Place) -> Option<&[u8]> {
        let file = match place.file {
            File::Dump(at) => self.dumps.get(at),
            File::Managed(at) => self.managed.get(at),
        };
        file.map(|file| &**file)
    }
}

impl Entry {
    fn created(&self, maker: &Maker<'_>) -> u64 {
        seconds(self.create_date.as_deref()).unwrap_or(maker.now)
    }
}

fn seconds(text: Option<&str>) -> Option<u64> {
    let time = DateTime::parse_from_rfc3339(text?).ok()?;
    u64::try_from(time.timestamp()).ok()
}

fn id(given: Option<&str>, prefix: Prefix, maker: &Maker<'_>) -> Result<String, BootstrapError> {
    match given {
        Some(id) => Ok(id.to_owned()),
        None => unique_id(prefix, maker.entropy).map_err(|error| BootstrapError(error.to_string())),
    }
}

fn tags(given: &[account::Tag]) -> Vec<Tag> {
    given.iter().map(|tag| Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}
