//! `get-account-authorization-details`: every user, group, role and managed policy of an account.
//!
//! Names are those of the account model, such as `user/alice#inline:ForceMFA`. What is in force is looked at: the default
//! version of a managed policy.

use std::collections::{HashMap, HashSet};

use twokeys::json::{Node, Value};
use twokeys::policy::PolicyType;

use super::finder::{About, Finder};
use super::node::{At, get, items, text, text_of, walk};

/// The lists of a dump: its key, the kind of holder, the key of its name, and of its inline policies.
const LISTS: [(&str, &str, &str, &str); 3] = [
    ("UserDetailList", "user", "UserName", "UserPolicyList[].PolicyDocument"),
    ("GroupDetailList", "group", "GroupName", "GroupPolicyList[].PolicyDocument"),
    ("RoleDetailList", "role", "RoleName", "RolePolicyList[].PolicyDocument"),
];

/// Is this a dump, or a page of one?
pub(super) fn is_one(root: &Node<'_>) -> bool {
    let has_versions = |policy: &Node<'_>| get(policy, "PolicyVersionList").is_some();
    LISTS.iter().any(|(list, ..)| get(root, list).is_some())
        || get(root, "Policies").map_or(&[][..], items).iter().any(has_versions)
}

/// Takes the policies of a dump.
pub(super) fn find(root: &Node<'_>, here: &str, finder: &mut Finder<'_>) {
    let mut attached: HashMap<&str, Vec<String>> = HashMap::new();
    let mut boundaries = HashSet::new();
    for (list, kind, name, inline) in LISTS {
        for (index, entry) in get(root, list).map_or(&[][..], items).iter().enumerate() {
            let holder = format!("{kind}/{}", text_of(entry, name).unwrap_or_default());
            let here = format!("{here}.{list}[{index}]");
            for At { parent, value, path } in walk(entry, inline, &here) {
                let policy = text_of(parent, "PolicyName").unwrap_or_default();
                let about = About {
                    kind: Some(PolicyType::Identity),
                    name: Some(format!("{holder}#inline:{policy}")),
                    path,
                    attached_to: vec![holder.clone()],
                    ..About::default()
                };
                finder.take(value, about);
            }
            for At { value, path, .. } in walk(entry, "AssumeRolePolicyDocument", &here) {
                let name = Some(format!("{holder}#trust"));
                finder.take(value, About { kind: Some(PolicyType::Trust), name, path, ..About::default() });
            }
            for policy in get(entry, "AttachedManagedPolicies").map_or(&[][..], items) {
                if let Some(arn) = text_of(policy, "PolicyArn") {
                    attached.entry(arn).or_default().push(holder.clone());
                }
            }
            boundaries.extend(
                get(entry, "PermissionsBoundary").and_then(|of| text_of(of, "PermissionsBoundaryArn")),
            );
            let groups = get(entry, "GroupList").map_or(&[][..], items).iter().filter_map(text);
            finder.belongs(holder, groups.map(|group| format!("group/{group}")).collect());
        }
    }
    for (index, policy) in get(root, "Policies").map_or(&[][..], items).iter().enumerate() {
        let arn = text_of(policy, "Arn").unwrap_or_default();
        let attached_to = attached.remove(arn).unwrap_or_default();
        let is_boundary = attached_to.is_empty() && boundaries.contains(arn);
        let name = text_of(policy, "PolicyName").map(|name| format!("policy/{name}"));
        for At { parent, value, path } in
            walk(policy, "PolicyVersionList[].Document", &format!("{here}.Policies[{index}]"))
        {
            if get(parent, "IsDefaultVersion").is_some_and(|is| is.value == Value::Bool(false)) {
                continue;
            }
            let about = About {
                kind: Some(if is_boundary { PolicyType::Boundary } else { PolicyType::Identity }),
                name: name.clone(),
                path,
                attached_to: attached_to.clone(),
                ..About::default()
            };
            finder.take(value, about);
        }
    }
}
