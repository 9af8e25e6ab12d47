//! What matched, boiled down to a value of fixed size.
//!
//! The chart needs to know little of the statements: the first `Deny` that matches, per layer the first
//! `Allow`, for resource policies per level of the principal, and which levels of an organization
//! allow. Each is kept twice, for statements that surely match and for those that match if an unknown
//! key turns out so.

use super::decision::{Layer, StatementId};
use super::index::Candidate;
use super::policy_set::{PolicySet, Slot};
use super::principal::Level;
use super::statement::{Applies, Element, ReadyStatement, Record};
use super::truth::Truth;
use crate::policy::Effect;
use crate::request::Request;

/// The statements that matter, once all that can match were asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Matched {
    deny: First,
    identity: First,
    boundary: First,
    session: First,
    endpoint: First,
    /// By level: account, entity, direct.
    resource: [First; 3],
    scp: Levels,
}

/// The first statement that matches for sure, and the first that perhaps does.
#[derive(Debug, Clone, Copy, Default)]
struct First {
    sure: Option<u32>,
    perhaps: Option<u32>,
}

/// Levels of a tree as bits.
#[derive(Debug, Clone, Copy, Default)]
struct Levels {
    sure: u64,
    perhaps: u64,
}

/// How undecided statements are counted in one run of the chart (EV-009).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counting {
    pub(super) allows: bool,
    pub(super) denies: bool,
}

/// The layers whose policies are consulted, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layers(u16);

impl Layers {
    pub(super) fn none() -> Self {
        Self(0)
    }

    pub(super) fn and_if(self, consulted: bool, layer: Layer) -> Self {
        if consulted { Self(self.0 | 1 << layer as u16) } else { self }
    }

    pub(super) fn has(self, layer: Layer) -> bool {
        self.0 & 1 << layer as u16 != 0
    }
}

/// Writes down a walk over the statements.
pub(super) trait RecordAll<'s>: Record<'s> {
    /// Are all statements tried, and not only those on the action?
    const ALL: bool;

    /// The next statement is about to be tried.
    fn begin(&mut self, id: StatementId, consulted: bool);

    /// What became of it.
    fn end(&mut self, applies: Applies);
}

impl RecordAll<'_> for () {
    const ALL: bool = false;

    fn begin(&mut self, _: StatementId, _: bool) {}

    fn end(&mut self, _: Applies) {}
}

impl Matched {
    /// Asks the statements: those the index names, or all of them if the record is to have all.
    pub(super) fn collect<'s, R: RecordAll<'s>>(
        set: &'s PolicySet,
        request: &Request,
        layers: Layers,
        record: &mut R,
    ) -> Self {
        let mut matched = Self::default();
        if R::ALL {
            for id in 0..set.slots.len() {
                let id = u32::try_from(id).unwrap_or(u32::MAX);
                matched.ask(set, request, layers, Candidate { id, action_matches: false }, record);
            }
        } else if R::ON || request.context.has_unknown() {
            // A record tells of those that fail by their resource, too. And a resource with a variable that nobody
            // knows is an undecided hit, whatever letters it begins with (EV-009), so the resource asked for must not
            // sort statements out.
            set.index.whatever_resource(&request.action, |found| {
                matched.ask(set, request, layers, found, record);
            });
        } else {
            set.index.candidates(request, |found| matched.ask(set, request, layers, found, record));
        }
        matched
    }

    fn ask<'s, R: RecordAll<'s>>(
        &mut self,
        set: &'s PolicySet,
        request: &Request,
        layers: Layers,
        candidate: Candidate,
        record: &mut R,
    ) {
        let Candidate { id, action_matches } = candidate;
        let Some(slot) = set.slots.get(id as usize) else { return };
        let Some(statement) = set.ready(*slot) else { return };
        let consulted = layers.has(slot.place.layer);
        if !R::ON && (!consulted || self.is_settled(slot, statement, id)) {
            return;
        }
        record.begin(StatementId(id), consulted);
        let applies = if action_matches || statement.actions.matches(&request.action) {
            statement.applies(request, set.counts.boundary > 0, record)
        } else {
            record.failed(Element::Action);
            Applies::NOT
        };
        record.end(applies);
        if consulted {
            self.note(slot, statement.effect, id, applies);
        }
    }

