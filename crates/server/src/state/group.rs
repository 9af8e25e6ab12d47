//! A group.

use serde::{Deserialize, Serialize};

use super::{Attachments, State};

/// A group. Who belongs to it stands with the users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `AGPA…`
    pub id: String,
    /// As it was written; compared without case.
    pub name: String,
    /// `/`, or begins and ends with it.
    pub path: String,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// Its policies.
    pub attachments: Attachments,
}

impl Group {
    /// `arn:aws:iam::ACCOUNT:group/PATH/NAME`
    pub fn arn(&self, state: &State) -> String {
        state.arn(&format!("group{}{}", self.path, self.name))
    }
}
