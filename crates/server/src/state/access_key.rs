//! A long-term access key.

use serde::{Deserialize, Serialize};

use crate::seal::Sealed;

/// A long-term access key of a user or of root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// `AKIA…`
    pub id: String,
    /// The unique id of its user, or `root`.
    pub owner: String,
    /// The secret, sealed with the id as associated data (RL-031).
    pub secret: Sealed,
    /// Does it sign?
    pub status: KeyStatus,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// When it was last used; written from time to time only.
    pub last_used: Option<LastUsed>,
}

/// Does a key sign?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStatus {
    /// It signs.
    Active,
    /// It does not.
    Inactive,
}

/// The last use of a key or a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUsed {
    /// When, in seconds since 1970.
    pub at: u64,
    /// The region of the signature.
    pub region: String,
    /// `iam` or `sts`.
    pub service: String,
}

impl KeyStatus {
    /// The word AWS writes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}
