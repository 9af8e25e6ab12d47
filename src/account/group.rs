//! A group: policies that its users share.

use super::document::Place;
use super::held::Held;
use crate::name::Arn;

/// An IAM group. It is nobody who could ask for something.
#[derive(Debug, Clone)]
pub struct Group {
    /// The name.
    pub name: String,
    /// `/`, or `/engineering/`.
    pub path: String,
    /// The ARN.
    pub arn: Arn,
    /// The unique id, `AGPA…`.
    pub id: Option<String>,
    /// Its policies.
    pub held: Held,
    /// Its entry in the dump.
    pub place: Place,
}
