//! The account as a whole: its alias, and how much of everything it has.

use super::{Answer, Call, Handled, Operation, Subject, reads, writes};
use crate::gate::Permit;
use crate::state::{AccountRecord, DeviceKind, ROOT};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateAccountAlias", whole_account, create_alias),
    reads("ListAccountAliases", whole_account, aliases),
    writes("DeleteAccountAlias", whole_account, delete_alias),
    reads("GetAccountSummary", whole_account, summary),
];

pub(super) fn whole_account(_: &Call<'_>) -> Result<Subject, ApiError> {
    Ok(Subject::of("*"))
}

fn create_alias(call: &Call<'_>, _: Permit) -> Handled {
    // An account has one; another takes its place.
    let alias = Some(call.required("AccountAlias")?.to_owned());
    Answer::done([AccountRecord { alias, ..call.state.account().clone() }.into()])
}

fn aliases(call: &Call<'_>, _: Permit) -> Handled {
    let page = page(call.params, call.state.account().alias.iter().map(|alias| (alias.clone(), alias)))?;
    Answer::read(page.finish(Xml::new().texts("AccountAliases", &page.items)))
}

fn delete_alias(call: &Call<'_>, _: Permit) -> Handled {
    let alias = call.required("AccountAlias")?;
    if call.state.account().alias.as_deref() != Some(alias) {
        let why = format!("The account alias with name {alias} cannot be found.");
        return Err(ApiError::no_such_entity(why).into());
    }
    Answer::done([AccountRecord { alias: None, ..call.state.account().clone() }.into()])
}

fn summary(call: &Call<'_>, _: Permit) -> Handled {
    let state = call.state;
    let own = state.policies().filter(|policy| !policy.is_of_aws());
    let (policies, versions) =
        own.fold((0, 0), |(policies, versions), policy| (policies + 1, versions + policy.versions.len()));
    let virtual_devices = state.devices().filter(|device| device.kind == DeviceKind::Virtual).count();
    let in_use = state.devices().filter(|device| device.owner().is_some()).count();
    let root = |yes: bool| usize::from(yes);
    let entries: [(&str, usize); 34] = [
        ("Users", state.users().count()),
        ("UsersQuota", 5_000),
        ("Groups", state.groups().count()),
        ("GroupsQuota", 300),
        ("ServerCertificates", 0),
        ("ServerCertificatesQuota", 20),
        ("UserPolicySizeQuota", 2_048),
        ("GroupPolicySizeQuota", 5_120),
        ("GroupsPerUserQuota", 10),
        ("SigningCertificatesPerUserQuota", 2),
        ("AccessKeysPerUserQuota", 2),
        ("MFADevices", virtual_devices),
        ("MFADevicesInUse", in_use),
        ("AccountMFAEnabled", root(state.devices_of(ROOT).next().is_some())),
        ("AccountAccessKeysPresent", root(state.keys_of(ROOT).next().is_some())),
        ("AccountPasswordPresent", root(state.account().root.login.is_some())),
        ("AccountSigningCertificatesPresent", 0),
        ("AttachedPoliciesPerGroupQuota", 10),
        ("AttachedPoliciesPerRoleQuota", 10),
        ("AttachedPoliciesPerUserQuota", 10),
        ("Policies", policies),
        ("PoliciesQuota", 1_500),
        ("PolicySizeQuota", 6_144),
        ("PolicyVersionsInUse", versions),
        ("PolicyVersionsInUseQuota", 10_000),
        ("VersionsPerPolicyQuota", 5),
        ("GlobalEndpointTokenVersion", 1),
        ("AssumeRolePolicySizeQuota", 2_048),
        ("InstanceProfiles", 0),
        ("InstanceProfilesQuota", 1_000),
        ("Providers", 0),
        ("RolePolicySizeQuota", 10_240),
        ("Roles", state.roles().count()),
        ("RolesQuota", 1_000),
    ];
    let entries = entries.map(|(key, value)| (key, value.to_string()));
    Answer::read(Xml::new().map("SummaryMap", entries))
}
