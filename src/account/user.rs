//! A user: a person or a program with credentials of its own.

use super::document::Place;
use super::held::{Held, Tag};
use super::sign_in::SignIn;
use crate::name::Arn;

/// An IAM user.
#[derive(Debug, Clone)]
pub struct User {
    /// The name, which is `aws:username`.
    pub name: String,
    /// `/`, or `/engineering/`.
    pub path: String,
    /// The ARN.
    pub arn: Arn,
    /// The unique id, `AIDA…`.
    pub id: Option<String>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// Its own policies.
    pub held: Held,
    /// Passwords, keys and devices, as far as other files tell them.
    pub sign_in: SignIn,
    /// Its entry in the dump.
    pub place: Place,
}
