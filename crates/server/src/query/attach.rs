//! Attaching managed policies to users, groups and roles.

use std::sync::Arc;

use super::holder::{self, Kind, OfGroup, OfRole, OfUser};
use super::{Answer, Call, Handled, Operation, Subject, reads, writes};
use crate::gate::Permit;
use crate::state::ManagedPolicy;
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("AttachUserPolicy", subject::<OfUser>, attach::<OfUser>),
    writes("DetachUserPolicy", subject::<OfUser>, detach::<OfUser>),
    reads("ListAttachedUserPolicies", holder::subject::<OfUser>, list::<OfUser>),
    writes("AttachGroupPolicy", subject::<OfGroup>, attach::<OfGroup>),
    writes("DetachGroupPolicy", subject::<OfGroup>, detach::<OfGroup>),
    reads("ListAttachedGroupPolicies", holder::subject::<OfGroup>, list::<OfGroup>),
    writes("AttachRolePolicy", subject::<OfRole>, attach::<OfRole>),
    writes("DetachRolePolicy", subject::<OfRole>, detach::<OfRole>),
    reads("ListAttachedRolePolicies", holder::subject::<OfRole>, list::<OfRole>),
];

const MOST_ATTACHED: usize = 10;

fn subject<K: Kind>(call: &Call<'_>) -> Result<Subject, ApiError> {
    Ok(holder::subject::<K>(call)?.with("iam:PolicyARN", call.params.get("PolicyArn")))
}

/// The entity, with the boundary that the call would set.
pub(super) fn subject_with_boundary<K: Kind>(call: &Call<'_>) -> Result<Subject, ApiError> {
    let mut subject = holder::subject::<K>(call)?;
    subject.keys = subject.keys.forget("iam:PermissionsBoundary");
    Ok(subject.with("iam:PermissionsBoundary", call.params.get("PermissionsBoundary")))
}

/// The managed policy with this ARN.
///
/// # Errors
///
/// `NoSuchEntity`: it is not there, or is one of AWS's that is not known here (API-068).
pub(super) fn policy<'c>(call: &Call<'c>, arn: &str) -> Result<&'c Arc<ManagedPolicy>, ApiError> {
    let unknown = || ApiError::no_such_entity(format!("Policy {arn} does not exist or is not attachable."));
    call.state.policy(arn).ok_or_else(unknown)
}

fn attach<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let arn = call.required("PolicyArn")?;
    policy(call, arn)?;
    let mut attachments = holder.attachments().clone();
    if attachments.managed.iter().any(|held| held == arn) {
        return Answer::done([]);
    }
    if attachments.managed.len() >= MOST_ATTACHED {
        let kind = match K::WORD {
            "user" => "User",
            "group" => "Group",
            _ => "Role",
        };
        let why = format!("Cannot exceed quota for PoliciesPer{kind}: {MOST_ATTACHED}");
        return Err(ApiError::limit_exceeded(why).into());
    }
    attachments.managed.push(arn.to_owned());
    Answer::done([holder.holding(attachments)])
}

fn detach<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let arn = call.required("PolicyArn")?;
    let mut attachments = holder.attachments().clone();
    if !attachments.managed.iter().any(|held| held == arn) {
        return Err(ApiError::no_such_entity(format!("Policy {arn} was not found.")).into());
    }
    attachments.managed.retain(|held| held != arn);
    Answer::done([holder.holding(attachments)])
}

fn list<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let prefix = call.params.get("PathPrefix").unwrap_or("/");
    let mut attached: Vec<(String, Xml)> = Vec::new();
    for arn in &holder.attachments().managed {
        // Its name and path are the end of its ARN, whether it is known or not.
        let rest = arn.split_once(":policy/").map_or("", |(_, rest)| rest);
        let (path, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        if path.starts_with(prefix) {
            let xml = Xml::new().text("PolicyName", name).text("PolicyArn", arn);
            attached.push((arn.clone(), xml));
        }
    }
    attached.sort_by(|(one, _), (other, _)| one.cmp(other));
    let page = page(call.params, attached)?;
    Answer::read(page.finish(Xml::new().list("AttachedPolicies", page.items.iter().cloned())))
}
