//! Where the account is kept in memory, or in one SQLite file.

mod memory;
mod read_only;
mod sqlite;

pub use memory::Memory;
pub use read_only::ReadOnly;
pub use sqlite::{SCHEMA, Sqlite};

use crate::state::{Change, Record};

/// Keeps records. What [`commit`](Self::commit) acknowledged survives a crash.
pub trait Store: Send + std::fmt::Debug {
    /// Every record.
    ///
    /// # Errors
    ///
    /// A record cannot be read. Nobody may go on with the rest (RL-042).
    fn load(&mut self) -> Result<Vec<Record>, StoreError>;

    /// Makes all of the changes durable, or none.
    ///
    /// # Errors
    ///
    /// They are not durable; then nothing they stand for may be told to anyone (RL-043). A store that
    /// failed once refuses all further commits.
    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError>;
}

/// Why a store does not do what it is asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A write failed, now or earlier.
    #[error("the store is read-only since a write failed: {0}")]
    ReadOnly(String),
    /// Nobody is to write.
    #[error("the endpoint was started to be read only")]
    Closed,
    /// The file is damaged, or of a version that is not known here.
    #[error("{0}")]
    Unusable(String),
}
