//! Generated worlds, made ready for the engine.

use std::sync::Arc;

use twokeys::engine::{Options, PolicySet, Prepared};
use twokeys::policy::{Policy, PolicyType};
use twokeys_naive::World;

/// The world as a policy set of the engine.
pub(crate) fn ready(world: &World) -> PolicySet {
    let prepare =
        |kind: PolicyType, policy: &Policy| Prepared::new(kind.as_str(), policy.clone(), kind).unwrap();
    let level = |kind, list: &[Policy]| -> Vec<Arc<Prepared>> {
        list.iter().map(|policy| prepare(kind, policy)).collect()
    };
    let mut builder = PolicySet::builder().options(Options {
        exempt_actions: !world.without_exempt_actions,
        resource_policy_mandatory: world.mandatory_services.clone(),
    });
    for policy in &world.identity {
        builder = builder.identity(prepare(PolicyType::Identity, policy));
    }
    if let Some(policy) = &world.boundary {
        builder = builder.boundary(prepare(PolicyType::Boundary, policy));
    }
    for policy in &world.session {
        builder = builder.session(prepare(PolicyType::Session, policy));
    }
    if let Some(policy) = &world.resource {
        builder = builder.resource(prepare(PolicyType::Resource, policy));
    }
    for policies in &world.scps {
        builder = builder.scp_level(level(PolicyType::ServiceControl, policies));
    }
    for policies in &world.rcps {
        builder = builder.rcp_level(level(PolicyType::ResourceControl, policies));
    }
    if let Some(policy) = &world.endpoint {
        builder = builder.endpoint(prepare(PolicyType::Endpoint, policy));
    }
    builder.build().unwrap()
}

/// All policies of a world, to be changed.
pub(crate) fn policies_of(world: &mut World) -> Vec<&mut Policy> {
    let levels = world.scps.iter_mut().chain(&mut world.rcps).flatten();
    let lists = world.identity.iter_mut().chain(&mut world.session);
    let single = world.boundary.iter_mut().chain(&mut world.resource).chain(&mut world.endpoint);
    lists.chain(levels).chain(single).collect()
}
