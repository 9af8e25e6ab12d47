//! What `terraform show -json` prints of a plan or a state: policies are JSON texts in strings.

use std::collections::HashSet;

use twokeys::json::{Node, Value};
use twokeys::policy::PolicyType;

use super::finder::{About, Finder};
use super::node::{At, get, items, text_of, walk};

/// An attribute that is a policy.
struct Row {
    resource: &'static str,
    path: &'static str,
    kind: PolicyType,
    service: &'static str,
    /// The kind of identity and the attribute that names it.
    holder: Option<(&'static str, &'static str)>,
}

const fn row(resource: &'static str, path: &'static str, kind: PolicyType, service: &'static str) -> Row {
    Row { resource, path, kind, service, holder: None }
}

const fn held(resource: &'static str, path: &'static str, kind: &'static str, name: &'static str) -> Row {
    Row { resource, path, kind: Identity, service: "", holder: Some((kind, name)) }
}

use PolicyType::{Endpoint, Identity, Resource, Session, Trust};

const ROWS: &[Row] = &[
    row("aws_iam_policy", "policy", Identity, ""),
    held("aws_iam_user_policy", "policy", "user", "user"),
    held("aws_iam_group_policy", "policy", "group", "group"),
    held("aws_iam_role_policy", "policy", "role", "role"),
    held("aws_iam_role", "inline_policy[].policy", "role", "name"),
    row("aws_iam_role", "assume_role_policy", Trust, ""),
    held("aws_ssoadmin_permission_set_inline_policy", "inline_policy", "role", "permission_set_arn"),
    row("aws_iot_policy", "policy", Identity, ""),
    row("aws_rolesanywhere_profile", "session_policy", Session, ""),
    row("aws_transfer_access", "policy", Session, ""),
    row("aws_transfer_user", "policy", Session, ""),
    row("aws_acmpca_policy", "policy", Resource, "acm-pca"),
    row("aws_api_gateway_domain_name", "policy", Resource, "execute-api"),
    row("aws_api_gateway_rest_api", "policy", Resource, "execute-api"),
    row("aws_api_gateway_rest_api_policy", "policy", Resource, "execute-api"),
    row("aws_backup_vault_policy", "policy", Resource, "backup"),
    row("aws_cloudsearch_domain_service_access_policy", "access_policy", Resource, "cloudsearch"),
    row("aws_cloudwatch_event_bus_policy", "policy", Resource, "events"),
    row("aws_cloudwatch_log_delivery_destination_policy", "delivery_destination_policy", Resource, "logs"),
    row("aws_cloudwatch_log_destination_policy", "access_policy", Resource, "logs"),
    row("aws_cloudwatch_log_resource_policy", "policy_document", Resource, "logs"),
    row("aws_codeartifact_domain_permissions_policy", "policy_document", Resource, "codeartifact"),
    row("aws_codeartifact_repository_permissions_policy", "policy_document", Resource, "codeartifact"),
    row("aws_codebuild_resource_policy", "policy", Resource, "codebuild"),
    row("aws_dynamodb_resource_policy", "policy", Resource, "dynamodb"),
    row("aws_ecr_registry_policy", "policy", Resource, "ecr"),
    row("aws_ecr_repository_creation_template", "repository_policy", Resource, "ecr"),
    row("aws_ecr_repository_policy", "policy", Resource, "ecr"),
    row("aws_ecrpublic_repository_policy", "policy", Resource, "ecr-public"),
    row("aws_efs_file_system_policy", "policy", Resource, "elasticfilesystem"),
    row("aws_elasticsearch_domain", "access_policies", Resource, "es"),
    row("aws_elasticsearch_domain_policy", "access_policies", Resource, "es"),
    row("aws_glacier_vault", "access_policy", Resource, "glacier"),
    row("aws_glacier_vault_lock", "policy", Resource, "glacier"),
    row("aws_glue_resource_policy", "policy", Resource, "glue"),
    row("aws_kinesis_resource_policy", "policy", Resource, "kinesis"),
    row("aws_kms_external_key", "policy", Resource, "kms"),
    row("aws_kms_key", "policy", Resource, "kms"),
    row("aws_kms_key_policy", "policy", Resource, "kms"),
    row("aws_kms_replica_external_key", "policy", Resource, "kms"),
    row("aws_kms_replica_key", "policy", Resource, "kms"),
    row("aws_media_store_container_policy", "policy", Resource, "mediastore"),
    row("aws_msk_cluster_policy", "policy", Resource, "kafka"),
    row("aws_networkfirewall_resource_policy", "policy", Resource, "network-firewall"),
    row("aws_oam_sink_policy", "policy", Resource, "oam"),
    row("aws_opensearch_domain", "access_policies", Resource, "es"),
    row("aws_opensearch_domain_policy", "access_policies", Resource, "es"),
    row("aws_organizations_resource_policy", "content", Resource, "organizations"),
    row("aws_prometheus_resource_policy", "policy_document", Resource, "aps"),
    row("aws_redshift_resource_policy", "policy", Resource, "redshift"),
    row("aws_redshiftserverless_resource_policy", "policy", Resource, "redshift-serverless"),
    row("aws_s3_access_point", "policy", Resource, "s3"),
    row("aws_s3_bucket", "policy", Resource, "s3"),
    row("aws_s3_bucket_policy", "policy", Resource, "s3"),
    row("aws_s3_directory_bucket_policy", "policy", Resource, "s3express"),
    row("aws_s3control_access_grants_instance_resource_policy", "policy", Resource, "s3"),
    row("aws_s3control_access_point_policy", "policy", Resource, "s3"),
    row("aws_s3control_bucket_policy", "policy", Resource, "s3-outposts"),
    row("aws_s3control_multi_region_access_point_policy", "details[].policy", Resource, "s3"),
    row("aws_s3control_object_lambda_access_point_policy", "policy", Resource, "s3-object-lambda"),
    row("aws_s3tables_table_bucket_policy", "resource_policy", Resource, "s3tables"),
    row("aws_s3tables_table_policy", "resource_policy", Resource, "s3tables"),
    row("aws_s3vectors_vector_bucket_policy", "policy", Resource, "s3vectors"),
    row("aws_sagemaker_model_package_group_policy", "resource_policy", Resource, "sagemaker"),
    row("aws_schemas_registry_policy", "policy", Resource, "schemas"),
    row("aws_secretsmanager_secret", "policy", Resource, "secretsmanager"),
    row("aws_secretsmanager_secret_policy", "policy", Resource, "secretsmanager"),
    row("aws_ses_identity_policy", "policy", Resource, "ses"),
    row("aws_sesv2_email_identity_policy", "policy", Resource, "ses"),
    row("aws_sns_topic", "policy", Resource, "sns"),
    row("aws_sns_topic_policy", "policy", Resource, "sns"),
    row("aws_sqs_queue", "policy", Resource, "sqs"),
    row("aws_sqs_queue_policy", "policy", Resource, "sqs"),
    row("aws_vpclattice_auth_policy", "policy", Resource, "vpc-lattice"),
    row("aws_vpclattice_resource_policy", "policy", Resource, "vpc-lattice"),
    row("aws_xray_resource_policy", "policy_document", Resource, "xray"),
    row("aws_vpc_endpoint", "policy", Endpoint, ""),
    row("aws_vpc_endpoint_policy", "policy", Endpoint, ""),
];

