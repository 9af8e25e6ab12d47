//! An MFA device.

use serde::{Deserialize, Serialize};
use twokeys::mfa::Guard;

use super::Tags;
use crate::seal::Sealed;

/// A device: unassigned, or enabled for exactly one user (MFA-003).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The ARN of a virtual device, the vendor's serial number of another.
    pub serial: String,
    /// What kind it is.
    pub kind: DeviceKind,
    /// The seed, sealed with the serial number as associated data (MFA-019).
    pub seed: Sealed,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// The unique id of the user for whom it is enabled, or `root`.
    pub owner: Option<String>,
    /// Since when it is enabled.
    pub enabled: Option<u64>,
    /// What the verifier remembers; it outlives a deactivation (MFA-008).
    pub guard: Guard,
    /// Its tags.
    pub tags: Tags,
}

/// The kinds of devices that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    /// An app with a seed of ours.
    Virtual,
    /// A token with a seed of its vendor's.
    Hardware,
}
