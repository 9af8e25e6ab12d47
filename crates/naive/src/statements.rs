//! EV-003: does a statement match, does it not, or does nobody know?

use std::collections::BTreeSet;

use twokeys::policy::{Effect, Policy, Statement};
use twokeys::request::{KeyState, Request};

use crate::actions::action_part_matches;
use crate::conditions::condition_holds;
use crate::maybe::Maybe;
use crate::principals::{Level, principal_part_level};
use crate::resources::resource_part_matches;
use crate::variables::keys_named;
use crate::world::Layer;

/// A statement of an applicable policy, held against the request.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) layer: Layer,
    pub(crate) effect: Effect,
    /// Does it match?
    pub(crate) truth: Maybe,
    /// How closely its principal part names the requester (PR-002).
    pub(crate) level: Level,
    /// If that is undecided, the unknown keys that it asks for.
    pub(crate) unknown_keys: BTreeSet<String>,
}

/// EV-003: all four parts must be true.
pub(crate) fn judge(
    layer: Layer,
    policy: &Policy,
    statement: &Statement,
    has_boundary: bool,
    request: &Request,
) -> Judged {
    let effect = statement.effect.value;
    let variables = policy.has_variables(); // PA-006
    let level = match &statement.principal {
        Some(part) => principal_part_level(part, effect, has_boundary, &request.principal),
        // PA-017, PA-019: only types without principals may lack the part.
        None if layer.has_principals() => Level::None,
        None => Level::Direct,
    };
    let resource = resource_part_matches(
        statement.resource.as_ref(),
        layer.policy_type(),
        variables,
        &request.resource,
        &request.context,
    );
    let truth = Maybe::all([
        Maybe::known(level != Level::None),
        Maybe::known(action_part_matches(&statement.action, &request.action)),
        resource,
        condition_holds(&statement.condition, variables, &request.context),
    ]);
    let unknown_keys =
        if truth == Maybe::EITHER { unknown_keys(statement, variables, request) } else { BTreeSet::new() };
    Judged { layer, effect, truth, level, unknown_keys }
}

/// The keys of conditions and variables that are unknown, in lower case.
fn unknown_keys(statement: &Statement, variables: bool, request: &Request) -> BTreeSet<String> {
    let mut keys = Vec::new();
    let mut texts: Vec<&str> = Vec::new();
    for test in statement.condition.iter().flat_map(|block| &block.tests) {
        keys.push(test.key.value.clone());
        texts.extend(test.values.iter().map(|value| value.text.as_str()));
    }
    texts.extend(statement.resource.iter().flat_map(|part| &part.entries).map(|entry| entry.value.as_str()));
    if variables {
        keys.extend(texts.into_iter().flat_map(keys_named));
    }
    keys.retain(|key| request.context.get(key) == KeyState::Unknown);
    keys.into_iter().map(|key| key.to_ascii_lowercase()).collect()
}
