//! Managed policies and their versions.

use std::sync::Arc;

use twokeys::policy::PolicyType;

use super::{Answer, Call, Handled, Operation, Subject, reads, shape, tags, writes};
use crate::gate::Permit;
use crate::policy_text;
use crate::state::{Change, Kind, ManagedPolicy, PolicyVersion, Prefix, unique_id};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreatePolicy", subject_of_new, create),
    reads("GetPolicy", subject, get),
    reads("ListPolicies", |call| Ok(Subject::of(call.state.arn("policy/"))), list),
    writes("DeletePolicy", subject, delete),
    writes("CreatePolicyVersion", subject, create_version),
    reads("GetPolicyVersion", subject, get_version),
    reads("ListPolicyVersions", subject, list_versions),
    writes("SetDefaultPolicyVersion", subject, set_default),
    writes("DeletePolicyVersion", subject, delete_version),
    reads("ListEntitiesForPolicy", subject, entities),
];

const MOST_POLICIES: usize = 1_500;
const MOST_VERSIONS: usize = 5;
const SIZE_QUOTA: usize = 6_144;

fn subject_of_new(call: &Call<'_>) -> Result<Subject, ApiError> {
    let mut subject = Subject::of(new_arn(call)?);
    subject.request_tags = call.tags();
    Ok(subject)
}

fn new_arn(call: &Call<'_>) -> Result<String, ApiError> {
    let (path, name) = (call.params.get("Path").unwrap_or("/"), call.required("PolicyName")?);
    Ok(call.state.arn(&format!("policy{path}{name}")))
}

fn subject(call: &Call<'_>) -> Result<Subject, ApiError> {
    let arn = call.required("PolicyArn")?;
    let valid = arn.starts_with("arn:aws:iam::") && arn.contains(":policy/");
    if !valid {
        return Err(ApiError::validation(format!("ARN {arn} is not valid.")));
    }
    let subject = Subject::of(arn);
    Ok(match call.state.policy(arn) {
        Some(policy) => subject.tagged(&policy.tags),
        None => subject,
    })
}

/// The policy that the call names.
fn policy<'c>(call: &Call<'c>) -> Result<&'c Arc<ManagedPolicy>, ApiError> {
    let arn = call.required("PolicyArn")?;
    call.state.policy(arn).ok_or_else(|| ApiError::no_such_entity(format!("Policy {arn} was not found.")))
}

/// The same, if it is the account's own.
fn own<'c>(call: &Call<'c>) -> Result<&'c Arc<ManagedPolicy>, ApiError> {
    let policy = policy(call)?;
    if policy.is_of_aws() {
        return Err(ApiError::access_denied("Cannot modify a policy of AWS."));
    }
    Ok(policy)
}

fn document(text: &str) -> Result<(), ApiError> {
    policy_text::check(text, PolicyType::Identity)?;
    if policy_text::size(text) > SIZE_QUOTA {
        return Err(ApiError::limit_exceeded(format!("Cannot exceed quota for PolicySize: {SIZE_QUOTA}")));
    }
    Ok(())
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let (arn, name) = (new_arn(call)?, call.required("PolicyName")?);
    // Names are unique whatever their path.
    let same = |policy: &&Arc<ManagedPolicy>| !policy.is_of_aws() && policy.name.eq_ignore_ascii_case(name);
    if call.state.policies().any(|policy| same(&policy)) {
        return Err(ApiError::entity_already_exists(format!(
            "A policy called {name} already exists. Duplicate names are not allowed."
        ))
        .into());
    }
    if call.state.policies().filter(|policy| !policy.is_of_aws()).count() >= MOST_POLICIES {
        let why = format!("Cannot exceed quota for PoliciesPerAccount: {MOST_POLICIES}");
        return Err(ApiError::limit_exceeded(why).into());
    }
    let text = call.required("PolicyDocument")?;
    document(text)?;
    let policy = ManagedPolicy {
        arn,
        id: unique_id(Prefix::ManagedPolicy, call.entropy)?,
        name: name.to_owned(),
        path: call.params.get("Path").unwrap_or("/").to_owned(),
        description: call.params.get("Description").map(str::to_owned),
        created: call.now(),
        updated: call.now(),
        versions: vec![PolicyVersion { id: "v1".to_owned(), document: text.into(), created: call.now() }],
        default_version: "v1".to_owned(),
        next_version: 2,
        tags: tags::checked(call.tags())?,
    };
    let xml = Xml::new().inside("Policy", &shape::whole_policy(&policy, call.state));
    Answer::made([policy.into()], xml)
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    Answer::read(Xml::new().inside("Policy", &shape::whole_policy(policy(call)?, call.state)))
}

