//! Groups and who belongs to them.

use super::holder::{self, OfGroup};
use super::{Also, Answer, Call, Handled, Operation, Subject, reads, shape, writes};
use crate::gate::Permit;
use crate::state::{Attachments, Change, Group, Kind, Prefix, User, folded, unique_id};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateGroup", subject_of_new, create),
    reads("GetGroup", holder::subject::<OfGroup>, get),
    reads("ListGroups", |call| Ok(Subject::of(call.state.arn("group/"))), list),
    writes("UpdateGroup", subject_of_update, update),
    writes("DeleteGroup", holder::subject::<OfGroup>, delete),
    writes("AddUserToGroup", holder::subject::<OfGroup>, add),
    writes("RemoveUserFromGroup", holder::subject::<OfGroup>, remove),
];

const MOST_GROUPS: usize = 300;
const MOST_GROUPS_OF_A_USER: usize = 10;

fn subject_of_new(call: &Call<'_>) -> Result<Subject, ApiError> {
    let (path, name) = (call.params.get("Path").unwrap_or("/"), call.required("GroupName")?);
    Ok(Subject::of(call.state.arn(&format!("group{path}{name}"))))
}

/// Whoever renames or moves a group must be allowed to on what it is and on what it becomes.
fn subject_of_update(call: &Call<'_>) -> Result<Subject, ApiError> {
    let mut subject = holder::subject::<OfGroup>(call)?;
    if let Some(group) = call.state.group(call.required("GroupName")?) {
        subject.also.push(Also::Resource(renamed(call, group).arn(call.state)));
    }
    Ok(subject)
}

/// The group with the name and the path that the call gives it.
fn renamed(call: &Call<'_>, group: &Group) -> Group {
    let mut group = group.clone();
    if let Some(name) = call.params.get("NewGroupName") {
        name.clone_into(&mut group.name);
    }
    if let Some(path) = call.params.get("NewPath") {
        path.clone_into(&mut group.path);
    }
    group
}

fn group<'c>(call: &Call<'c>) -> Result<&'c Group, ApiError> {
    let name = call.required("GroupName")?;
    let unknown = || ApiError::no_such_entity(format!("The group with name {name} cannot be found."));
    call.state.group(name).map(|group| &**group).ok_or_else(unknown)
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let name = call.required("GroupName")?;
    if call.state.group(name).is_some() {
        return Err(ApiError::entity_already_exists(format!("Group with name {name} already exists.")).into());
    }
    if call.state.groups().count() >= MOST_GROUPS {
        let why = format!("Cannot exceed quota for GroupsPerAccount: {MOST_GROUPS}");
        return Err(ApiError::limit_exceeded(why).into());
    }
    let group = Group {
        id: unique_id(Prefix::Group, call.entropy)?,
        name: name.to_owned(),
        path: call.params.get("Path").unwrap_or("/").to_owned(),
        created: call.now(),
        attachments: Attachments::default(),
    };
    let xml = Xml::new().inside("Group", &shape::group(&group, call.state));
    Answer::made([group.into()], xml)
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    let group = group(call)?;
    let mut members: Vec<_> = call.state.members(&group.id).map(|user| (folded(&user.name), user)).collect();
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    let page = page(call.params, members)?;
    let users = page.items.iter().map(|user| shape::user(user, call.state));
    let xml = Xml::new().inside("Group", &shape::group(group, call.state)).list("Users", users);
    Answer::read(page.finish(xml))
}

fn list(call: &Call<'_>, _: Permit) -> Handled {
    let prefix = call.params.get("PathPrefix").unwrap_or("/");
    let groups = call.state.groups().filter(|group| group.path.starts_with(prefix));
    let page = page(call.params, groups.map(|group| (folded(&group.name), group)))?;
    let groups = page.items.iter().map(|group| shape::group(group, call.state));
    Answer::read(page.finish(Xml::new().list("Groups", groups)))
}

fn update(call: &Call<'_>, _: Permit) -> Handled {
    let group = renamed(call, group(call)?);
    if call.state.group(&group.name).is_some_and(|other| other.id != group.id) {
        let why = format!("Group with name {} already exists.", group.name);
        return Err(ApiError::entity_already_exists(why).into());
    }
    Answer::done([group.into()])
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    let group = group(call)?;
    let conflict = if call.state.members(&group.id).next().is_some() {
        Some("Cannot delete entity, must remove users from group first.")
    } else if !group.attachments.inline.is_empty() {
        Some("Cannot delete entity, must delete policies first.")
    } else if !group.attachments.managed.is_empty() {
        Some("Cannot delete entity, must detach all policies first.")
    } else {
        None
    };
    match conflict {
        Some(why) => Err(ApiError::delete_conflict(why).into()),
        None => Answer::done([Change::Remove(Kind::Group, group.id.clone())]),
    }
}

fn add(call: &Call<'_>, _: Permit) -> Handled {
    let (group, user) = (group(call)?, call.user(call.required("UserName")?)?);
    if user.groups.contains(&group.id) {
        return Answer::done([]);
    }
    if user.groups.len() >= MOST_GROUPS_OF_A_USER {
        let why = format!("Cannot exceed quota for GroupsPerUser: {MOST_GROUPS_OF_A_USER}");
        return Err(ApiError::limit_exceeded(why).into());
    }
    let mut user = User::clone(user);
    user.groups.push(group.id.clone());
    Answer::done([user.into()])
}

fn remove(call: &Call<'_>, _: Permit) -> Handled {
    let (group, user) = (group(call)?, call.user(call.required("UserName")?)?);
    if !user.groups.contains(&group.id) {
        let why = format!("User {} is not in group {}", user.name, group.name);
        return Err(ApiError::no_such_entity(why).into());
    }
    let mut user = User::clone(user);
    user.groups.retain(|id| *id != group.id);
    Answer::done([user.into()])
}
