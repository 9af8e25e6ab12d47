//! The live account: what IAM knows, as records that a store keeps.
//!
//! A handler reads a [`State`] and answers with [`Change`]s; it alters nothing itself. The changes are
//! committed to the store first and applied here afterwards, so that what a client was told is on disk.
//! Records name each other by unique id (`AIDA…`), never by name: a renamed user keeps its keys, and a
//! new user of an old name gets none of them.

mod access_key;
mod account;
mod device;
mod entity;
mod group;
mod ids;
mod policy;
mod record;
mod role;
mod throttle;
mod user;

pub use access_key::{AccessKey, KeyStatus, LastUsed};
pub use account::{AccountRecord, PasswordPolicy, Root};
pub use device::{Device, DeviceKind};
pub use entity::{Attachments, Inline, Tag, Tags};
pub use group::Group;
pub use ids::{Entropy, NoEntropy, Prefix, secret_access_key, unique_id};
pub use policy::{ManagedPolicy, PolicyVersion};
pub use record::{Change, Kind, Record};
pub use role::Role;
pub use throttle::{Revocation, ThrottleRecord};
pub use user::{LoginProfile, User};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use twokeys::name::AccountId;

/// The owner that stands for the root user in keys, devices and throttles.
pub const ROOT: &str = "root";

/// All that is known of the account, with the indexes that look-ups need.
#[derive(Debug, Clone)]
pub struct State {
    account: Arc<AccountRecord>,
    users: BTreeMap<String, Arc<User>>,
    groups: BTreeMap<String, Arc<Group>>,
    roles: BTreeMap<String, Arc<Role>>,
    policies: BTreeMap<String, Arc<ManagedPolicy>>,
    devices: BTreeMap<String, Arc<Device>>,
    keys: HashMap<String, Arc<AccessKey>>,
    throttles: HashMap<String, ThrottleRecord>,
    revocations: HashMap<String, Revocation>,
    /// Unique id → folded name, so that records that name each other survive a change of name.
    names: HashMap<String, String>,
    keys_of: HashMap<String, BTreeSet<String>>,
    devices_of: HashMap<String, BTreeSet<String>>,
    members: HashMap<String, BTreeSet<String>>,
    /// Grows with every change that can alter a decision.
    generation: u64,
}

/// Names are compared without the case of ASCII letters, as AWS does.
pub fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

impl State {
    /// An account with nothing but its root user.
    pub fn new(account: AccountRecord) -> Self {
        Self {
            account: Arc::new(account),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            roles: BTreeMap::new(),
            policies: BTreeMap::new(),
            devices: BTreeMap::new(),
            keys: HashMap::new(),
            throttles: HashMap::new(),
            revocations: HashMap::new(),
            names: HashMap::new(),
            keys_of: HashMap::new(),
            devices_of: HashMap::new(),
            members: HashMap::new(),
            generation: 0,
        }
    }

    /// The account itself: its number, alias, password policy, root user.
    pub fn account(&self) -> &AccountRecord {
        &self.account
    }

    /// The twelve digits.
    pub fn id(&self) -> AccountId {
        self.account.id
    }

    /// An ARN of this account: `arn(“user/alice”)`.
    pub fn arn(&self, rest: &str) -> String {
        format!("arn:aws:iam::{}:{rest}", self.account.id)
    }

    /// Grows with every change that can alter a decision; what is derived from policies is kept as long.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The user of this name.
    pub fn user(&self, name: &str) -> Option<&Arc<User>> {
        self.users.get(&folded(name))
    }

    /// The user with this unique id.
    pub fn user_by_id(&self, id: &str) -> Option<&Arc<User>> {
        self.users.get(self.names.get(id)?).filter(|user| user.id == id)
    }

    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<&Arc<Group>> {
        self.groups.get(&folded(name))
    }

    /// The group with this unique id.
    pub fn group_by_id(&self, id: &str) -> Option<&Arc<Group>> {
        self.groups.get(self.names.get(id)?).filter(|group| group.id == id)
    }

