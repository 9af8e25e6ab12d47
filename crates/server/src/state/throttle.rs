//! Failures of a user on all devices together, and sessions that are void.

use serde::{Deserialize, Serialize};
use twokeys::mfa::Throttle;

/// The failures of one user, or of root, on all devices together (MFA-050).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThrottleRecord {
    /// The unique id of the user, or `root`.
    pub owner: String,
    /// The count.
    pub throttle: Throttle,
}

impl ThrottleRecord {
    /// No failure yet.
    pub fn new(owner: &str) -> Self {
        Self { owner: owner.to_owned(), throttle: Throttle::default() }
    }
}

/// Sessions of a principal that were issued at or before a time are void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// The unique id of a user or role, or `root`.
    pub principal: String,
    /// In seconds since 1970.
    pub until: u64,
}
