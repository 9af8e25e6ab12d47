//! Roles.

use twokeys::policy::PolicyType;

use super::holder::{self, OfRole};
use super::{Answer, Call, Handled, Operation, Subject, attach, reads, shape, tags, writes};
use crate::gate::Permit;
use crate::policy_text;
use crate::state::{Attachments, Change, Kind, Prefix, Role, folded, unique_id};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateRole", subject_of_new, create),
    reads("GetRole", holder::subject::<OfRole>, get),
    reads("ListRoles", |call| Ok(Subject::of(call.state.arn("role/"))), list),
    writes("UpdateRole", holder::subject::<OfRole>, update),
    writes("UpdateAssumeRolePolicy", holder::subject::<OfRole>, update_trust),
    writes("DeleteRole", holder::subject::<OfRole>, delete),
    writes("PutRolePermissionsBoundary", attach::subject_with_boundary::<OfRole>, put_boundary),
    writes("DeleteRolePermissionsBoundary", holder::subject::<OfRole>, delete_boundary),
];

const MOST_ROLES: usize = 1_000;
const TRUST_QUOTA: usize = 2_048;
const DEFAULT_SESSION: u64 = 3_600;

fn subject_of_new(call: &Call<'_>) -> Result<Subject, ApiError> {
    let (path, name) = (call.params.get("Path").unwrap_or("/"), call.required("RoleName")?);
    let mut subject = Subject::of(call.state.arn(&format!("role{path}{name}")));
    subject.request_tags = call.tags();
    Ok(subject.with("iam:PermissionsBoundary", call.params.get("PermissionsBoundary")))
}

/// The role that the call names.
pub(super) fn role<'c>(call: &Call<'c>) -> Result<&'c Role, ApiError> {
    let name = call.required("RoleName")?;
    let unknown = || ApiError::no_such_entity(format!("The role with name {name} cannot be found."));
    call.state.role(name).map(|role| &**role).ok_or_else(unknown)
}

fn trust(text: &str) -> Result<(), ApiError> {
    policy_text::check(text, PolicyType::Trust)?;
    if policy_text::size(text) > TRUST_QUOTA {
        return Err(ApiError::limit_exceeded(format!(
            "Cannot exceed quota for ACLSizePerRole: {TRUST_QUOTA}"
        )));
    }
    Ok(())
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let name = call.required("RoleName")?;
    if call.state.role(name).is_some() {
        return Err(ApiError::entity_already_exists(format!("Role with name {name} already exists.")).into());
    }
    if call.state.roles().count() >= MOST_ROLES {
        return Err(ApiError::limit_exceeded(format!(
            "Cannot exceed quota for RolesPerAccount: {MOST_ROLES}"
        ))
        .into());
    }
    let text = call.required("AssumeRolePolicyDocument")?;
    trust(text)?;
    let boundary = call.params.get("PermissionsBoundary");
    boundary.map(|arn| attach::policy(call, arn)).transpose()?;
    let role = Role {
        id: unique_id(Prefix::Role, call.entropy)?,
        name: name.to_owned(),
        path: call.params.get("Path").unwrap_or("/").to_owned(),
        created: call.now(),
        trust: text.into(),
        description: call.params.get("Description").map(str::to_owned),
        max_session: call.params.number("MaxSessionDuration").unwrap_or(DEFAULT_SESSION),
        attachments: Attachments::default(),
        boundary: boundary.map(str::to_owned),
        tags: tags::checked(call.tags())?,
        last_used: None,
    };
    let xml = Xml::new().inside("Role", &shape::whole_role(&role, call.state));
    Answer::made([role.into()], xml)
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    Answer::read(Xml::new().inside("Role", &shape::whole_role(role(call)?, call.state)))
}

fn list(call: &Call<'_>, _: Permit) -> Handled {
    let prefix = call.params.get("PathPrefix").unwrap_or("/");
    let roles = call.state.roles().filter(|role| role.path.starts_with(prefix));
    let page = page(call.params, roles.map(|role| (folded(&role.name), role)))?;
    let roles = page.items.iter().map(|role| shape::role(role, call.state));
    Answer::read(page.finish(Xml::new().list("Roles", roles)))
}

fn update(call: &Call<'_>, _: Permit) -> Handled {
    let mut role = role(call)?.clone();
    if let Some(description) = call.params.get("Description") {
        role.description = Some(description.to_owned());
    }
    role.max_session = call.params.number("MaxSessionDuration").unwrap_or(role.max_session);
    Answer::made([role.into()], Xml::new())
}

fn update_trust(call: &Call<'_>, _: Permit) -> Handled {
    let role = role(call)?;
    let text = call.required("PolicyDocument")?;
    trust(text)?;
    Answer::done([Role { trust: text.into(), ..role.clone() }.into()])
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    let role = role(call)?;
    if !role.attachments.inline.is_empty() {
        return Err(ApiError::delete_conflict("Cannot delete entity, must delete policies first.").into());
    }
    if !role.attachments.managed.is_empty() {
        return Err(ApiError::delete_conflict("Cannot delete entity, must detach all policies first.").into());
    }
    Answer::done([
        Change::Remove(Kind::Role, role.id.clone()),
        Change::Remove(Kind::Revocation, role.id.clone()),
    ])
}

fn put_boundary(call: &Call<'_>, _: Permit) -> Handled {
    let role = role(call)?;
    let arn = call.required("PermissionsBoundary")?;
    attach::policy(call, arn)?;
    Answer::done([Role { boundary: Some(arn.to_owned()), ..role.clone() }.into()])
}

fn delete_boundary(call: &Call<'_>, _: Permit) -> Handled {
    let role = role(call)?;
    if role.boundary.is_none() {
        let why = format!("No permissions boundary found for role {}", role.name);
        return Err(ApiError::no_such_entity(why).into());
    }
    Answer::done([Role { boundary: None, ..role.clone() }.into()])
}
