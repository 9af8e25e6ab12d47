//! CloudFormation, SAM and CDK templates: which properties of which resources are policies.

use std::collections::HashMap;

use twokeys::json::{Node, Value};
use twokeys::policy::PolicyType;

use super::finder::{About, Finder};
use super::node::{At, get, items, members, text, text_of, walk};
use crate::intake::found::Accepted;

/// A property that is a policy.
struct Row {
    resource: &'static str,
    path: &'static str,
    kind: PolicyType,
    /// Whose policy it is, for policies of resources.
    service: &'static str,
    whose: Whose,
}

/// Whose permissions a policy states.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Not those of an identity.
    Nobody,
    /// Those of the resource it stands in: `user`, `group`, `role`.
    Own(&'static str),
    /// Those of the ones that `Users`, `Groups` and `Roles` name.
    Listed,
}

const fn row(resource: &'static str, path: &'static str, kind: PolicyType, service: &'static str) -> Row {
    Row { resource, path, kind, service, whose: Whose::Nobody }
}

const fn held(resource: &'static str, path: &'static str, whose: Whose) -> Row {
    Row { resource, path, kind: PolicyType::Identity, service: "", whose }
}

use PolicyType::{Endpoint, Resource, Trust};

const ROWS: &[Row] = &[
    held("AWS::IAM::Policy", "PolicyDocument", Whose::Listed),
    held("AWS::IAM::ManagedPolicy", "PolicyDocument", Whose::Listed),
    held("AWS::IAM::UserPolicy", "PolicyDocument", Whose::Listed),
    held("AWS::IAM::GroupPolicy", "PolicyDocument", Whose::Listed),
    held("AWS::IAM::RolePolicy", "PolicyDocument", Whose::Listed),
    held("AWS::IAM::User", "Policies[].PolicyDocument", Whose::Own("user")),
    held("AWS::IAM::Group", "Policies[].PolicyDocument", Whose::Own("group")),
    held("AWS::IAM::Role", "Policies[].PolicyDocument", Whose::Own("role")),
    held("AWS::SSO::PermissionSet", "InlinePolicy", Whose::Own("role")),
    row("AWS::IAM::Role", "AssumeRolePolicyDocument", Trust, ""),
    row("AWS::Serverless::Function", "AssumeRolePolicyDocument", Trust, ""),
    row("AWS::ApiGateway::RestApi", "Policy", Resource, "execute-api"),
    row("AWS::Backup::BackupVault", "AccessPolicy", Resource, "backup"),
    row("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument", Resource, "codeartifact"),
    row("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument", Resource, "codeartifact"),
    row("AWS::DynamoDB::Table", "ResourcePolicy.PolicyDocument", Resource, "dynamodb"),
    row("AWS::EC2::VPCEndpoint", "PolicyDocument", Endpoint, ""),
    row("AWS::ECR::Repository", "RepositoryPolicyText", Resource, "ecr"),
    row("AWS::EFS::FileSystem", "FileSystemPolicy", Resource, "elasticfilesystem"),
    row("AWS::Elasticsearch::Domain", "AccessPolicies", Resource, "es"),
    row("AWS::Events::EventBus", "Policy", Resource, "events"),
    row("AWS::Events::EventBusPolicy", "Statement", Resource, "events"),
    row("AWS::KMS::Key", "KeyPolicy", Resource, "kms"),
    row("AWS::KMS::ReplicaKey", "KeyPolicy", Resource, "kms"),
    row("AWS::Kinesis::ResourcePolicy", "ResourcePolicy", Resource, "kinesis"),
    row("AWS::Logs::ResourcePolicy", "PolicyDocument", Resource, "logs"),
    row("AWS::OpenSearchService::Domain", "AccessPolicies", Resource, "es"),
    row("AWS::S3::AccessPoint", "Policy", Resource, "s3"),
    row("AWS::S3::BucketPolicy", "PolicyDocument", Resource, "s3"),
    row("AWS::SNS::TopicPolicy", "PolicyDocument", Resource, "sns"),
    row("AWS::SQS::QueuePolicy", "PolicyDocument", Resource, "sqs"),
    row("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", Resource, "secretsmanager"),
];

