//! Inline policies of users, groups and roles.

use super::holder::{self, Kind, OfGroup, OfRole, OfUser};
use super::{Answer, Call, Handled, Operation, reads, writes};
use crate::gate::Permit;
use crate::policy_text;
use crate::wire::{ApiError, Xml, page};
use twokeys::policy::PolicyType;

pub(super) const OPERATIONS: &[Operation] = &[
    writes("PutUserPolicy", holder::subject::<OfUser>, put::<OfUser>),
    reads("GetUserPolicy", holder::subject::<OfUser>, get::<OfUser>),
    reads("ListUserPolicies", holder::subject::<OfUser>, list::<OfUser>),
    writes("DeleteUserPolicy", holder::subject::<OfUser>, delete::<OfUser>),
    writes("PutGroupPolicy", holder::subject::<OfGroup>, put::<OfGroup>),
    reads("GetGroupPolicy", holder::subject::<OfGroup>, get::<OfGroup>),
    reads("ListGroupPolicies", holder::subject::<OfGroup>, list::<OfGroup>),
    writes("DeleteGroupPolicy", holder::subject::<OfGroup>, delete::<OfGroup>),
    writes("PutRolePolicy", holder::subject::<OfRole>, put::<OfRole>),
    reads("GetRolePolicy", holder::subject::<OfRole>, get::<OfRole>),
    reads("ListRolePolicies", holder::subject::<OfRole>, list::<OfRole>),
    writes("DeleteRolePolicy", holder::subject::<OfRole>, delete::<OfRole>),
];

fn put<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let (name, text) = (call.required("PolicyName")?, call.required("PolicyDocument")?);
    policy_text::check(text, PolicyType::Identity)?;
    let mut attachments = holder.attachments().clone();
    attachments.inline.insert(name.to_owned(), text.into());
    let size: usize = attachments.inline.values().map(|text| policy_text::size(text)).sum();
    if size > K::INLINE_QUOTA {
        let why = format!(
            "Maximum policy size of {} bytes exceeded for {} {}",
            K::INLINE_QUOTA,
            K::WORD,
            holder.name()
        );
        return Err(ApiError::limit_exceeded(why).into());
    }
    Answer::done([holder.holding(attachments)])
}

fn get<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let name = call.required("PolicyName")?;
    let text = holder.attachments().inline.get(name).ok_or_else(|| unknown::<K>(name))?;
    let xml = Xml::new().text(K::PARAMETER, holder.name()).text("PolicyName", name);
    Answer::read(xml.document("PolicyDocument", text))
}

fn list<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let names = holder.attachments().inline.keys().map(|name| (name.clone(), name));
    let page = page(call.params, names)?;
    Answer::read(page.finish(Xml::new().texts("PolicyNames", &page.items)))
}

fn delete<K: Kind>(call: &Call<'_>, _: Permit) -> Handled {
    let holder = holder::holder::<K>(call)?;
    let name = call.required("PolicyName")?;
    let mut attachments = holder.attachments().clone();
    attachments.inline.remove(name).ok_or_else(|| unknown::<K>(name))?;
    Answer::done([holder.holding(attachments)])
}

fn unknown<K: Kind>(name: &str) -> ApiError {
    ApiError::no_such_entity(format!("The {} policy with name {name} cannot be found.", K::WORD))
}
