//! Long-term access keys.

use std::sync::Arc;

use super::users::subject_or_self;
use super::{Answer, Call, Handled, Operation, Subject, reads, writes};
use crate::gate::Permit;
use crate::seal::Purpose;
use crate::state::{AccessKey, Change, KeyStatus, Kind, Prefix, ROOT, secret_access_key, unique_id};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateAccessKey", subject_or_self, create),
    reads("ListAccessKeys", subject_or_self, list),
    writes("UpdateAccessKey", subject_or_self, update),
    writes("DeleteAccessKey", subject_or_self, delete),
    reads("GetAccessKeyLastUsed", subject_of_key, last_used),
];

const MOST_KEYS: usize = 2;

/// The unique id and the name of whoever has the keys.
fn owner<'c>(call: &Call<'c>) -> Result<(&'c str, &'c str), ApiError> {
    Ok(call.user_or_self()?.map_or((ROOT, ROOT), |user| (user.id.as_str(), user.name.as_str())))
}

fn subject_of_key(call: &Call<'_>) -> Result<Subject, ApiError> {
    let key = call.state.key(call.required("AccessKeyId")?);
    let user = key.and_then(|key| call.state.user_by_id(&key.owner));
    Ok(match user {
        Some(user) => Subject::of(user.arn(call.state)).tagged(&user.tags),
        None => Subject::of(call.state.arn("user/")),
    })
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let (owner, name) = owner(call)?;
    if call.state.keys_of(owner).count() >= MOST_KEYS {
        let why = format!("Cannot exceed quota for AccessKeysPerUser: {MOST_KEYS}");
        return Err(ApiError::limit_exceeded(why).into());
    }
    let id = unique_id(Prefix::AccessKey, call.entropy)?;
    let secret = zeroize::Zeroizing::new(secret_access_key(call.entropy)?);
    let key = AccessKey {
        secret: call.seal(Purpose::SecretKey, &id, secret.as_bytes())?,
        id,
        owner: owner.to_owned(),
        status: KeyStatus::Active,
        created: call.now(),
        last_used: None,
    };
    let xml = Xml::new()
        .text("UserName", name)
        .text("AccessKeyId", &key.id)
        .text("Status", key.status.as_str())
        .text("SecretAccessKey", &secret)
        .time("CreateDate", key.created);
    Answer::made([key.into()], Xml::new().inside("AccessKey", &xml))
}

fn list(call: &Call<'_>, _: Permit) -> Handled {
    let (owner, name) = owner(call)?;
    let page = page(call.params, call.state.keys_of(owner).map(|key| (key.id.clone(), key)))?;
    let keys = page.items.iter().map(|key| {
        Xml::new()
            .text("UserName", name)
            .text("AccessKeyId", &key.id)
            .text("Status", key.status.as_str())
            .time("CreateDate", key.created)
    });
    Answer::read(page.finish(Xml::new().list("AccessKeyMetadata", keys)))
}

/// The key that the call names, if it is that user's.
fn key<'c>(call: &Call<'c>) -> Result<&'c Arc<AccessKey>, ApiError> {
    let (owner, _) = owner(call)?;
    let id = call.required("AccessKeyId")?;
    let unknown = || ApiError::no_such_entity(format!("The Access Key with id {id} cannot be found."));
    call.state.key(id).filter(|key| key.owner == owner).ok_or_else(unknown)
}

fn update(call: &Call<'_>, _: Permit) -> Handled {
    let key = key(call)?;
    let status = match call.required("Status")? {
        "Active" => KeyStatus::Active,
        "Inactive" => KeyStatus::Inactive,
        // A key does not expire by hand.
        other => return Err(ApiError::invalid_input(format!("A key cannot be made {other}")).into()),
    };
    Answer::done([AccessKey { status, ..AccessKey::clone(key) }.into()])
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    Answer::done([Change::Remove(Kind::AccessKey, key(call)?.id.clone())])
}

fn last_used(call: &Call<'_>, _: Permit) -> Handled {
    let id = call.required("AccessKeyId")?;
    let unknown = || ApiError::no_such_entity(format!("The Access Key with id {id} cannot be found."));
    let key = call.state.key(id).ok_or_else(unknown)?;
    let name = call.state.user_by_id(&key.owner).map_or(ROOT, |user| &user.name);
    let used = match &key.last_used {
        Some(used) => Xml::new()
            .time("LastUsedDate", used.at)
            .text("ServiceName", &used.service)
            .text("Region", &used.region),
        None => Xml::new().text("ServiceName", "N/A").text("Region", "N/A"),
    };
    Answer::read(Xml::new().text("UserName", name).inside("AccessKeyLastUsed", &used))
}