/// Is this a template?
pub(super) fn is_one(root: &Node<'_>) -> bool {
    let has_type = |resource: &Node<'_>| text_of(resource, "Type").is_some_and(|name| name.contains("::"));
    get(root, "AWSTemplateFormatVersion").is_some()
        || get(root, "Resources")
            .is_some_and(|resources| members(resources).iter().any(|member| has_type(&member.value)))
}

/// Takes the policies of a template.
pub(super) fn find(root: &Node<'_>, finder: &mut Finder<'_>) {
    let none = [];
    let resources = get(root, "Resources").map_or(&none[..], members);
    let named = resources.iter().map(|member| {
        (member.key.to_string(), text_of(&member.value, "Type").unwrap_or_default().to_owned())
    });
    finder.in_template(named.collect());
    let attachments = Attachments::of(resources.iter().map(|member| (member.key.as_ref(), &member.value)));
    for resource in resources {
        let here = format!("$.Resources.{}", resource.key);
        let Some(kind) = text_of(&resource.value, "Type") else { continue };
        let Some(properties) = get(&resource.value, "Properties") else { continue };
        let resource = Construct {
            name: text_of_path(&resource.value).unwrap_or(&resource.key).to_owned(),
            logical: &resource.key,
            accepted: accepted(&resource.value),
            here: format!("{here}.Properties"),
            properties,
        };
        resource.find(kind, &attachments, finder);
    }
    if let Some(properties) = get(root, "Globals").and_then(|globals| get(globals, "Function")) {
        let (name, here) = ("Globals".to_owned(), "$.Globals.Function".to_owned());
        let globals = Construct { name, logical: "Globals", accepted: Vec::new(), here, properties };
        globals.find("AWS::Serverless::Function", &attachments, finder);
    }
}

/// One resource.
struct Construct<'n, 't> {
    /// The path of the CDK's construct, or the logical name.
    name: String,
    logical: &'n str,
    accepted: Vec<Accepted>,
    here: String,
    properties: &'n Node<'t>,
}

impl Construct<'_, '_> {
    fn find(&self, resource: &str, attachments: &Attachments, finder: &mut Finder<'_>) {
        for row in ROWS.iter().filter(|row| row.resource == resource) {
            for At { parent, value, path } in walk(self.properties, row.path, &self.here) {
                let attached_to = match row.whose {
                    Whose::Nobody => Vec::new(),
                    Whose::Own(kind) => vec![format!("{kind}/{}", self.logical)],
                    Whose::Listed => attachments.holders(self.logical, self.properties),
                };
                let is_boundary =
                    attached_to.is_empty() && attachments.boundaries.iter().any(|name| name == self.logical);
                let name = match text_of(parent, "PolicyName") {
                    Some(inline) if row.path.contains('[') => format!("{}/{inline}", self.name),
                    _ => self.name.clone(),
                };
                let about = About {
                    kind: Some(if is_boundary { PolicyType::Boundary } else { row.kind }),
                    service: (!row.service.is_empty()).then(|| row.service.to_owned()),
                    name: Some(name),
                    path,
                    attached_to,
                    accepted: self.accepted.clone(),
                };
                if row.path == "Statement" {
                    finder.statement(value, about);
                } else {
                    finder.take(value, about);
                }
            }
        }
        match resource {
            "AWS::Organizations::Policy" => self.organization(finder),
            "AWS::Serverless::Api" => self.api(finder),
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => self.serverless(finder),
            _ => {}
        }
    }

    fn about(&self, kind: PolicyType, path: String) -> About {
        About {
            kind: Some(kind),
            name: Some(self.name.clone()),
            path,
            accepted: self.accepted.clone(),
            ..About::default()
        }
    }

    fn organization(&self, finder: &mut Finder<'_>) {
        let kind = match text_of(self.properties, "Type") {
            Some("SERVICE_CONTROL_POLICY") => PolicyType::ServiceControl,
            Some("RESOURCE_CONTROL_POLICY") => PolicyType::ResourceControl,
            _ => return,
        };
        for At { value, path, .. } in walk(self.properties, "Content", &self.here) {
            finder.take(value, self.about(kind, path));
        }
    }

    /// SAM puts the policy of an API together from statements.
    fn api(&self, finder: &mut Finder<'_>) {
        const STATEMENTS: &str = "Auth.ResourcePolicy.CustomStatements";
        let mut entries = walk(self.properties, &format!("{STATEMENTS}[]"), &self.here);
        if entries.is_empty() {
            entries = walk(self.properties, STATEMENTS, &self.here);
        }
        for At { value, path, .. } in entries {
            let service = Some("execute-api".to_owned());
            finder.statement(value, About { service, ..self.about(Resource, path) });
        }
    }

