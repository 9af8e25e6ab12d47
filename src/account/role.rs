//! A role: permissions that someone takes on for a while.

use super::document::{Document, Place};
use super::held::{Held, Tag};
use crate::name::Arn;

/// An IAM role.
#[derive(Debug, Clone)]
pub struct Role {
    /// The name.
    pub name: String,
    /// `/`, or `/service-role/`.
    pub path: String,
    /// The ARN.
    pub arn: Arn,
    /// The unique id, `AROA…`.
    pub id: Option<String>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// Who may assume it. A dump always tells; where it does not, nobody may.
    pub trust: Option<Document>,
    /// Its policies.
    pub held: Held,
    /// Its entry in the dump.
    pub place: Place,
}
