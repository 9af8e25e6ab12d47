//! What the AWS CLI prints when it is asked for a policy.

use twokeys::json::{Limits, Node, Value, read};
use twokeys::policy::PolicyType;

use super::finder::{About, Finder};
use super::node::{At, get, items, text, text_of, walk};

/// An answer: where the policy is, and how its shape is told from others.
struct Row {
    path: &'static str,
    /// A member of the answer that must be there, too; may be empty.
    mark: &'static str,
    kind: PolicyType,
    /// Whose policy it is; `?` if only the policy itself tells.
    service: &'static str,
    /// The member beside the policy that is its name.
    name: &'static str,
}

const fn row(
    path: &'static str,
    mark: &'static str,
    kind: PolicyType,
    service: &'static str,
    name: &'static str,
) -> Row {
    Row { path, mark, kind, service, name }
}

use PolicyType::{Endpoint, Identity, Resource, Trust};

/// The first row whose place exists is the right one.
const ROWS: &[Row] = &[
    row("PolicyVersion.Document", "", Identity, "", "VersionId"),
    row("Versions[].Document", "", Identity, "", "VersionId"),
    row("PolicyDocument", "PolicyName", Identity, "", "PolicyName"),
    row("Role.AssumeRolePolicyDocument", "", Trust, "", "RoleName"),
    row("Roles[].AssumeRolePolicyDocument", "", Trust, "", "RoleName"),
    row("InlinePolicy", "", Identity, "", ""),
    row("ResourcePolicy", "Name", Resource, "secretsmanager", "Name"),
    row("policyText", "", Resource, "ecr", "repositoryName"),
    row("resourcePolicies[].policyDocument", "", Resource, "logs", "policyName"),
    row("VpcEndpoints[].PolicyDocument", "", Endpoint, "", "VpcEndpointId"),
    row("VpcEndpoint.PolicyDocument", "", Endpoint, "", "VpcEndpointId"),
    row("DomainStatus.AccessPolicies", "", Resource, "es", "DomainName"),
    row("Attributes.Policy", "", Resource, "?", "TopicArn"),
    row("policy.document", "", Resource, "codeartifact", ""),
    row("policy", "id", Resource, "execute-api", "name"),
    row("Policy", "FileSystemId", Resource, "elasticfilesystem", "FileSystemId"),
    row("Policy", "BackupVaultName", Resource, "backup", "BackupVaultName"),
    row("Policy", "RevisionId", Resource, "?", ""),
    row("Policy", "PolicyName", Resource, "kms", "PolicyName"),
    row("Policy", "", Resource, "?", "Name"),
    row("policy", "", Resource, "?", ""),
];

/// Takes the policies of an answer; false if it is none that is known.
pub(super) fn find(root: &Node<'_>, finder: &mut Finder<'_>) -> bool {
    if let Some(policy) = get(root, "Policy").filter(|policy| get(policy, "PolicySummary").is_some()) {
        organization(policy, finder);
        return true;
    }
    for row in ROWS.iter().filter(|row| row.mark.is_empty() || get(root, row.mark).is_some()) {
        let places = walk(root, row.path, "$");
        let can_be = |at: &At<'_, '_>| match &at.value.value {
            Value::String(text) => text.trim_start().starts_with(['{', '%']),
            Value::Object(_) => get(at.value, "Statement").is_some() || get(at.value, "Version").is_some(),
            _ => false,
        };
        if !places.iter().any(can_be) {
            continue;
        }
        for at in places.into_iter().filter(can_be) {
            let service = match row.service {
                "" => None,
                "?" => told_by(at.value),
                known => Some(known.to_owned()),
            };
            let about = About {
                kind: Some(row.kind),
                service,
                name: text_of(at.parent, row.name).map(str::to_owned),
                path: at.path,
                attached_to: if row.kind == Identity { holders(root, row) } else { Vec::new() },
                accepted: Vec::new(),
            };
            finder.take(at.value, about);
        }
        return true;
    }
    false
}

/// Whose inline policy it is.
fn holders(root: &Node<'_>, row: &Row) -> Vec<String> {
    if row.path == "InlinePolicy" {
        return vec!["role".to_owned()];
    }
    let named = [("UserName", "user"), ("GroupName", "group"), ("RoleName", "role")];
    named
        .into_iter()
        .filter_map(|(key, kind)| text_of(root, key).map(|name| format!("{kind}/{name}")))
        .collect()
}

fn organization(policy: &Node<'_>, finder: &mut Finder<'_>) {
    let summary = get(policy, "PolicySummary");
    let of = |key: &str| summary.and_then(|summary| text_of(summary, key));
    let kind = match of("Type") {
        Some("SERVICE_CONTROL_POLICY") => PolicyType::ServiceControl,
        Some("RESOURCE_CONTROL_POLICY") => PolicyType::ResourceControl,
        _ => return,
    };
    if let Some(content) = get(policy, "Content") {
        let (name, path) = (of("Name").map(str::to_owned), "$.Policy.Content".to_owned());
        finder.take(content, About { kind: Some(kind), name, path, ..About::default() });
    }
}

/// The service of the first action, where the answer does not say whose policy it holds.
fn told_by(policy: &Node<'_>) -> Option<String> {
    let Value::String(inner) = &policy.value else { return service_of(policy) };
    read(inner.as_bytes(), &Limits::default()).root.as_ref().and_then(service_of)
}

fn service_of(policy: &Node<'_>) -> Option<String> {
    let statement = first(get(policy, "Statement")?);
    let action = first(get(statement, "Action").or_else(|| get(statement, "NotAction"))?);
    let (service, _) = text(action)?.split_once(':')?;
    Some(service.to_ascii_lowercase())
}

fn first<'n, 't>(node: &'n Node<'t>) -> &'n Node<'t> {
    items(node).first().unwrap_or(node)
}
