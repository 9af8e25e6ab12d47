//! Users, groups and roles, as what holds policies.

use std::sync::Arc;

use super::{Call, Subject};
use crate::state::{Attachments, Change, Group, Role, State, Tags, User};
use crate::wire::ApiError;

/// Someone who holds policies.
#[derive(Debug, Clone)]
pub(super) enum Holder {
    User(Arc<User>),
    Group(Arc<Group>),
    Role(Arc<Role>),
}

/// A kind of holder: a type, so that one handler serves three operations.
pub(super) trait Kind {
    /// The parameter with its name.
    const PARAMETER: &'static str;
    /// `user`
    const WORD: &'static str;
    /// How many characters its inline policies may have together, white space not counted.
    const INLINE_QUOTA: usize;

    fn find(state: &State, name: &str) -> Option<Holder>;
}

pub(super) struct OfUser;
pub(super) struct OfGroup;
pub(super) struct OfRole;

impl Kind for OfUser {
    const PARAMETER: &'static str = "UserName";
    const WORD: &'static str = "user";
    const INLINE_QUOTA: usize = 2_048;

    fn find(state: &State, name: &str) -> Option<Holder> {
        state.user(name).cloned().map(Holder::User)
    }
}

impl Kind for OfGroup {
    const PARAMETER: &'static str = "GroupName";
    const WORD: &'static str = "group";
    const INLINE_QUOTA: usize = 5_120;

    fn find(state: &State, name: &str) -> Option<Holder> {
        state.group(name).cloned().map(Holder::Group)
    }
}

impl Kind for OfRole {
    const PARAMETER: &'static str = "RoleName";
    const WORD: &'static str = "role";
    const INLINE_QUOTA: usize = 10_240;

    fn find(state: &State, name: &str) -> Option<Holder> {
        state.role(name).cloned().map(Holder::Role)
    }
}

/// Whom the call names.
///
/// # Errors
///
/// `NoSuchEntity`, in AWS's words.
pub(super) fn holder<K: Kind>(call: &Call<'_>) -> Result<Holder, ApiError> {
    let name = call.required(K::PARAMETER)?;
    let unknown = || ApiError::no_such_entity(format!("The {} with name {name} cannot be found.", K::WORD));
    K::find(call.state, name).ok_or_else(unknown)
}

/// What the gate is asked about: the entity, or what it would be called if it existed.
///
/// # Errors
///
/// The call names nobody.
pub(super) fn subject<K: Kind>(call: &Call<'_>) -> Result<Subject, ApiError> {
    let name = call.required(K::PARAMETER)?;
    Ok(match K::find(call.state, name) {
        Some(holder) => subject_of(&holder, call.state),
        None => Subject::of(call.state.arn(&format!("{}/{name}", K::WORD))),
    })
}

/// The entity with its tags and its boundary.
pub(super) fn subject_of(holder: &Holder, state: &State) -> Subject {
    let subject = Subject::of(holder.arn(state)).tagged(holder.tags());
    subject.with("iam:PermissionsBoundary", holder.boundary())
}

impl Holder {
    pub(super) fn arn(&self, state: &State) -> String {
        match self {
            Self::User(user) => user.arn(state),
            Self::Group(group) => group.arn(state),
            Self::Role(role) => role.arn(state),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.name,
            Self::Group(group) => &group.name,
            Self::Role(role) => &role.name,
        }
    }

    pub(super) fn tags(&self) -> &Tags {
        static NONE: Tags = Vec::new();
        match self {
            Self::User(user) => &user.tags,
            Self::Role(role) => &role.tags,
            Self::Group(_) => &NONE,
        }
    }

    pub(super) fn boundary(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.boundary.as_deref(),
            Self::Role(role) => role.boundary.as_deref(),
            Self::Group(_) => None,
        }
    }

    pub(super) fn attachments(&self) -> &Attachments {
        match self {
            Self::User(user) => &user.attachments,
            Self::Group(group) => &group.attachments,
            Self::Role(role) => &role.attachments,
        }
    }

    /// The same with other policies.
    pub(super) fn holding(self, attachments: Attachments) -> Change {
        match self {
            Self::User(user) => User { attachments, ..Arc::unwrap_or_clone(user) }.into(),
            Self::Group(group) => Group { attachments, ..Arc::unwrap_or_clone(group) }.into(),
            Self::Role(role) => Role { attachments, ..Arc::unwrap_or_clone(role) }.into(),
        }
    }
}
