//! What tests share that put policies together and ask: files of `policies/`, MFA states, one question.

use std::fs;
use std::sync::Arc;

use twokeys::engine::{Decision, PolicySet, Prepared, evaluate};
use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{ContextBuilder, MfaState, Request};

pub(crate) const ALICE: &str = "arn:aws:iam::111122223333:user/alice";

/// A policy for its place.
pub(crate) type Placed = (PolicyType, Arc<Prepared>);

/// Makes a text ready for its place, or says why it cannot be.
pub(crate) fn prepared(text: &str, kind: PolicyType) -> Result<Arc<Prepared>, String> {
    let policy = Policy::parse(text).map_err(|errors| errors.first().to_string())?;
    Prepared::new(kind.as_str(), policy, kind).map_err(|errors| errors.first().to_string())
}

/// An identity policy that must be fine.
pub(crate) fn identity(text: &str) -> Placed {
    (PolicyType::Identity, prepared(text, PolicyType::Identity).unwrap_or_else(|why| panic!("{why}: {text}")))
}

/// A file of `policies/`.
pub(crate) fn file(name: &str, kind: PolicyType) -> Placed {
    let text =
        fs::read_to_string(format!("policies/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"));
    (kind, prepared(&text, kind).unwrap_or_else(|why| panic!("{name}: {why}")))
}

/// All policies in their places; those of an organization form one level.
pub(crate) fn set(policies: &[Placed]) -> PolicySet {
    use PolicyType::{
        Boundary, Endpoint, Identity, Resource, ResourceControl, ServiceControl, Session, Trust,
    };
    let level = |wanted: PolicyType| -> Vec<Arc<Prepared>> {
        policies.iter().filter(|(kind, _)| *kind == wanted).map(|(_, policy)| policy.clone()).collect()
    };
    let mut set = PolicySet::builder();
    for (kind, policy) in policies.iter().cloned() {
        set = match kind {
            Identity => set.identity(policy),
            Boundary => set.boundary(policy),
            Session => set.session(policy),
            Resource | Trust => set.resource(policy),
            Endpoint => set.endpoint(policy),
            ServiceControl | ResourceControl => set,
        };
    }
    for (kind, scp) in [(ServiceControl, true), (ResourceControl, false)] {
        let level = level(kind);
        if !level.is_empty() {
            set = if scp { set.scp_level(level) } else { set.rcp_level(level) };
        }
    }
    set.build().unwrap()
}

/// What comes out for `who` with this context, in one state of MFA.
pub(crate) fn ask(
    set: &PolicySet,
    (who, action, resource): (&str, &str, &str),
    context: ContextBuilder,
    mfa: MfaState,
) -> Decision {
    let context = mfa.apply(context).build().unwrap();
    let asked = (who.parse().unwrap(), action.parse().unwrap(), resource.parse().unwrap());
    let mut request = Request::new(asked.0, asked.1, asked.2, context);
    // ARNs of buckets do not say whose they are; here they belong to one account.
    request.resource_account = resource.starts_with("arn:aws:s3:").then(|| "111122223333".parse().unwrap());
    evaluate(set, &request).decision()
}

/// The calls with which a user of this account registers a first device (MF-018).
pub(crate) fn enrollment(user: &str) -> [(&'static str, String); 4] {
    let device = user.replace(":user/", ":mfa/");
    [
        ("iam:CreateVirtualMFADevice", device),
        ("iam:EnableMFADevice", user.to_owned()),
        ("iam:ListMFADevices", user.to_owned()),
        ("iam:ListVirtualMFADevices", "*".to_owned()),
    ]
}
