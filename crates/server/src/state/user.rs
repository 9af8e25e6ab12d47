//! A user.

use serde::{Deserialize, Serialize};

use super::{Attachments, State, Tags};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// `AIDA…`: never given to another user.
    pub id: String,
    /// As it was written; compared without case.
    pub name: String,
    /// `/`, or begins and ends with it.
    pub path: String,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// Its own policies.
    pub attachments: Attachments,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Unique ids of its groups, in the order of joining.
    pub groups: Vec<String>,
    /// Its tags.
    pub tags: Tags,
    /// Its password, if it has one.
    pub login: Option<LoginProfile>,
    /// When a sign-in was last completed (MFA-069).
    pub password_last_used: Option<u64>,
}

/// A password: only its hash is kept (RL-031).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginProfile {
    /// Argon2id, in the form of the PHC.
    pub hash: String,
    /// Earlier hashes, the newest first, as many as a password policy can ask for.
    pub earlier: Vec<String>,
    /// When the profile was made.
    pub created: u64,
    /// When the password was last set.
    pub changed: u64,
    /// Must it be changed at the next sign-in?
    pub reset_required: bool,
}

impl User {
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`
    pub fn arn(&self, state: &State) -> String {
        state.arn(&format!("user{}{}", self.path, self.name))
    }
}
