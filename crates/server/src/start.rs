//! From flags to an endpoint that serves: an empty account, one of a file, or the one that is kept (6.4).

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use twokeys::name::AccountId;

use crate::bootstrap::{Bootstrap, BootstrapError, Maker, RootKey, Shown};
use crate::endpoint::Endpoint;
use crate::folder::{Folder, FolderError, Master};
use crate::from_dump::Dump;
use crate::query::Settings;
use crate::seal::{Keys, Purpose, SealError};
use crate::state::{Change, Entropy, NoEntropy, ROOT, Record, State};
use crate::store::{Memory, ReadOnly, Store, StoreError};

/// Where the account comes from and where it is kept.
#[derive(Debug)]
pub struct Start {
    /// The data folder and its master key; none keeps everything in memory.
    pub data: Option<(PathBuf, Master)>,
    /// The number of a new account.
    pub account_id: Option<AccountId>,
    /// The text of a bootstrap file.
    pub bootstrap: Option<String>,
    /// The text of a file of managed policies of AWS (UX-040).
    pub managed_policies: Option<String>,
    /// Root's access key, given from outside (API-060).
    pub root_key: Option<RootKey>,
    /// Is nothing to be changed once the account is there? No code can be used then.
    pub read_only: bool,
    /// What the operator sets.
    pub settings: Settings,
    /// In seconds since 1970.
    pub now: u64,
}

/// An endpoint, and what is told of it once.
#[derive(Debug)]
pub struct Started {
    /// It.
    pub endpoint: Endpoint,
    /// Keys and seeds that were made: shown once.
    pub shown: Vec<Shown>,
    /// Was the account made now?
    pub is_new: bool,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first content.
    #[error("{0}")]
    Bootstrap(String),
    /// What is asked for does not go with what is kept.
    #[error("{0}")]
    Kept(String),
}

impl From<BootstrapError> for StartError {
    fn from(error: BootstrapError) -> Self {
        Self::Bootstrap(error.0)
    }
}

/// The account that is made if no other number is given.
const DEFAULT_ACCOUNT: &str = "123456789012";

/// The random bytes of the system.
#[derive(Debug, Default)]
pub struct System;

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(bytes).map_err(|_| NoEntropy)
    }
}

/// Opens or makes the account.
///
/// # Errors
///
/// Something is wrong with what is given or kept. A start never changes credentials and never begins
/// empty because something could not be read (RL-042).
pub fn start(start: Start) -> Result<Started, StartError> {
    start_from(start, None)
}

/// The same, with a dump as the first content (API-063).
///
/// # Errors
///
/// As for [`start`]; and a dump is read into an empty folder only.
pub fn start_from(start: Start, dump: Option<&Dump>) -> Result<Started, StartError> {
    let (mut store, keys): (Box<dyn Store>, Keys) = match &start.data {
        Some((path, master)) => {
            let folder = Folder::open(path, master, &System)?;
            let (store, keys, lock) = folder.into_parts();
            (Box::new(Locked { store, _lock: lock }), keys)
        }
        None => {
            let mut master = [0; 32];
            System.fill(&mut master).map_err(|error| StartError::Bootstrap(error.to_string()))?;
            (Box::new(Memory), Keys::new(master))
        }
    };
    let records = store.load()?;
    let is_new = records.is_empty();
    let mut shown = Vec::new();
    if !is_new && dump.is_some() {
        let why = "the data folder holds an account; a dump is read into an empty one only";
        return Err(StartError::Kept(why.to_owned()));
    }
    if is_new && start.read_only && start.data.is_some() {
        return Err(StartError::Kept("the data folder holds no account that could be read".to_owned()));
    }
    let state = if is_new {
        first(&start, dump, &keys, &mut *store, &mut shown)?
    } else {
        kept(&start, &keys, records)?
    };
    if start.read_only {
        store = Box::new(ReadOnly(store));
    }
    let endpoint = Endpoint::new(state, store, keys, start.settings, Box::new(System));
    Ok(Started { endpoint, shown, is_new })
}

/// A store whose folder is held as long as it lives.
#[derive(Debug)]
struct Locked<S> {
    store: S,
    _lock: std::fs::File,
}

impl<S: Store> Store for Locked<S> {
    fn load(&mut self) -> Result<Vec<Record>, StoreError> {
        self.store.load()
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        self.store.commit(changes)
    }
}