/// Is this a plan or a state?
pub(super) fn is_one(root: &Node<'_>) -> bool {
    let state = || get(root, "values").is_some_and(|values| get(values, "root_module").is_some());
    get(root, "planned_values").is_some() || get(root, "resource_changes").is_some() || state()
}

/// Takes the policies of a plan or a state.
pub(super) fn find(root: &Node<'_>, finder: &mut Finder<'_>) {
    let mut plan = Plan { finder, seen: HashSet::new() };
    for values in ["planned_values", "values"] {
        let module = get(root, values).and_then(|values| get(values, "root_module"));
        if let Some(module) = module {
            plan.module(module, &format!("$.{values}.root_module"));
        }
    }
    for (index, change) in get(root, "resource_changes").map_or(&[][..], items).iter().enumerate() {
        plan.change(change, &format!("$.resource_changes[{index}]"));
    }
}

struct Plan<'p, 'f> {
    finder: &'p mut Finder<'f>,
    /// Addresses whose values were looked at.
    seen: HashSet<String>,
}

impl Plan<'_, '_> {
    fn module(&mut self, module: &Node<'_>, here: &str) {
        for (index, resource) in get(module, "resources").map_or(&[][..], items).iter().enumerate() {
            if let Some(values) = get(resource, "values") {
                self.resource(resource, values, &format!("{here}.resources[{index}].values"));
            }
        }
        for (index, child) in get(module, "child_modules").map_or(&[][..], items).iter().enumerate() {
            self.module(child, &format!("{here}.child_modules[{index}]"));
        }
    }

