//! Policies in layers.

use twokeys::policy::{ParseErrors, Policy};

use super::dice::Dice;
use super::policies::{Focus, Shape, constant, policy};
use super::scene::Scene;
use crate::World;

/// A [`World`] as texts.
#[derive(Debug, Clone, Default)]
pub struct WorldDraft {
    /// Identity policies.
    pub identity: Vec<String>,
    /// The boundary.
    pub boundary: Option<String>,
    /// Session policies.
    pub session: Vec<String>,
    /// The resource's policy.
    pub resource: Option<String>,
    /// Levels of service control policies.
    pub scps: Vec<Vec<String>>,
    /// Levels of resource control policies.
    pub rcps: Vec<Vec<String>>,
    /// The endpoint's policy.
    pub endpoint: Option<String>,
    /// Is EV-096 turned off?
    pub without_exempt_actions: bool,
    /// Services of EV-046.
    pub mandatory_services: Vec<String>,
}

impl WorldDraft {
    /// Reads all texts. Fails only if one was changed into something that is no policy.
    pub fn read(&self) -> Result<World, ParseErrors> {
        let one = |text: &Option<String>| text.as_deref().map(Policy::parse).transpose();
        let list = |texts: &Vec<String>| -> Result<Vec<Policy>, ParseErrors> {
            texts.iter().map(|text| Policy::parse(text)).collect()
        };
        let levels =
            |levels: &[Vec<String>]| -> Result<Vec<_>, ParseErrors> { levels.iter().map(list).collect() };
        Ok(World {
            identity: list(&self.identity)?,
            boundary: one(&self.boundary)?,
            session: list(&self.session)?,
            resource: one(&self.resource)?,
            scps: levels(&self.scps)?,
            rcps: levels(&self.rcps)?,
            endpoint: one(&self.endpoint)?,
            without_exempt_actions: self.without_exempt_actions,
            mandatory_services: self.mandatory_services.clone(),
        })
    }
}

/// Grants and their limits.
const IDENTITY: Shape = Shape {
    focus: Focus::Everything,
    principals: false,
    not_principal: false,
    may_lack_resource: false,
    full_access_once_in: 4,
    deny_once_in: 4,
};
/// Ceilings: the boundary, session policies, service control policies.
const CEILING: Shape = Shape { full_access_once_in: 2, ..IDENTITY };
const RESOURCE: Shape = Shape {
    focus: Focus::Everything,
    principals: true,
    not_principal: true,
    may_lack_resource: true,
    full_access_once_in: 1,
    deny_once_in: 4,
};
const RESOURCE_CONTROL: Shape = Shape {
    not_principal: false,
    may_lack_resource: false,
    full_access_once_in: 1,
    deny_once_in: 2,
    ..RESOURCE
};
const ENDPOINT: Shape = Shape { may_lack_resource: false, full_access_once_in: 2, ..RESOURCE };

/// A world about the scene: half of them about all parts of statements in all layers at once, half
/// about one part in one layer, where details are not drowned out.
pub(super) fn world(dice: &mut Dice, scene: &Scene) -> WorldDraft {
    match dice.below(10) {
        0..=3 => whole_world(dice, scene),
        4..=5 => one_layer(dice, scene, Focus::Condition),
        6 => one_layer(dice, scene, Focus::Resource),
        _ => about_principals(dice, scene),
    }
}

fn whole_world(dice: &mut Dice, scene: &Scene) -> WorldDraft {
    let some = |dice: &mut Dice, most, shape| dice.several(most, |dice| policy(dice, scene, shape));
    let mut draft = WorldDraft { identity: some(dice, 2, IDENTITY), ..WorldDraft::default() };
    if dice.once_in(4) {
        draft.boundary = Some(policy(dice, scene, CEILING));
    }
    if dice.once_in(4) {
        draft.session = some(dice, 2, CEILING);
    }
    if dice.once_in(2) {
        draft.resource = Some(policy(dice, scene, RESOURCE));
    }
    if dice.once_in(4) {
        draft.scps = dice.several(2, |dice| some(dice, 2, CEILING));
    }
    if dice.once_in(4) {
        draft.rcps = dice.several(2, |dice| some(dice, 1, RESOURCE_CONTROL));
    }
    if dice.once_in(6) {
        draft.endpoint = Some(policy(dice, scene, ENDPOINT));
    }
    draft.without_exempt_actions = dice.once_in(10);
    if dice.once_in(12) {
        draft.mandatory_services.push(dice.pick_text(&["sqs", "s3"]).to_owned());
    }
    draft
}

/// One policy with something to say, in any layer; the others allow.
fn one_layer(dice: &mut Dice, scene: &Scene, focus: Focus) -> WorldDraft {
    let place = dice.below(10);
    let shape = match place {
        0..=3 => IDENTITY,
        4 => RESOURCE_CONTROL,
        5 => ENDPOINT,
        6 => RESOURCE,
        _ => CEILING,
    };
    let text = policy(dice, scene, Shape { focus, full_access_once_in: 1, deny_once_in: 3, ..shape });
    let mut draft = WorldDraft { identity: vec![constant(true, false)], ..WorldDraft::default() };
    match place {
        0..=3 => draft.identity = vec![text],
        4 => draft.rcps = vec![vec![text]],
        5 => draft.endpoint = Some(text),
        6 => draft = WorldDraft { resource: Some(text), ..WorldDraft::default() },
        7 => draft.boundary = Some(text),
        8 => draft.session = vec![text],
        _ => draft.scps = vec![vec![text]],
    }
    draft
}

/// Policies that name principals, between others that allow all or nothing.
fn about_principals(dice: &mut Dice, scene: &Scene) -> WorldDraft {
    let named = |dice: &mut Dice, shape| {
        policy(dice, scene, Shape { focus: Focus::Principal, full_access_once_in: 4, ..shape })
    };
    let maybe = |dice: &mut Dice| match dice.below(4) {
        0..=1 => None,
        choice => Some(constant(choice == 2, false)),
    };
    let mut draft = WorldDraft {
        identity: maybe(dice).into_iter().collect(),
        boundary: maybe(dice),
        session: maybe(dice).into_iter().collect(),
        resource: Some(named(dice, RESOURCE)),
        ..WorldDraft::default()
    };
    if dice.once_in(4) {
        draft.rcps = vec![vec![named(dice, RESOURCE_CONTROL)]];
    }
    if dice.once_in(4) {
        draft.endpoint = Some(named(dice, ENDPOINT));
    }
    draft
}