fn first(
    start: &Start,
    dump: Option<&Dump>,
    keys: &Keys,
    store: &mut dyn Store,
    shown: &mut Vec<Shown>,
) -> Result<State, StartError> {
    let maker = Maker { keys, entropy: &System, now: start.now };
    let file = start.bootstrap.as_deref().map(Bootstrap::read).transpose()?;
    let named = file.as_ref().map(Bootstrap::account_id).transpose()?.flatten();
    let named = named.or_else(|| dump.map(|dump| dump.account.id()));
    if let (Some(flag), Some(named)) = (start.account_id, named)
        && flag != named
    {
        return Err(StartError::Bootstrap(format!("the file is of account {named}, not of {flag}")));
    }
    let default = DEFAULT_ACCOUNT.parse().map_err(|_| StartError::Bootstrap("no account".to_owned()))?;
    let id = start.account_id.or(named).unwrap_or(default);
    let mut changes = Vec::new();
    if let Some(text) = &start.managed_policies {
        changes.extend(managed(&maker, text)?);
    }
    match (&file, dump) {
        (_, Some(dump)) => changes.extend(dump.changes(&maker)?),
        (Some(file), None) => changes.extend(maker.bootstrap(file, id, &changes, shown)?),
        (None, None) => changes.push(maker.account(id).into()),
    }
    changes.push(maker.root_key(start.root_key.as_ref(), shown)?.into());
    store.commit(&changes)?;
    let mut state = State::new(maker.account(id));
    changes.iter().for_each(|change| state.apply(change));
    Ok(state)
}

/// The file of `--managed-policies`: `{"policies": [{"arn", "document"}]}`.
fn managed(maker: &Maker<'_>, text: &str) -> Result<Vec<Change>, StartError> {
    #[derive(Deserialize)]
    struct File {
        policies: Vec<Policy>,
    }
    #[derive(Deserialize)]
    struct Policy {
        arn: String,
        document: Box<RawValue>,
    }
    let file: File = serde_json::from_str(text)
        .map_err(|error| StartError::Bootstrap(format!("the file of managed policies: {error}")))?;
    let one = |policy: &Policy| {
        let rest = policy.arn.split_once(":policy/").map(|(_, rest)| rest);
        let rest =
            rest.ok_or_else(|| StartError::Bootstrap(format!("{}: no ARN of a policy", policy.arn)))?;
        let (path, name) =
            rest.rsplit_once('/').map_or(("/".to_owned(), rest), |(path, name)| (format!("/{path}/"), name));
        let made = maker.policy(policy.arn.clone(), name, policy.document.get())?;
        Ok(crate::state::ManagedPolicy { path, ..made }.into())
    };
    file.policies.iter().map(one).collect()
}

fn kept(start: &Start, keys: &Keys, records: Vec<Record>) -> Result<State, StartError> {
    if start.bootstrap.is_some() {
        return Err(StartError::Kept(
            "the data folder holds an account; a bootstrap file is read into an empty one only".to_owned(),
        ));
    }
    let account = records.iter().find_map(|record| match record {
        Record::Account(account) => Some(account.clone()),
        _ => None,
    });
    let account =
        account.ok_or_else(|| StartError::Kept("the data folder has no account record".to_owned()))?;
    if let Some(id) = start.account_id.filter(|id| *id != account.id) {
        return Err(StartError::Kept(format!("the data folder holds account {}, not {id}", account.id)));
    }
    let mut state = State::new(account);
    for record in records {
        state.apply(&Change::Put(Box::new(record)));
    }
    if let Some(given) = &start.root_key {
        check_root(given, keys, &state)?;
    }
    Ok(state)
}

/// The variables must name the key that is kept: a start never changes credentials (API-060).
fn check_root(given: &RootKey, keys: &Keys, state: &State) -> Result<(), StartError> {
    let differs = || {
        StartError::Kept(
            "the access key of TWOKEYS_ROOT_ACCESS_KEY_ID and TWOKEYS_ROOT_SECRET_ACCESS_KEY is not root's key in the \
             data folder; unset them, or make a new key with `twokeys store root-key`"
                .to_owned(),
        )
    };
    let key = state.keys_of(ROOT).find(|key| key.id == given.id).ok_or_else(differs)?;
    let opened: Result<_, SealError> = keys.open(Purpose::SecretKey, key.id.as_bytes(), &key.secret);
    let secret = opened.map_err(|_| differs())?;
    if secret.as_slice() == given.secret.expose_secret().as_bytes() { Ok(()) } else { Err(differs()) }
}

/// Makes a new access key of root in a folder that no server holds; the older ones go.
///
/// # Errors
///
/// The folder is in use or cannot be opened, or holds no account.
pub fn new_root_key(path: &Path, master: &Master, now: u64) -> Result<Vec<Shown>, StartError> {
    let mut folder = Folder::open(path, master, &System)?;
    let records = folder.store.load()?;
    if records.is_empty() {
        return Err(StartError::Kept("the data folder holds no account".to_owned()));
    }
    let mut shown = Vec::new();
    let key = Maker { keys: &folder.keys, entropy: &System, now }.root_key(None, &mut shown)?;
    let old = records.into_iter().filter_map(|record| match record {
        Record::AccessKey(key) if key.owner == ROOT => {
            Some(Change::Remove(crate::state::Kind::AccessKey, key.id))
        }
        _ => None,
    });
    let changes: Vec<Change> = old.chain([key.into()]).collect();
    folder.store.commit(&changes)?;
    Ok(shown)
}

/// A secret from a text.
pub fn secret(text: String) -> SecretString {
    SecretString::from(text)
}