fn list(call: &Call<'_>, _: Permit) -> Handled {
    let params = call.params;
    let scope = params.get("Scope").unwrap_or("All");
    let prefix = params.get("PathPrefix").unwrap_or("/");
    let only_attached = params.flag("OnlyAttached").unwrap_or(false);
    let usage = params.get("PolicyUsageFilter");
    let wanted = |policy: &&Arc<ManagedPolicy>| {
        let (attached, bounds) = call.state.attachment_counts(&policy.arn);
        let used = match usage {
            Some("PermissionsBoundary") => bounds > 0,
            Some(_) => attached > 0,
            None => attached + bounds > 0,
        };
        (scope == "All" || (scope == "AWS") == policy.is_of_aws())
            && policy.path.starts_with(prefix)
            && (used || !only_attached && usage.is_none())
    };
    let policies = call.state.policies().filter(wanted).map(|policy| (policy.arn.clone(), policy));
    let page = page(params, policies)?;
    let policies = page.items.iter().map(|policy| shape::policy(policy, call.state));
    Answer::read(page.finish(Xml::new().list("Policies", policies)))
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    let policy = own(call)?;
    if call.state.attachment_counts(&policy.arn) != (0, 0) {
        return Err(ApiError::delete_conflict("Cannot delete a policy attached to entities.").into());
    }
    if policy.versions.len() > 1 {
        let why = "This policy has more than one version. Before you delete a policy, you must delete the policy's \
                   versions. The default version is deleted with the policy.";
        return Err(ApiError::delete_conflict(why).into());
    }
    Answer::done([Change::Remove(Kind::Policy, policy.arn.clone())])
}

fn create_version(call: &Call<'_>, _: Permit) -> Handled {
    let mut policy = ManagedPolicy::clone(own(call)?);
    let text = call.required("PolicyDocument")?;
    document(text)?;
    if policy.versions.len() >= MOST_VERSIONS {
        let why = "A managed policy can have up to 5 versions. Before you create a new version, you must delete an \
                   existing version.";
        return Err(ApiError::limit_exceeded(why).into());
    }
    let version =
        PolicyVersion { id: format!("v{}", policy.next_version), document: text.into(), created: call.now() };
    policy.next_version += 1;
    policy.updated = call.now();
    if call.params.flag("SetAsDefault") == Some(true) {
        policy.default_version.clone_from(&version.id);
    }
    let xml = Xml::new()
        .text("VersionId", &version.id)
        .flag("IsDefaultVersion", policy.default_version == version.id)
        .time("CreateDate", version.created);
    policy.versions.push(version);
    Answer::made([policy.into()], Xml::new().inside("PolicyVersion", &xml))
}

/// The version that the call names.
fn version<'p>(policy: &'p ManagedPolicy, call: &Call<'_>) -> Result<&'p PolicyVersion, ApiError> {
    let id = call.required("VersionId")?;
    let unknown = || {
        ApiError::no_such_entity(format!(
            "Policy {} version {id} does not exist or is not attachable.",
            policy.arn
        ))
    };
    policy.version(id).ok_or_else(unknown)
}

