//! What a user, a group or a role holds: its own policies, managed ones by ARN, and a boundary.

use super::document::Document;

/// The policies of an entity.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Those that belong to it alone.
    pub inline: Vec<Inline>,
    /// The ARNs of managed policies.
    pub attached: Vec<String>,
    /// The ARN of the permissions boundary. Groups have none.
    pub boundary: Option<String>,
}

/// A policy that belongs to one entity.
#[derive(Debug, Clone)]
pub struct Inline {
    /// Its name.
    pub name: String,
    /// Its text.
    pub document: Document,
}

/// A tag of a user or a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The key. Case is kept, and does not count when a policy asks for it.
    pub key: String,
    /// The value.
    pub value: String,
}
