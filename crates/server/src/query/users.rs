//! Users.

use std::sync::Arc;

use super::holder::{self, Holder, OfUser};
use super::{Also, Answer, Call, Handled, Operation, Subject, attach, reads, shape, tags, writes};
use crate::gate::Permit;
use crate::state::{Attachments, Change, Kind, Prefix, ROOT, User, unique_id};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateUser", subject_of_new, create),
    reads("GetUser", subject_or_self, get),
    reads("ListUsers", |call| Ok(Subject::of(call.state.arn("user/"))), list),
    writes("UpdateUser", subject_of_update, update),
    writes("DeleteUser", holder::subject::<OfUser>, delete),
    writes("PutUserPermissionsBoundary", attach::subject_with_boundary::<OfUser>, put_boundary),
    writes("DeleteUserPermissionsBoundary", holder::subject::<OfUser>, delete_boundary),
    reads("ListGroupsForUser", holder::subject::<OfUser>, groups),
];

const MOST_USERS: usize = 5_000;

fn subject_of_new(call: &Call<'_>) -> Result<Subject, ApiError> {
    let (path, name) = (call.params.get("Path").unwrap_or("/"), call.required("UserName")?);
    let mut subject = Subject::of(call.state.arn(&format!("user{path}{name}")));
    subject.request_tags = call.tags();
    Ok(subject.with("iam:PermissionsBoundary", call.params.get("PermissionsBoundary")))
}

/// Whoever renames or moves a user must be allowed to on what it is and on what it becomes.
fn subject_of_update(call: &Call<'_>) -> Result<Subject, ApiError> {
    let mut subject = holder::subject::<OfUser>(call)?;
    if let Some(user) = call.state.user(call.required("UserName")?) {
        subject.also.push(Also::Resource(renamed(call, user).arn(call.state)));
    }
    Ok(subject)
}

/// The user with the name and the path that the call gives it.
fn renamed(call: &Call<'_>, user: &User) -> User {
    let mut user = user.clone();
    if let Some(name) = call.params.get("NewUserName") {
        name.clone_into(&mut user.name);
    }
    if let Some(path) = call.params.get("NewPath") {
        path.clone_into(&mut user.path);
    }
    user
}

/// The user that is named, or the caller.
pub(super) fn subject_or_self(call: &Call<'_>) -> Result<Subject, ApiError> {
    if call.params.get("UserName").is_some() {
        return holder::subject::<OfUser>(call);
    }
    Ok(match call.user_or_self()? {
        Some(user) => holder::subject_of(&Holder::User(Arc::clone(user)), call.state),
        None => Subject::of(call.state.arn("root")),
    })
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let name = call.required("UserName")?;
    if call.state.user(name).is_some() {
        return Err(ApiError::entity_already_exists(format!("User with name {name} already exists.")).into());
    }
    if call.state.users().count() >= MOST_USERS {
        return Err(ApiError::limit_exceeded(format!(
            "Cannot exceed quota for UsersPerAccount: {MOST_USERS}"
        ))
        .into());
    }
    let boundary = call.params.get("PermissionsBoundary");
    boundary.map(|arn| attach::policy(call, arn)).transpose()?;
    let user = User {
        id: unique_id(Prefix::User, call.entropy)?,
        name: name.to_owned(),
        path: call.params.get("Path").unwrap_or("/").to_owned(),
        created: call.now(),
        attachments: Attachments::default(),
        boundary: boundary.map(str::to_owned),
        groups: Vec::new(),
        tags: tags::checked(call.tags())?,
        login: None,
        password_last_used: None,
    };
    let xml = Xml::new().inside("User", &shape::whole_user(&user, call.state));
    Answer::made([user.into()], xml)
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    let xml = match call.user_or_self()? {
        Some(user) => shape::whole_user(user, call.state),
        None => shape::root(Xml::new().text("Path", "/").text("UserName", ROOT), call.state),
    };
    Answer::read(Xml::new().inside("User", &xml))
}

fn list(call: &Call<'_>, _: Permit) -> Handled {
    let prefix = call.params.get("PathPrefix").unwrap_or("/");
    let users = call.state.users().filter(|user| user.path.starts_with(prefix));
    let page = page(call.params, users.map(|user| (crate::state::folded(&user.name), user)))?;
    let users = page.items.iter().map(|user| shape::user(user, call.state));
    Answer::read(page.finish(Xml::new().list("Users", users)))
}

fn update(call: &Call<'_>, _: Permit) -> Handled {
    let user = renamed(call, call.user(call.required("UserName")?)?);
    // A change of letter case alone is a change of the same user.
    if call.state.user(&user.name).is_some_and(|other| other.id != user.id) {
        let why = format!("User with name {} already exists.", user.name);
        return Err(ApiError::entity_already_exists(why).into());
    }
    Answer::done([user.into()])
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user(call.required("UserName")?)?;
    let state = call.state;
    let conflict = if state.keys_of(&user.id).next().is_some() {
        Some("Cannot delete entity, must delete access keys first.")
    } else if state.devices_of(&user.id).next().is_some() {
        Some("Cannot delete entity, must delete MFA device first.")
    } else if user.login.is_some() {
        Some("Cannot delete entity, must delete login profile first.")
    } else if !user.attachments.inline.is_empty() {
        Some("Cannot delete entity, must delete policies first.")
    } else if !user.attachments.managed.is_empty() {
        Some("Cannot delete entity, must detach all policies first.")
    } else if !user.groups.is_empty() {
        Some("Cannot delete entity, must remove users from group first.")
    } else {
        None
    };
    match conflict {
        Some(why) => Err(ApiError::delete_conflict(why).into()),
        None => Answer::done([
            Change::Remove(Kind::User, user.id.clone()),
            Change::Remove(Kind::Throttle, user.id.clone()),
            Change::Remove(Kind::Revocation, user.id.clone()),
        ]),
    }
}

fn put_boundary(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user(call.required("UserName")?)?;
    let arn = call.required("PermissionsBoundary")?;
    attach::policy(call, arn)?;
    Answer::done([User { boundary: Some(arn.to_owned()), ..User::clone(user) }.into()])
}

fn delete_boundary(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user(call.required("UserName")?)?;
    if user.boundary.is_none() {
        let why = format!("No permissions boundary found for user {}", user.name);
        return Err(ApiError::no_such_entity(why).into());
    }
    Answer::done([User { boundary: None, ..User::clone(user) }.into()])
}

fn groups(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user(call.required("UserName")?)?;
    let mut groups: Vec<_> =
        user.groups.iter().filter_map(|id| call.state.group_by_id(id)).map(Arc::clone).collect();
    groups.sort_by_key(|group| crate::state::folded(&group.name));
    let page = page(call.params, groups.iter().map(|group| (crate::state::folded(&group.name), group)))?;
    let groups = page.items.iter().map(|group| shape::group(group, call.state));
    Answer::read(page.finish(Xml::new().list("Groups", groups)))
}
