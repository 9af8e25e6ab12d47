//! The entries of a dump's lists, as AWS names their members. Members not listed here are passed over.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A user, a group or a role: their members differ by a word.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entity<'t> {
    #[serde(alias = "UserName", alias = "GroupName", alias = "RoleName")]
    pub(super) name: Option<String>,
    #[serde(alias = "UserId", alias = "GroupId", alias = "RoleId")]
    pub(super) id: Option<String>,
    pub(super) path: Option<String>,
    pub(super) arn: Option<String>,
    #[serde(borrow, default, alias = "UserPolicyList", alias = "GroupPolicyList", alias = "RolePolicyList")]
    pub(super) policy_list: Vec<InlinePolicy<'t>>,
    #[serde(default)]
    pub(super) attached_managed_policies: Vec<AttachedPolicy>,
    pub(super) permissions_boundary: Option<Boundary>,
    #[serde(default)]
    pub(super) group_list: Vec<String>,
    #[serde(default)]
    pub(super) tags: Vec<TagEntry>,
    #[serde(borrow)]
    pub(super) assume_role_policy_document: Option<&'t RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InlinePolicy<'t> {
    pub(super) policy_name: String,
    #[serde(borrow)]
    pub(super) policy_document: &'t RawValue,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttachedPolicy {
    pub(super) policy_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Boundary {
    pub(super) permissions_boundary_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagEntry {
    pub(super) key: String,
    pub(super) value: String,
}

/// A managed policy.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Managed<'t> {
    pub(super) policy_name: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) default_version_id: Option<String>,
    #[serde(borrow, default)]
    pub(super) policy_version_list: Vec<Version<'t>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Version<'t> {
    #[serde(borrow)]
    pub(super) document: Option<&'t RawValue>,
    #[serde(rename = "VersionId")]
    pub(super) id: Option<String>,
    #[serde(rename = "IsDefaultVersion")]
    pub(super) is_default: Option<bool>,
}

/// Only what an entry is called, for messages about entries that cannot be read.
#[derive(Debug, Deserialize)]
pub(super) struct Called {
    #[serde(alias = "UserName", alias = "GroupName", alias = "RoleName", alias = "PolicyName")]
    pub(super) name: Option<String>,
}
