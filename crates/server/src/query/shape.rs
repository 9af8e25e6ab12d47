//! The structures of answers.

use crate::state::{Group, ManagedPolicy, Role, State, Tags, User};
use crate::wire::Xml;

/// `Tags`
pub(super) fn tags(tags: &Tags) -> impl Iterator<Item = Xml> {
    tags.iter().map(|tag| Xml::new().text("Key", &tag.key).text("Value", &tag.value))
}

/// `User`, without its tags and boundary: lists leave them out.
pub(super) fn user(user: &User, state: &State) -> Xml {
    let xml = Xml::new()
        .text("Path", &user.path)
        .text("UserName", &user.name)
        .text("UserId", &user.id)
        .text("Arn", &user.arn(state))
        .time("CreateDate", user.created);
    match user.password_last_used {
        Some(time) => xml.time("PasswordLastUsed", time),
        None => xml,
    }
}

/// `User` of root, behind what its name is; a list of devices gives it none (MFA-031).
pub(super) fn root(xml: Xml, state: &State) -> Xml {
    let account = state.account();
    let xml = xml
        .text("UserId", &account.id.to_string())
        .text("Arn", &state.arn("root"))
        .time("CreateDate", account.created);
    match account.root.password_last_used {
        Some(time) => xml.time("PasswordLastUsed", time),
        None => xml,
    }
}

/// `User` with all that is known.
pub(super) fn whole_user(of: &User, state: &State) -> Xml {
    tagged(boundary(user(of, state), of.boundary.as_deref()), &of.tags)
}

/// `Group`
pub(super) fn group(group: &Group, state: &State) -> Xml {
    Xml::new()
        .text("Path", &group.path)
        .text("GroupName", &group.name)
        .text("GroupId", &group.id)
        .text("Arn", &group.arn(state))
        .time("CreateDate", group.created)
}

/// `Role`, without its tags, boundary and last use: lists leave them out.
pub(super) fn role(role: &Role, state: &State) -> Xml {
    Xml::new()
        .text("Path", &role.path)
        .text("RoleName", &role.name)
        .text("RoleId", &role.id)
        .text("Arn", &role.arn(state))
        .time("CreateDate", role.created)
        .document("AssumeRolePolicyDocument", &role.trust)
        .optional("Description", role.description.as_deref())
        .number("MaxSessionDuration", role.max_session)
}

/// `Role` with all that is known.
pub(super) fn whole_role(of: &Role, state: &State) -> Xml {
    let xml = tagged(boundary(role(of, state), of.boundary.as_deref()), &of.tags);
    xml.inside("RoleLastUsed", &role_last_used(of))
}

/// `RoleLastUsed`, empty for a role that was never used.
pub(super) fn role_last_used(role: &Role) -> Xml {
    match &role.last_used {
        Some(used) => Xml::new().time("LastUsedDate", used.at).text("Region", &used.region),
        None => Xml::new(),
    }
}

/// `Policy`, without its description and tags: lists leave them out.
pub(super) fn policy(policy: &ManagedPolicy, state: &State) -> Xml {
    let (attached, bounds) = state.attachment_counts(&policy.arn);
    Xml::new()
        .text("PolicyName", &policy.name)
        .text("PolicyId", &policy.id)
        .text("Arn", &policy.arn)
        .text("Path", &policy.path)
        .text("DefaultVersionId", &policy.default_version)
        .number("AttachmentCount", attached)
        .number("PermissionsBoundaryUsageCount", bounds)
        .flag("IsAttachable", true)
        .time("CreateDate", policy.created)
        .time("UpdateDate", policy.updated)
}

/// `Policy` with all that is known.
pub(super) fn whole_policy(of: &ManagedPolicy, state: &State) -> Xml {
    tagged(policy(of, state).optional("Description", of.description.as_deref()), &of.tags)
}

/// `PermissionsBoundary`, if there is one.
pub(super) fn boundary(xml: Xml, arn: Option<&str>) -> Xml {
    match arn {
        Some(arn) => xml.inside(
            "PermissionsBoundary",
            &Xml::new().text("PermissionsBoundaryType", "Policy").text("PermissionsBoundaryArn", arn),
        ),
        None => xml,
    }
}

/// `Tags`, if there are some.
pub(super) fn tagged(xml: Xml, of: &Tags) -> Xml {
    if of.is_empty() { xml } else { xml.list("Tags", tags(of)) }
}