    /// SAM takes names of managed policies, its own templates of policies, statements and documents.
    fn serverless(&self, finder: &mut Finder<'_>) {
        let mut entries = walk(self.properties, "Policies[]", &self.here);
        if entries.is_empty() {
            entries = walk(self.properties, "Policies", &self.here);
        }
        for At { value, path, .. } in entries {
            let about = About {
                attached_to: vec![format!("role/{}", self.logical)],
                ..self.about(PolicyType::Identity, path)
            };
            if get(value, "Statement").is_some() {
                finder.take(value, about);
            } else if get(value, "Effect").is_some() {
                finder.statement(value, about);
            }
        }
    }
}

fn text_of_path<'n>(resource: &'n Node<'_>) -> Option<&'n str> {
    get(resource, "Metadata").and_then(|metadata| text_of(metadata, "aws:cdk:path"))
}

/// Which managed policies the identities of the template name.
struct Attachments {
    /// From a policy's logical name to holders.
    policies: HashMap<String, Vec<String>>,
    /// Policies that somebody has as boundary.
    boundaries: Vec<String>,
}

impl Attachments {
    fn of<'n, 't: 'n>(resources: impl Iterator<Item = (&'n str, &'n Node<'t>)>) -> Self {
        let mut all = Self { policies: HashMap::new(), boundaries: Vec::new() };
        for (name, resource) in resources {
            let holder = match text_of(resource, "Type") {
                Some("AWS::IAM::User") => "user",
                Some("AWS::IAM::Group") => "group",
                Some("AWS::IAM::Role") => "role",
                _ => continue,
            };
            let Some(properties) = get(resource, "Properties") else { continue };
            for arn in get(properties, "ManagedPolicyArns").map_or(&[][..], items) {
                if let Some(policy) = referred(arn) {
                    all.policies.entry(policy.to_owned()).or_default().push(format!("{holder}/{name}"));
                }
            }
            all.boundaries
                .extend(get(properties, "PermissionsBoundary").and_then(referred).map(str::to_owned));
        }
        all
    }

    fn holders(&self, logical: &str, properties: &Node<'_>) -> Vec<String> {
        let mut holders = self.policies.get(logical).cloned().unwrap_or_default();
        for (list, single, kind) in
            [("Users", "UserName", "user"), ("Groups", "GroupName", "group"), ("Roles", "RoleName", "role")]
        {
            let one = get(properties, single);
            for holder in get(properties, list).map_or(&[][..], items).iter().chain(one) {
                // A name that is not known is still that of a user, a group, a role.
                let name = referred(holder).or_else(|| text(holder));
                holders.push(name.map_or_else(|| kind.to_owned(), |name| format!("{kind}/{name}")));
            }
        }
        holders.sort();
        holders.dedup();
        holders
    }
}

/// The resource that `Ref` or `Fn::GetAtt` names.
fn referred<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    if let Some(name) = text_of(node, "Ref") {
        return Some(name);
    }
    let attribute = get(node, "Fn::GetAtt")?;
    let path = text(attribute).or_else(|| items(attribute).first().and_then(text))?;
    path.split('.').next()
}

/// `Metadata: {twokeys: {ignore: [{code, reason, until, sid}]}}`
fn accepted(resource: &Node<'_>) -> Vec<Accepted> {
    let Some(own) = get(resource, "Metadata").and_then(|metadata| get(metadata, "twokeys")) else {
        return Vec::new();
    };
    let entries = get(own, "ignore").map_or(&[][..], |list| match &list.value {
        Value::Array(entries) => entries,
        _ => std::slice::from_ref(list),
    });
    let accepted = entries.iter().map(|entry| Accepted {
        by: "metadata",
        code: text_of(entry, "code").or_else(|| text(entry)).unwrap_or_default().to_owned(),
        sid: text_of(entry, "sid").map(str::to_owned),
        reason: text_of(entry, "reason").map(str::to_owned),
        until: text_of(entry, "until").map(str::to_owned),
        span: entry.span,
        within: None,
    });
    accepted.collect()
}
