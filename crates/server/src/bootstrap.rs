//! The first content of an account: nothing but root, a file, or a dump (API-060 to API-063).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use twokeys::json::{self, Limits};
use twokeys::mfa::{Assignment, MOST_DEVICES, Seed};
use twokeys::name::AccountId;
use twokeys::policy::PolicyType;
use twokeys::source::Position;
use zeroize::Zeroizing;

use crate::model;
use crate::password;
use crate::policy_text;
use crate::query::Service;
use crate::seal::{Keys, Purpose};
use crate::state::{
    AccessKey, AccountRecord, Attachments, Change, Device, DeviceKind, Entropy, Group, KeyStatus,
    LoginProfile, ManagedPolicy, PolicyVersion, Prefix, ROOT, Role, Root, State, Tag, User,
    secret_access_key, unique_id,
};

/// A key that was made here: shown once.
#[derive(Debug)]
pub struct Shown {
    /// Whose, such as `root` or `user/alice`.
    pub of: String,
    /// `access key AKIA…` or `seed`.
    pub what: String,
    /// The secret.
    pub secret: Zeroizing<String>,
}

/// Why an account is not made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BootstrapError(pub String);

/// What is needed to make things.
#[derive(Clone, Copy)]
pub struct Maker<'m> {
    /// What seals.
    pub keys: &'m Keys,
    /// Random bytes.
    pub entropy: &'m dyn Entropy,
    /// In seconds since 1970.
    pub now: u64,
}

impl std::fmt::Debug for Maker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maker").field("now", &self.now).finish_non_exhaustive()
    }
}

/// Root's access key, given from outside.
#[derive(Debug)]
pub struct RootKey {
    /// The id.
    pub id: String,
    /// The secret.
    pub secret: secrecy::SecretString,
}