    /// Can this statement no longer change anything?
    fn is_settled(&self, slot: &Slot, statement: &ReadyStatement, id: u32) -> bool {
        let before = |first: First| first.sure.is_some_and(|sure| sure <= id);
        if statement.effect == Effect::Deny {
            return before(self.deny);
        }
        // One sure Deny, and no Allow matters.
        self.deny.sure.is_some()
            || match slot.place.layer {
                Layer::Identity => before(self.identity),
                Layer::Boundary => before(self.boundary),
                Layer::Session => before(self.session),
                Layer::Endpoint => before(self.endpoint),
                Layer::Resource => {
                    let [.., direct] = self.resource;
                    before(direct)
                }
                Layer::Scp => self.scp.sure & 1 << slot.place.level != 0,
                // RCPs allow by themselves; only their Deny statements count (EV-060).
                Layer::Rcp => true,
                Layer::Credential | Layer::Exempt | Layer::Root => false,
            }
    }

    fn note(&mut self, slot: &Slot, effect: Effect, id: u32, applies: Applies) {
        if applies.truth == Truth::False {
            return;
        }
        let [account, entity, direct] = &mut self.resource;
        let first = match (effect, slot.place.layer) {
            (Effect::Deny, _) => &mut self.deny,
            (Effect::Allow, Layer::Identity) => &mut self.identity,
            (Effect::Allow, Layer::Boundary) => &mut self.boundary,
            (Effect::Allow, Layer::Session) => &mut self.session,
            (Effect::Allow, Layer::Endpoint) => &mut self.endpoint,
            (Effect::Allow, Layer::Resource) => match applies.level {
                Level::Account => account,
                Level::Entity => entity,
                Level::Direct => direct,
            },
            (Effect::Allow, Layer::Scp) => {
                let level = 1 << slot.place.level;
                match applies.truth {
                    Truth::True => self.scp.sure |= level,
                    _ => self.scp.perhaps |= level,
                }
                return;
            }
            (Effect::Allow, Layer::Rcp | Layer::Credential | Layer::Exempt | Layer::Root) => return,
        };
        let place = if applies.truth == Truth::True { &mut first.sure } else { &mut first.perhaps };
        *place = Some(place.map_or(id, |before| before.min(id)));
    }

    /// Does anything hang on an unknown key?
    pub(super) fn is_undecided(&self) -> bool {
        let [one, two, three] = self.resource;
        let all = [self.deny, self.identity, self.boundary, self.session, self.endpoint, one, two, three];
        all.iter().any(|first| first.perhaps.is_some()) || self.scp.perhaps != 0
    }

    /// The first `Deny` that matches.
    pub(super) fn deny(&self, counting: Counting) -> Option<StatementId> {
        self.deny.get(counting.denies)
    }

    /// The first `Allow` of this layer that matches; for resource policies, at the highest level.
    pub(super) fn allow(&self, layer: Layer, counting: Counting) -> Option<StatementId> {
        let first = match layer {
            Layer::Identity => self.identity,
            Layer::Boundary => self.boundary,
            Layer::Session => self.session,
            Layer::Endpoint => self.endpoint,
            Layer::Resource => return self.resource_grant(counting).map(|(_, id)| id),
            Layer::Scp | Layer::Rcp | Layer::Credential | Layer::Exempt | Layer::Root => First::default(),
        };
        first.get(counting.allows)
    }

    /// The highest level at which the resource policy allows, with its statement (PR-002).
    pub(super) fn resource_grant(&self, counting: Counting) -> Option<(Level, StatementId)> {
        let [account, entity, direct] = self.resource;
        let at = |level, first: First| first.get(counting.allows).map(|id| (level, id));
        at(Level::Direct, direct)
            .or_else(|| at(Level::Entity, entity))
            .or_else(|| at(Level::Account, account))
    }

    /// Do all levels of service control policies allow? (EV-051)
    pub(super) fn scps_allow(&self, levels: usize, counting: Counting) -> bool {
        let allowing = self.scp.sure | if counting.allows { self.scp.perhaps } else { 0 };
        (0..levels).all(|level| allowing >> level & 1 == 1)
    }
}

impl First {
    fn get(self, with_undecided: bool) -> Option<StatementId> {
        let perhaps = self.perhaps.filter(|_| with_undecided);
        match (self.sure, perhaps) {
            (Some(sure), Some(perhaps)) => Some(StatementId(sure.min(perhaps))),
            (sure, perhaps) => sure.or(perhaps).map(StatementId),
        }
    }
}
