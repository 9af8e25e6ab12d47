//! What users, groups, roles and policies have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Compared without case within one resource.
    pub key: String,
    /// May be empty.
    pub value: String,
}

/// Tags in the order in which they were set.
pub type Tags = Vec<Tag>;

/// Inline policies: name → the text exactly as it was put (RL-003).
pub type Inline = BTreeMap<String, Arc<str>>;

/// The policies of a user, group or role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachments {
    /// Inline policies.
    pub inline: Inline,
    /// ARNs of managed policies, in the order of their attachment.
    pub managed: Vec<String>,
}
