//! A store that forgets everything with its process.

use super::{Store, StoreError};
use crate::state::{Change, Record};

/// Keeps nothing: the state that is served is all there is.
#[derive(Debug, Default)]
pub struct Memory;

impl Store for Memory {
    fn load(&mut self) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }

    fn commit(&mut self, _: &[Change]) -> Result<(), StoreError> {
        Ok(())
    }
}
