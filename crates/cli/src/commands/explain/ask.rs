//! Small questions put to the engine, so that no table here is typed by hand.

use std::sync::Arc;

use serde_json::json;
use twokeys::engine::{Layer, PolicySet, Prepared, Truth, evaluate, explain};
use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{Context, Principal, Request};

/// Does a condition of this one test hold? `None` only if the test makes no policy.
pub(super) fn holds(operator: &str, key: &str, value: &str, context: Context) -> Option<bool> {
    let document = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: value}}}});
    let policy = Policy::parse(&document.to_string()).ok()?;
    let policy = Prepared::new("table", policy, PolicyType::Identity).ok()?;
    let set = PolicySet::builder().identity(policy).build().ok()?;
    let request = request("arn:aws:iam::111122223333:user/example", context)?;
    Some(evaluate(&set, &request).decision().is_allowed())
}

/// Is a policy of this layer looked at when such a principal asks? (EV-011)
pub(super) fn consults(layer: Layer, principal: &str) -> Option<bool> {
    let policy = |kind, principal: Option<&str>| -> Option<Arc<Prepared>> {
        let mut statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*"});
        if let (Some(principal), Some(members)) = (principal, statement.as_object_mut()) {
            members.insert("Principal".to_owned(), principal.into());
        }
        let document = json!({"Version": "2012-10-17", "Statement": statement});
        Prepared::new("table", Policy::parse(&document.to_string()).ok()?, kind).ok()
    };
    let (all, none) = (Some("*"), None);
    let builder = PolicySet::builder();
    let builder = match layer {
        Layer::Identity => builder.identity(policy(PolicyType::Identity, none)?),
        Layer::Boundary => builder.boundary(policy(PolicyType::Boundary, none)?),
        Layer::Session => builder.session(policy(PolicyType::Session, none)?),
        Layer::Resource => builder.resource(policy(PolicyType::Resource, all)?),
        Layer::Endpoint => builder.endpoint(policy(PolicyType::Endpoint, all)?),
        Layer::Scp => builder.scp_level([policy(PolicyType::ServiceControl, none)?]),
        Layer::Rcp => builder.rcp_level([policy(PolicyType::ResourceControl, all)?]),
        Layer::Credential | Layer::Exempt | Layer::Root => return None,
    };
    let explanation = explain(&builder.build().ok()?, &request(principal, Context::default())?);
    explanation.statements().first().map(|trace| trace.consulted && trace.truth == Truth::True)
}

fn request(principal: &str, context: Context) -> Option<Request> {
    let (principal, role) = match principal.split_once(" of ") {
        Some((session, role)) => (session, role.parse().ok()),
        None => (principal, None),
    };
    let mut principal: Principal = principal.parse().ok()?;
    principal.details.role_arn = role;
    let (action, resource) = ("s3:GetObject".parse().ok()?, "arn:aws:s3:::example/key".parse().ok()?);
    Some(Request::new(principal, action, resource, context))
}