/// The file of `--bootstrap`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bootstrap {
    account_id: Option<String>,
    alias: Option<String>,
    root_password: Option<secrecy::SecretString>,
    #[serde(default)]
    users: Vec<NewUser>,
    #[serde(default)]
    groups: Vec<NewGroup>,
    #[serde(default)]
    roles: Vec<NewRole>,
    #[serde(default)]
    policies: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    virtual_mfa: Vec<NewVirtual>,
    #[serde(default)]
    hardware_mfa: Vec<NewHardware>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    name: String,
    path: Option<String>,
    password: Option<secrecy::SecretString>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    access_keys: Vec<NewKey>,
    #[serde(default)]
    policies: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    attached: Vec<String>,
    boundary: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewGroup {
    name: String,
    path: Option<String>,
    #[serde(default)]
    policies: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    attached: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRole {
    name: String,
    path: Option<String>,
    trust: Box<RawValue>,
    max_session_duration: Option<u64>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    policies: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    attached: Vec<String>,
    boundary: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    id: Option<String>,
    secret: Option<secrecy::SecretString>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewVirtual {
    name: String,
    seed: Option<secrecy::SecretString>,
    user: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewHardware {
    serial: String,
    seed: secrecy::SecretString,
    user: Option<String>,
}

fn wrong(error: impl std::fmt::Display) -> BootstrapError {
    BootstrapError(error.to_string())
}

impl Bootstrap {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// It is no JSON, has members that are not known, or says one thing twice.
    pub fn read(text: &str) -> Result<Self, BootstrapError> {
        let reading = json::read(text.as_bytes(), &Limits::default());
        if let Some(error) = reading.errors.first() {
            let at = Position::of(text, error.span().start as usize);
            return Err(BootstrapError(format!("{error} at line {} column {}", at.line, at.column)));
        }
        serde_json::from_str(text).map_err(wrong)
    }

    /// The account's number, if the file says it.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn account_id(&self) -> Result<Option<AccountId>, BootstrapError> {
        self.account_id
            .as_deref()
            .map(|id| {
                id.parse()
                    .map_err(|_| BootstrapError(format!("account_id: {id}: an account has twelve digits")))
            })
            .transpose()
    }
}

impl Maker<'_> {
    /// An account with nothing but its root user and, if it is to have one, root's key.
    ///
    /// # Errors
    ///
    /// There is no entropy.
    pub fn account(&self, id: AccountId) -> AccountRecord {
        AccountRecord {
            id,
            alias: None,
            created: self.now,
            password_policy: None,
            root: Root::default(),
            report_made: None,
        }
    }

    /// A key of `owner`; made where none is given, and then shown.
    ///
    /// # Errors
    ///
    /// There is no entropy.
    pub fn key(
        &self,
        owner: &str,
        label: &str,
        id: Option<&str>,
        secret: Option<&secrecy::SecretString>,
        shown: &mut Vec<Shown>,
    ) -> Result<AccessKey, BootstrapError> {
        use secrecy::ExposeSecret as _;
        let id = match id {
            Some(id) => id.to_owned(),
            None => unique_id(Prefix::AccessKey, self.entropy).map_err(wrong)?,
        };
        let well_formed = (16..=128).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !well_formed || id.starts_with("ASIA") {
            return Err(BootstrapError(format!(
                "{id}: an access key id has 16 to 128 letters and digits, and begins with AKIA"
            )));
        }
        let text = match secret {
            Some(secret) => Zeroizing::new(secret.expose_secret().to_owned()),
            None => {
                let made = Zeroizing::new(secret_access_key(self.entropy).map_err(wrong)?);
                shown.push(Shown {
                    of: label.to_owned(),
                    what: format!("access key {id}"),
                    secret: made.clone(),
                });
                made
            }
        };
        let sealed = self
            .keys
            .seal(Purpose::SecretKey, id.as_bytes(), text.as_bytes(), self.entropy)
            .map_err(wrong)?;
        Ok(AccessKey {
            id,
            owner: owner.to_owned(),
            secret: sealed,
            status: KeyStatus::Active,
            created: self.now,
            last_used: None,
        })
    }

    /// Root's key.
    ///
    /// # Errors
    ///
    /// There is no entropy.
    pub fn root_key(
        &self,
        given: Option<&RootKey>,
        shown: &mut Vec<Shown>,
    ) -> Result<AccessKey, BootstrapError> {
        self.key(ROOT, "root", given.map(|key| key.id.as_str()), given.map(|key| &key.secret), shown)
    }

    /// A password that AWS's default policy allows; `names` are those it must not be (MFA-060).
    fn login(
        &self,
        password: &secrecy::SecretString,
        names: &[&str],
    ) -> Result<LoginProfile, BootstrapError> {
        use secrecy::ExposeSecret as _;
        if let Some(why) = password::against_policy(password.expose_secret(), None, names) {
            let whose = names.first().copied().unwrap_or("root");
            return Err(BootstrapError(format!("the password of {whose}: {why}")));
        }
        Ok(LoginProfile {
            hash: password::hash(password.expose_secret(), self.entropy).map_err(wrong)?,
            earlier: Vec::new(),
            created: self.now,
            changed: self.now,
            reset_required: false,
        })
    }

    fn device(
        &self,
        serial: String,
        kind: DeviceKind,
        seed: Option<&secrecy::SecretString>,
        owner: Option<String>,
        shown: &mut Vec<Shown>,
    ) -> Result<Device, BootstrapError> {
        use secrecy::ExposeSecret as _;
        let seed = match seed {
            Some(text) => Seed::from_base32(text.expose_secret())
                .map_err(|error| BootstrapError(format!("{serial}: {error}")))?,
            None => {
                let mut entropy = Zeroizing::new([0; 40]);
                self.entropy.fill(&mut *entropy).map_err(wrong)?;
                let seed = Seed::new(*entropy);
                shown.push(Shown { of: serial.clone(), what: "seed".to_owned(), secret: seed.to_base32() });
                seed
            }
        };
        let text = seed.to_base32();
        let sealed =
            self.keys.seal(Purpose::Seed, serial.as_bytes(), text.as_bytes(), self.entropy).map_err(wrong)?;
        Ok(Device {
            serial,
            kind,
            seed: sealed,
            created: self.now,
            life: twokeys::mfa::Device {
                assignment: owner.map(|owner| Assignment { owner, since: self.now }),
                ..twokeys::mfa::Device::default()
            },
            tags: Vec::new(),
        })
    }

    /// Everything that a bootstrap file says, as changes of an account that has but what is `known`.
    ///
    /// # Errors
    ///
    /// A name is given twice or named and not there, a document is no policy, a seed is none.
    #[expect(clippy::too_many_lines, reason = "one section of the file after the other")]
    pub fn bootstrap(
        &self,
        file: &Bootstrap,
        id: AccountId,
        known: &[Change],
        shown: &mut Vec<Shown>,
    ) -> Result<Vec<Change>, BootstrapError> {
        let mut account = self.account(id);
        account.alias = file.alias.as_deref().map(|alias| named("accountAliasType", alias)).transpose()?;
        account.root.login =
            file.root_password.as_ref().map(|password| self.login(password, &[])).transpose()?;
        let mut state = State::new(account.clone());
        known.iter().for_each(|change| state.apply(change));
        let mut changes = vec![Change::from(account)];
        let mut add = |state: &mut State, change: Change| {
            state.apply(&change);
            changes.push(change);
        };
        for (name, text) in &file.policies {
            let arn = state.arn(&format!("policy/{}", named("policyNameType", name)?));
            let policy = self.policy(arn, name, text.get())?;
            add(&mut state, policy.into());
        }
        for group in &file.groups {
            if state.group(&group.name).is_some() {
                return Err(BootstrapError(format!("groups: {} is there twice", group.name)));
            }
            let new = Group {
                id: unique_id(Prefix::Group, self.entropy).map_err(wrong)?,
                name: named("groupNameType", &group.name)?,
                path: path(group.path.as_deref())?,
                created: self.now,
                attachments: attachments(&state, &group.name, &group.policies, &group.attached)?,
            };
            add(&mut state, new.into());
        }
        for user in &file.users {
            if state.user(&user.name).is_some() {
                return Err(BootstrapError(format!("users: {} is there twice", user.name)));
            }
            let groups = user.groups.iter().map(|name| {
                let group = state.group(name).map(|group| group.id.clone());
                group.ok_or_else(|| BootstrapError(format!("users: {}: there is no group {name}", user.name)))
            });
            let new = User {
                id: unique_id(Prefix::User, self.entropy).map_err(wrong)?,
                name: named("userNameType", &user.name)?,
                path: path(user.path.as_deref())?,
                created: self.now,
                attachments: attachments(&state, &user.name, &user.policies, &user.attached)?,
                boundary: boundary(&state, user.boundary.as_deref())?,
                groups: groups.collect::<Result<_, _>>()?,
                tags: tags(&user.tags),
                login: user
                    .password
                    .as_ref()
                    .map(|password| self.login(password, &[&user.name, &id.to_string()]))
                    .transpose()?,
                password_last_used: None,
            };
            let (id, label) = (new.id.clone(), format!("user/{}", user.name));
            add(&mut state, new.into());
            for key in &user.access_keys {
                let key = self.key(&id, &label, key.id.as_deref(), key.secret.as_ref(), shown)?;
                if state.key(&key.id).is_some() {
                    return Err(BootstrapError(format!(
                        "users: {}: the key {} is there twice",
                        user.name, key.id
                    )));
                }
                add(&mut state, key.into());
            }
        }
        for role in &file.roles {
            if state.role(&role.name).is_some() {
                return Err(BootstrapError(format!("roles: {} is there twice", role.name)));
            }
            policy_text::check(role.trust.get(), PolicyType::Trust)
                .map_err(|error| BootstrapError(format!("roles: {}: trust: {}", role.name, error.message)))?;
            let new = Role {
                id: unique_id(Prefix::Role, self.entropy).map_err(wrong)?,
                name: named("roleNameType", &role.name)?,
                path: path(role.path.as_deref())?,
                created: self.now,
                trust: role.trust.get().into(),
                description: None,
                max_session: role.max_session_duration.unwrap_or(3_600).clamp(3_600, 43_200),
                attachments: attachments(&state, &role.name, &role.policies, &role.attached)?,
                boundary: boundary(&state, role.boundary.as_deref())?,
                tags: tags(&role.tags),
                last_used: None,
            };
            add(&mut state, new.into());
        }
        let owner = |state: &State, serial: &str, user: Option<&String>| {
            if state.device(serial).is_some() {
                return Err(BootstrapError(format!("{serial} is there twice")));
            }
            let Some(name) = user else { return Ok(None) };
            let unknown = || BootstrapError(format!("{serial}: there is no user {name}"));
            let user = state.user(name).ok_or_else(unknown)?;
            if state.devices_of(&user.id).count() >= MOST_DEVICES {
                return Err(BootstrapError(format!(
                    "{serial}: {name} may have at most {MOST_DEVICES} devices"
                )));
            }
            Ok(Some(user.id.clone()))
        };
        for device in &file.virtual_mfa {
            let serial = state.arn(&format!("mfa/{}", named("virtualMFADeviceName", &device.name)?));
            let owner = owner(&state, &serial, device.user.as_ref())?;
            let new = self.device(serial, DeviceKind::Virtual, device.seed.as_ref(), owner, shown)?;
            add(&mut state, new.into());
        }
        for device in &file.hardware_mfa {
            let serial = named("serialNumberType", &device.serial)?;
            let owner = owner(&state, &serial, device.user.as_ref())?;
            let new = self.device(serial, DeviceKind::Hardware, Some(&device.seed), owner, shown)?;
            add(&mut state, new.into());
        }
        Ok(changes)
    }

    /// A managed policy of one version.
    ///
    /// # Errors
    ///
    /// The text is no policy.
    pub fn policy(&self, arn: String, name: &str, text: &str) -> Result<ManagedPolicy, BootstrapError> {
        policy_text::check(text, PolicyType::Identity)
            .map_err(|error| BootstrapError(format!("policies: {name}: {}", error.message)))?;
        Ok(ManagedPolicy {
            arn,
            id: unique_id(Prefix::ManagedPolicy, self.entropy).map_err(wrong)?,
            name: name.to_owned(),
            path: "/".to_owned(),
            description: None,
            created: self.now,
            updated: self.now,
            versions: vec![PolicyVersion { id: "v1".to_owned(), document: text.into(), created: self.now }],
            default_version: "v1".to_owned(),
            next_version: 2,
            tags: Vec::new(),
        })
    }
}

/// A name that calls can say; what they cannot name would be out of their reach.
fn named(shape: &str, text: &str) -> Result<String, BootstrapError> {
    match model::broken(Service::Iam, shape, text) {
        Some(rule) => Err(BootstrapError(format!("{text}: {rule}"))),
        None => Ok(text.to_owned()),
    }
}

fn path(given: Option<&str>) -> Result<String, BootstrapError> {
    given.map_or_else(|| Ok("/".to_owned()), |path| named("pathType", path))
}

fn tags(given: &BTreeMap<String, String>) -> Vec<Tag> {
    given.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

fn attachments(
    state: &State,
    name: &str,
    inline: &BTreeMap<String, Box<RawValue>>,
    attached: &[String],
) -> Result<Attachments, BootstrapError> {
    let mut held = Attachments::default();
    for (policy, text) in inline {
        policy_text::check(text.get(), PolicyType::Identity)
            .map_err(|error| BootstrapError(format!("{name}: {policy}: {}", error.message)))?;
        held.inline.insert(policy.clone(), Arc::from(text.get()));
    }
    for arn in attached {
        if state.policy(arn).is_none() {
            return Err(BootstrapError(format!("{name}: the policy {arn} is not known")));
        }
        held.managed.push(arn.clone());
    }
    Ok(held)
}

fn boundary(state: &State, arn: Option<&str>) -> Result<Option<String>, BootstrapError> {
    match arn {
        Some(arn) if state.policy(arn).is_none() => {
            Err(BootstrapError(format!("the boundary {arn} is not known")))
        }
        arn => Ok(arn.map(str::to_owned)),
    }
}
