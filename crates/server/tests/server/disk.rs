//! A disk that can fail, and an endpoint on it that can start again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use twokeys_server::bootstrap::{Bootstrap, Maker, RootKey};
use twokeys_server::endpoint::Endpoint;
use twokeys_server::seal::Keys;
use twokeys_server::start::{System, secret};
use twokeys_server::state::{Change, Kind, Record, State};
use twokeys_server::store::{Store, StoreError};

use crate::world::{ACCOUNT, Key, NOW, settings};

/// What becomes of the write at which a disk fails. Nobody can tell which of the two it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not there.
    Lost,
    /// It is, though the disk said no.
    Kept,
}

/// Outlives the endpoints that write to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    records: BTreeMap<(Kind, String), Record>,
    fault: Option<Fault>,
    failed: bool,
}

impl Content {
    fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Put(record) => {
                    self.records.insert((record.kind(), record.id().to_owned()), (**record).clone())
                }
                Change::Remove(kind, id) => self.records.remove(&(*kind, id.clone())),
            };
        }
    }
}

impl Store for Disk {
    fn load(&mut self) -> Result<Vec<Record>, StoreError> {
        Ok(self.0.lock().unwrap().records.values().cloned().collect())
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut content = self.0.lock().unwrap();
        match content.fault {
            None => content.apply(changes),
            Some(fault) => {
                if fault == Fault::Kept && !content.failed {
                    content.apply(changes);
                }
                content.failed = true;
                return Err(StoreError::ReadOnly("no space".to_owned()));
            }
        }
        Ok(())
    }
}

impl Disk {
    /// A disk with the account of a bootstrap file.
    pub(crate) fn of(bootstrap: &Value) -> Self {
        let keys = keys();
        let maker = Maker { keys: &keys, entropy: &System, now: NOW - 3_600 };
        let file = Bootstrap::read(&bootstrap.to_string()).unwrap();
        let mut changes = maker.bootstrap(&file, ACCOUNT.parse().unwrap(), &[], &mut Vec::new()).unwrap();
        let Key { id, secret: text, .. } = Key::root();
        let root = RootKey { id, secret: secret(text) };
        changes.push(maker.root_key(Some(&root), &mut Vec::new()).unwrap().into());
        let mut disk = Self::default();
        disk.commit(&changes).unwrap();
        disk
    }

    /// From the next write on.
    pub(crate) fn fails(&self, fault: Fault) {
        self.0.lock().unwrap().fault = Some(fault);
    }

    /// An endpoint that knows what is on the disk, which works again.
    pub(crate) fn start(&self) -> Endpoint {
        {
            let mut content = self.0.lock().unwrap();
            (content.fault, content.failed) = (None, false);
        }
        let mut store = self.clone();
        let records = store.load().unwrap();
        let account = records.iter().find_map(|record| match record {
            Record::Account(account) => Some(account.clone()),
            _ => None,
        });
        let mut state = State::new(account.unwrap());
        for record in records {
            state.apply(&Change::Put(Box::new(record)));
        }
        Endpoint::new(state, Box::new(store), keys(), settings(), Box::new(System))
    }
}

fn keys() -> Keys {
    Keys::new([7; 32])
}