    fn change(&mut self, resource: &Node<'_>, here: &str) {
        let Some(change) = get(resource, "change") else { return };
        let Some(address) = text_of(resource, "address") else { return };
        if let Some(unknown) = get(change, "after_unknown") {
            for row in rows(resource) {
                for At { value, path, .. } in walk(unknown, row.path, &format!("{here}.change.after_unknown"))
                {
                    if value.value == Value::Bool(true) {
                        let about = About { name: Some(address.to_owned()), path, ..About::default() };
                        self.finder.unknown(value.span, "known after apply", &about);
                    }
                }
            }
        }
        if !self.seen.contains(address)
            && let Some(after) = get(change, "after")
        {
            self.resource(resource, after, &format!("{here}.change.after"));
        }
    }

    fn resource(&mut self, resource: &Node<'_>, values: &Node<'_>, here: &str) {
        // What only was read is not what the plan makes.
        if text_of(resource, "mode") == Some("data") {
            return;
        }
        let address = text_of(resource, "address").unwrap_or_default();
        self.seen.insert(address.to_owned());
        for row in rows(resource) {
            for At { parent, value, path } in walk(values, row.path, here) {
                let holder = row.holder.map(|(kind, name)| match text_of(values, name) {
                    Some(name) => format!("{kind}/{name}"),
                    None => kind.to_owned(),
                });
                let inline = row.path.contains('[').then(|| text_of(parent, "name")).flatten();
                let about = About {
                    kind: Some(row.kind),
                    service: (!row.service.is_empty()).then(|| row.service.to_owned()),
                    name: Some(inline.map_or_else(|| address.to_owned(), |name| format!("{address}/{name}"))),
                    path,
                    attached_to: holder.into_iter().collect(),
                    accepted: Vec::new(),
                };
                self.finder.take(value, about);
            }
        }
        if text_of(resource, "type") == Some("aws_organizations_policy") {
            let kind = match text_of(values, "type") {
                None | Some("SERVICE_CONTROL_POLICY") => PolicyType::ServiceControl,
                Some("RESOURCE_CONTROL_POLICY") => PolicyType::ResourceControl,
                Some(_) => return,
            };
            for At { value, path, .. } in walk(values, "content", here) {
                let about =
                    About { kind: Some(kind), name: Some(address.to_owned()), path, ..About::default() };
                self.finder.take(value, about);
            }
        }
    }
}

fn rows<'n>(resource: &'n Node<'_>) -> impl Iterator<Item = &'static Row> + use<'n> {
    let kind = text_of(resource, "type").unwrap_or_default().to_owned();
    ROWS.iter().filter(move |row| row.resource == kind)
}