    /// The role of this name.
    pub fn role(&self, name: &str) -> Option<&Arc<Role>> {
        self.roles.get(&folded(name))
    }

    /// The role with this unique id.
    pub fn role_by_id(&self, id: &str) -> Option<&Arc<Role>> {
        self.roles.get(self.names.get(id)?).filter(|role| role.id == id)
    }

    /// The managed policy with this ARN, AWS's own among them.
    pub fn policy(&self, arn: &str) -> Option<&Arc<ManagedPolicy>> {
        self.policies.get(arn)
    }

    /// The device with this serial number; names are compared without case (MFA-011).
    pub fn device(&self, serial: &str) -> Option<&Arc<Device>> {
        self.devices.get(&folded(serial))
    }

    /// The long-term access key with this id.
    pub fn key(&self, id: &str) -> Option<&Arc<AccessKey>> {
        self.keys.get(id)
    }

    /// The users, by folded name.
    pub fn users(&self) -> impl Iterator<Item = &Arc<User>> {
        self.users.values()
    }

    /// The groups, by folded name.
    pub fn groups(&self) -> impl Iterator<Item = &Arc<Group>> {
        self.groups.values()
    }

    /// The roles, by folded name.
    pub fn roles(&self) -> impl Iterator<Item = &Arc<Role>> {
        self.roles.values()
    }

