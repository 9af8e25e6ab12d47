//! A store that is only read, because the operator wants it so (`--read-only`).

use super::{Store, StoreError};
use crate::state::{Change, Record};

/// Reads another store, and holds it as long as it lives.
#[derive(Debug)]
pub struct ReadOnly(pub Box<dyn Store>);

impl Store for ReadOnly {
    fn load(&mut self) -> Result<Vec<Record>, StoreError> {
        self.0.load()
    }

    fn commit(&mut self, _: &[Change]) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
}
