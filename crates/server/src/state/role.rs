//! A role.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Attachments, LastUsed, State, Tags};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// `AROA…`
    pub id: String,
    /// As it was written; compared without case.
    pub name: String,
    /// `/`, or begins and ends with it.
    pub path: String,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// Its trust policy, exactly as it was put.
    pub trust: Arc<str>,
    /// In the owner's words.
    pub description: Option<String>,
    /// The longest session, in seconds: 3600 to 43200.
    pub max_session: u64,
    /// Its own policies.
    pub attachments: Attachments,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Its tags.
    pub tags: Tags,
    /// When a session of it last made a call.
    pub last_used: Option<LastUsed>,
}

impl Role {
    /// `arn:aws:iam::ACCOUNT:role/PATH/NAME`
    pub fn arn(&self, state: &State) -> String {
        state.arn(&format!("role{}{}", self.path, self.name))
    }
}
