//! Tags of users, roles and devices.

use super::holder::{self, OfRole, OfUser};
use super::roles::role;
use super::{Answer, Call, Handled, Operation, Subject, mfa_devices, reads, shape, writes};
use crate::gate::Permit;
use crate::state::{Change, Device, Role, Tags, User};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("TagUser", |call| tagging(call, holder::subject::<OfUser>(call)?), tag::<Users>),
    writes("UntagUser", |call| untagging(call, holder::subject::<OfUser>(call)?), untag::<Users>),
    reads("ListUserTags", holder::subject::<OfUser>, list::<Users>),
    writes("TagRole", |call| tagging(call, holder::subject::<OfRole>(call)?), tag::<Roles>),
    writes("UntagRole", |call| untagging(call, holder::subject::<OfRole>(call)?), untag::<Roles>),
    reads("ListRoleTags", holder::subject::<OfRole>, list::<Roles>),
    writes("TagMFADevice", |call| tagging(call, mfa_devices::subject_of_device(call)?), tag::<Devices>),
    writes("UntagMFADevice", |call| untagging(call, mfa_devices::subject_of_device(call)?), untag::<Devices>),
    reads("ListMFADeviceTags", mfa_devices::subject_of_device, list::<Devices>),
];

const MOST_TAGS: usize = 50;

/// A kind of thing with tags.
trait Tagged {
    fn tags(call: &Call<'_>) -> Result<Tags, ApiError>;
    fn with(call: &Call<'_>, tags: Tags) -> Result<Change, ApiError>;
}

struct Users;
struct Roles;
struct Devices;

impl Tagged for Users {
    fn tags(call: &Call<'_>) -> Result<Tags, ApiError> {
        Ok(call.user(call.required("UserName")?)?.tags.clone())
    }

    fn with(call: &Call<'_>, tags: Tags) -> Result<Change, ApiError> {
        let user = call.user(call.required("UserName")?)?;
        Ok(User { tags, ..User::clone(user) }.into())
    }
}

impl Tagged for Roles {
    fn tags(call: &Call<'_>) -> Result<Tags, ApiError> {
        Ok(role(call)?.tags.clone())
    }

    fn with(call: &Call<'_>, tags: Tags) -> Result<Change, ApiError> {
        Ok(Role { tags, ..role(call)?.clone() }.into())
    }
}

impl Tagged for Devices {
    fn tags(call: &Call<'_>) -> Result<Tags, ApiError> {
        Ok(mfa_devices::device(call)?.tags.clone())
    }

    fn with(call: &Call<'_>, tags: Tags) -> Result<Change, ApiError> {
        Ok(Device { tags, ..Device::clone(mfa_devices::device(call)?) }.into())
    }
}

fn tagging(call: &Call<'_>, mut subject: Subject) -> Result<Subject, ApiError> {
    subject.request_tags = call.tags();
    Ok(subject)
}

/// `aws:TagKeys` names the keys that would go.
fn untagging(call: &Call<'_>, mut subject: Subject) -> Result<Subject, ApiError> {
    subject.keys = subject.keys.fill("aws:TagKeys", call.params.list("TagKeys"));
    Ok(subject)
}

/// Tags for something new.
///
/// # Errors
///
/// A key is given twice, in whatever letter case, or there are more than 50.
pub(super) fn checked(tags: Tags) -> Result<Tags, ApiError> {
    for (at, tag) in tags.iter().enumerate() {
        if tags.iter().take(at).any(|earlier| earlier.key.eq_ignore_ascii_case(&tag.key)) {
            let why = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
            return Err(ApiError::invalid_input(why));
        }
        if tag.key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return Err(ApiError::invalid_input("Tag keys that begin with aws: are reserved."));
        }
    }
    if tags.len() > MOST_TAGS {
        return Err(ApiError::limit_exceeded(format!(
            "Cannot exceed quota for TagsPerResource: {MOST_TAGS}"
        )));
    }
    Ok(tags)
}

fn tag<T: Tagged>(call: &Call<'_>, _: Permit) -> Handled {
    let new = checked(call.tags())?;
    let mut tags = T::tags(call)?;
    tags.retain(|tag| !new.iter().any(|new| new.key.eq_ignore_ascii_case(&tag.key)));
    tags.extend(new);
    Answer::done([T::with(call, checked(tags)?)?])
}

fn untag<T: Tagged>(call: &Call<'_>, _: Permit) -> Handled {
    let keys = call.params.list("TagKeys");
    let mut tags = T::tags(call)?;
    tags.retain(|tag| !keys.iter().any(|key| key.eq_ignore_ascii_case(&tag.key)));
    Answer::done([T::with(call, tags)?])
}

fn list<T: Tagged>(call: &Call<'_>, _: Permit) -> Handled {
    let mut tags = T::tags(call)?;
    tags.sort_by_key(|tag| tag.key.to_ascii_lowercase());
    let page = page(call.params, tags.into_iter().map(|tag| (tag.key.to_ascii_lowercase(), tag)))?;
    Answer::read(page.finish(Xml::new().list("Tags", shape::tags(&page.items))))
}
