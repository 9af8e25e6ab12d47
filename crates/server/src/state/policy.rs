//! A managed policy and its versions.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Tags;

/// A managed policy. Those of AWS (`arn:aws:iam::aws:policy/…`) can be read and attached only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedPolicy {
    /// What it is known by.
    pub arn: String,
    /// `ANPA…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// `/`, or begins and ends with it.
    pub path: String,
    /// In the owner's words.
    pub description: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// When its versions last changed.
    pub updated: u64,
    /// At least one, in the order of their making.
    pub versions: Vec<PolicyVersion>,
    /// The version that counts, such as `v1`.
    pub default_version: String,
    /// The number of the next version; numbers are never used twice.
    pub next_version: u64,
    /// Its tags.
    pub tags: Tags,
}

/// One version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// `v1`, `v2`, …
    pub id: String,
    /// The text exactly as it was put.
    pub document: Arc<str>,
    /// When it was made, in seconds since 1970.
    pub created: u64,
}

impl ManagedPolicy {
    /// Is it AWS's own?
    pub fn is_of_aws(&self) -> bool {
        self.arn.contains(":iam::aws:policy/")
    }

    /// The version that counts; none only in a damaged record.
    pub fn default_document(&self) -> Option<&Arc<str>> {
        self.version(&self.default_version).map(|version| &version.document)
    }

    /// The version of this id.
    pub fn version(&self, id: &str) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.id == id)
    }
}