fn get_version(call: &Call<'_>, _: Permit) -> Handled {
    let policy = policy(call)?;
    let version = version(policy, call)?;
    let xml = Xml::new().document("Document", &version.document).then(&summary(policy, version));
    Answer::read(Xml::new().inside("PolicyVersion", &xml))
}

fn summary(policy: &ManagedPolicy, version: &PolicyVersion) -> Xml {
    Xml::new()
        .text("VersionId", &version.id)
        .flag("IsDefaultVersion", policy.default_version == version.id)
        .time("CreateDate", version.created)
}

fn list_versions(call: &Call<'_>, _: Permit) -> Handled {
    let policy = policy(call)?;
    // The newest first, as AWS lists them; there are at most five.
    let number = |id: &str| id.strip_prefix('v').and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
    let key = |id: &str| format!("{:020}", u64::MAX - number(id));
    let versions = policy.versions.iter().map(|version| (key(&version.id), version));
    let page = page(call.params, versions)?;
    let versions = page.items.iter().map(|version| summary(policy, version));
    Answer::read(page.finish(Xml::new().list("Versions", versions)))
}

fn set_default(call: &Call<'_>, _: Permit) -> Handled {
    let policy = own(call)?;
    let id = version(policy, call)?.id.clone();
    Answer::done([
        ManagedPolicy { default_version: id, updated: call.now(), ..ManagedPolicy::clone(policy) }.into()
    ])
}

fn delete_version(call: &Call<'_>, _: Permit) -> Handled {
    let mut policy = ManagedPolicy::clone(own(call)?);
    let id = version(&policy, call)?.id.clone();
    if policy.default_version == id {
        return Err(ApiError::delete_conflict("Cannot delete the default version of a policy.").into());
    }
    policy.versions.retain(|version| version.id != id);
    policy.updated = call.now();
    Answer::done([policy.into()])
}

fn entities(call: &Call<'_>, _: Permit) -> Handled {
    let arn = &policy(call)?.arn;
    let (filter, usage) = (call.params.get("EntityFilter"), call.params.get("PolicyUsageFilter"));
    let prefix = call.params.get("PathPrefix").unwrap_or("/");
    let holds = |managed: &[String], boundary: Option<&str>, path: &str| {
        let attached = usage != Some("PermissionsBoundary") && managed.contains(arn);
        let bounds = usage != Some("PermissionsPolicy") && boundary == Some(arn);
        path.starts_with(prefix) && (attached || bounds)
    };
    let wants = |kind: &str| filter.is_none_or(|filter| filter == kind);
    let mut found: Vec<(String, (char, Xml))> = Vec::new();
    for group in call.state.groups().filter(|_| wants("Group")) {
        if holds(&group.attachments.managed, None, &group.path) {
            let xml = Xml::new().text("GroupName", &group.name).text("GroupId", &group.id);
            found.push((format!("g{}", group.name.to_ascii_lowercase()), ('g', xml)));
        }
    }
    for role in call.state.roles().filter(|_| wants("Role")) {
        if holds(&role.attachments.managed, role.boundary.as_deref(), &role.path) {
            let xml = Xml::new().text("RoleName", &role.name).text("RoleId", &role.id);
            found.push((format!("r{}", role.name.to_ascii_lowercase()), ('r', xml)));
        }
    }
    for user in call.state.users().filter(|_| wants("User")) {
        if holds(&user.attachments.managed, user.boundary.as_deref(), &user.path) {
            let xml = Xml::new().text("UserName", &user.name).text("UserId", &user.id);
            found.push((format!("u{}", user.name.to_ascii_lowercase()), ('u', xml)));
        }
    }
    let page = page(call.params, found)?;
    let of = |kind: char| page.items.iter().filter(move |(of, _)| *of == kind).map(|(_, xml)| xml.clone());
    let xml =
        Xml::new().list("PolicyGroups", of('g')).list("PolicyUsers", of('u')).list("PolicyRoles", of('r'));
    Answer::read(page.finish(xml))
}
