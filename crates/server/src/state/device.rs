//! An MFA device.

use serde::{Deserialize, Serialize};

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
    /// For whom it is enabled, and what the verifier remembers.
    pub life: twokeys::mfa::Device,
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

impl Device {
    /// The unique id of the user for whom it is enabled, or `root`.
    pub fn owner(&self) -> Option<&str> {
        self.life.assignment.as_ref().map(|assignment| assignment.owner.as_str())
    }

    /// Since when it is enabled, in seconds since 1970.
    pub fn enabled(&self) -> Option<u64> {
        self.life.assignment.as_ref().map(|assignment| assignment.since)
    }
}
