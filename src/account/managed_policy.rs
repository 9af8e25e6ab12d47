//! A policy with an ARN of its own, attached to whom it may concern.

use std::sync::Arc;

use super::document::{Document, Place};
use crate::engine::Prepared;
use crate::name::Arn;

/// A managed policy.
#[derive(Debug, Clone)]
pub struct ManagedPolicy {
    /// The name.
    pub name: String,
    /// The ARN.
    pub arn: Arn,
    /// The version in force; the others too, if they were asked for.
    pub versions: Vec<PolicyVersion>,
    /// Its entry in the dump; of a policy from a file beside it, the text.
    pub place: Place,
    /// The version in force made ready as a permissions boundary, if it is one of someone.
    pub(super) boundary: Option<Arc<Prepared>>,
}

/// A version of a managed policy.
#[derive(Debug, Clone)]
pub struct PolicyVersion {
    /// `v1`, `v2`, …
    pub id: String,
    /// Is it the one in force?
    pub is_default: bool,
    /// Its text.
    pub document: Document,
}

impl ManagedPolicy {
    /// The version in force. There is none if the dump marks none, or several.
    pub fn default_version(&self) -> Option<&PolicyVersion> {
        let mut in_force = self.versions.iter().filter(|version| version.is_default);
        in_force.next().filter(|_| in_force.next().is_none())
    }

    /// The version in force, made ready as a permissions boundary, if it is one of someone.
    pub fn boundary(&self) -> Option<&Arc<Prepared>> {
        self.boundary.as_ref()
    }
}
