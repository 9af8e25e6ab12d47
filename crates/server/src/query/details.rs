//! `GetAccountAuthorizationDetails`: everything of the account, as `--account` reads it.

use super::account::whole_account;
use super::{Answer, Call, Handled, Operation, reads, shape};
use crate::gate::Permit;
use crate::state::{Attachments, Group, ManagedPolicy, Role, State, User};
use crate::wire::{Xml, page};

pub(super) const OPERATIONS: &[Operation] =
    &[reads("GetAccountAuthorizationDetails", whole_account, details)];

fn details(call: &Call<'_>, _: Permit) -> Handled {
    let state = call.state;
    let filter = call.params.list("Filter");
    let wants = |kind: &str| filter.is_empty() || filter.contains(&kind);
    let key = |kind: char, name: &str| format!("{kind}{}", crate::state::folded(name));
    let mut all: Vec<(String, (char, Xml))> = Vec::new();
    if wants("Group") {
        all.extend(state.groups().map(|of| (key('g', &of.name), ('g', group(of, state)))));
    }
    for of in state.policies() {
        let kind = if of.is_of_aws() { "AWSManagedPolicy" } else { "LocalManagedPolicy" };
        // Of AWS's own only those that someone holds.
        if wants(kind) && (!of.is_of_aws() || state.attachment_counts(&of.arn) != (0, 0)) {
            all.push((key('p', &of.arn), ('p', policy(of, state))));
        }
    }
    if wants("Role") {
        all.extend(state.roles().map(|of| (key('r', &of.name), ('r', role(of, state)))));
    }
    if wants("User") {
        all.extend(state.users().map(|of| (key('u', &of.name), ('u', user(of, state)))));
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    let page = page(call.params, all)?;
    let of = |kind: char| page.items.iter().filter(move |(of, _)| *of == kind).map(|(_, xml)| xml.clone());
    let xml = Xml::new()
        .list("UserDetailList", of('u'))
        .list("GroupDetailList", of('g'))
        .list("RoleDetailList", of('r'))
        .list("Policies", of('p'));
    Answer::read(page.finish(xml))
}

fn user(of: &User, state: &State) -> Xml {
    let groups = of.groups.iter().filter_map(|id| state.group_by_id(id)).map(|group| group.name.clone());
    let xml = Xml::new()
        .text("Path", &of.path)
        .text("UserName", &of.name)
        .text("UserId", &of.id)
        .text("Arn", &of.arn(state))
        .time("CreateDate", of.created)
        .list("UserPolicyList", inline(&of.attachments))
        .texts("GroupList", groups)
        .list("AttachedManagedPolicies", managed(&of.attachments));
    let xml = shape::boundary(xml, of.boundary.as_deref());
    xml.list("Tags", shape::tags(&of.tags))
}

fn group(of: &Group, state: &State) -> Xml {
    shape::group(of, state)
        .list("GroupPolicyList", inline(&of.attachments))
        .list("AttachedManagedPolicies", managed(&of.attachments))
}

fn role(of: &Role, state: &State) -> Xml {
    let xml = Xml::new()
        .text("Path", &of.path)
        .text("RoleName", &of.name)
        .text("RoleId", &of.id)
        .text("Arn", &of.arn(state))
        .time("CreateDate", of.created)
        .document("AssumeRolePolicyDocument", &of.trust)
        .list("InstanceProfileList", [])
        .list("RolePolicyList", inline(&of.attachments))
        .list("AttachedManagedPolicies", managed(&of.attachments));
    let xml = shape::boundary(xml, of.boundary.as_deref());
    xml.list("Tags", shape::tags(&of.tags)).inside("RoleLastUsed", &shape::role_last_used(of))
}

fn policy(of: &ManagedPolicy, state: &State) -> Xml {
    let versions = of.versions.iter().map(|version| {
        Xml::new()
            .document("Document", &version.document)
            .text("VersionId", &version.id)
            .flag("IsDefaultVersion", of.default_version == version.id)
            .time("CreateDate", version.created)
    });
    shape::policy(of, state).list("PolicyVersionList", versions)
}

fn inline(attachments: &Attachments) -> impl Iterator<Item = Xml> {
    attachments
        .inline
        .iter()
        .map(|(name, text)| Xml::new().text("PolicyName", name).document("PolicyDocument", text))
}

fn managed(attachments: &Attachments) -> impl Iterator<Item = Xml> {
    attachments.managed.iter().map(|arn| {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        Xml::new().text("PolicyName", name).text("PolicyArn", arn)
    })
}