    /// The managed policies, by ARN.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<ManagedPolicy>> {
        self.policies.values()
    }

    /// The devices, by serial number.
    pub fn devices(&self) -> impl Iterator<Item = &Arc<Device>> {
        self.devices.values()
    }

    /// The long-term keys, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys.values()
    }

    /// The keys of a user (by unique id) or of [`ROOT`], by id.
    pub fn keys_of(&self, owner: &str) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys_of.get(owner).into_iter().flatten().filter_map(|id| self.keys.get(id))
    }

    /// The enabled devices of a user (by unique id) or of [`ROOT`], by serial number.
    pub fn devices_of(&self, owner: &str) -> impl Iterator<Item = &Arc<Device>> {
        self.devices_of.get(owner).into_iter().flatten().filter_map(|serial| self.devices.get(serial))
    }

    /// The members of a group (by unique id), in the order of their ids.
    pub fn members(&self, group: &str) -> impl Iterator<Item = &Arc<User>> {
        self.members.get(group).into_iter().flatten().filter_map(|id| self.user_by_id(id))
    }

    /// The failures that a user (by unique id) or [`ROOT`] has on all devices together (MFA-050).
    pub fn throttle(&self, owner: &str) -> ThrottleRecord {
        self.throttles.get(owner).cloned().unwrap_or_else(|| ThrottleRecord::new(owner))
    }

    /// Since when are sessions of this principal (by unique id) void?
    pub fn revocation(&self, principal: &str) -> Option<&Revocation> {
        self.revocations.get(principal)
    }

    /// How often a managed policy is attached, and how often it is a boundary.
    pub fn attachment_counts(&self, arn: &str) -> (usize, usize) {
        let users = self.users().map(|user| (&user.attachments, user.boundary.as_deref()));
        let groups = self.groups().map(|group| (&group.attachments, None));
        let roles = self.roles().map(|role| (&role.attachments, role.boundary.as_deref()));
        users.chain(groups).chain(roles).fold((0, 0), |(attached, bounds), (attachments, boundary)| {
            let is_attached = attachments.managed.iter().any(|held| held == arn);
            (attached + usize::from(is_attached), bounds + usize::from(boundary == Some(arn)))
        })
    }

    /// Every record, for a store that is filled from another.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        let users = self.users().map(|user| Record::User((**user).clone()));
        let groups = self.groups().map(|group| Record::Group((**group).clone()));
        let roles = self.roles().map(|role| Record::Role((**role).clone()));
        let policies = self.policies().map(|policy| Record::Policy((**policy).clone()));
        let devices = self.devices().map(|device| Record::Device((**device).clone()));
        let keys = self.keys().map(|key| Record::AccessKey((**key).clone()));
        let throttles = self.throttles.values().cloned().map(Record::Throttle);
        let revocations = self.revocations.values().cloned().map(Record::Revocation);
        std::iter::once(Record::Account((*self.account).clone()))
            .chain(groups)
            .chain(users)
            .chain(roles)
            .chain(policies)
            .chain(devices)
            .chain(keys)
            .chain(throttles)
            .chain(revocations)
    }

    /// Makes a committed change visible.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Put(record) => self.put((**record).clone()),
            Change::Remove(kind, id) => self.remove(*kind, id),
        }
    }

    fn put(&mut self, record: Record) {
        let (kind, id) = (record.kind(), record.id().to_owned());
        if kind.decides() {
            self.generation += 1;
        }
        self.forget(kind, &id);
        match record {
            Record::Account(account) => self.account = Arc::new(account),
            Record::User(user) => {
                for group in &user.groups {
                    self.members.entry(group.clone()).or_default().insert(user.id.clone());
                }
                let name = folded(&user.name);
                self.names.insert(id, name.clone());
                self.users.insert(name, Arc::new(user));
            }
            Record::Group(group) => {
                let name = folded(&group.name);
                self.names.insert(id, name.clone());
                self.groups.insert(name, Arc::new(group));
            }
            Record::Role(role) => {
                let name = folded(&role.name);
                self.names.insert(id, name.clone());
                self.roles.insert(name, Arc::new(role));
            }
            Record::Policy(policy) => {
                self.policies.insert(id, Arc::new(policy));
            }
            Record::Device(device) => {
                let serial = folded(&device.serial);
                if let Some(owner) = device.owner() {
                    self.devices_of.entry(owner.to_owned()).or_default().insert(serial.clone());
                }
                self.devices.insert(serial, Arc::new(device));
            }
            Record::AccessKey(key) => {
                self.keys_of.entry(key.owner.clone()).or_default().insert(id.clone());
                self.keys.insert(id, Arc::new(key));
            }
            Record::Throttle(throttle) => {
                self.throttles.insert(id, throttle);
            }
            Record::Revocation(revocation) => {
                self.revocations.insert(id, revocation);
            }
        }
    }

    fn remove(&mut self, kind: Kind, id: &str) {
        if kind.decides() {
            self.generation += 1;
        }
        self.forget(kind, id);
    }

    /// Takes a record out of the maps and of the indexes that lead to it.
    fn forget(&mut self, kind: Kind, id: &str) {
        match kind {
            Kind::Account => {}
            Kind::User => {
                if let Some(user) = self.names.remove(id).and_then(|name| self.users.remove(&name)) {
                    for group in &user.groups {
                        take(&mut self.members, group, id);
                    }
                }
            }
            Kind::Group => {
                self.names.remove(id).and_then(|name| self.groups.remove(&name));
            }
            Kind::Role => {
                self.names.remove(id).and_then(|name| self.roles.remove(&name));
            }
            Kind::Policy => {
                self.policies.remove(id);
            }
            Kind::Device => {
                let serial = folded(id);
                if let Some(device) = self.devices.remove(&serial)
                    && let Some(owner) = device.owner()
                {
                    take(&mut self.devices_of, owner, &serial);
                }
            }
            Kind::AccessKey => {
                if let Some(key) = self.keys.remove(id) {
                    take(&mut self.keys_of, &key.owner, id);
                }
            }
            Kind::Throttle => {
                self.throttles.remove(id);
            }
            Kind::Revocation => {
                self.revocations.remove(id);
            }
        }
    }
}

fn take(index: &mut HashMap<String, BTreeSet<String>>, of: &str, id: &str) {
    if let Some(ids) = index.get_mut(of) {
        ids.remove(id);
        if ids.is_empty() {
            index.remove(of);
        }
    }
}
