//! What the page needs to know of one principal.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::Cell;
use crate::catalog::{self, Level};
use crate::name::Action;
use crate::report::By;
use crate::report::matrix::{States, decided_by};
use crate::verdict::Verdict;

/// What the page is about.
#[derive(Debug, Clone)]
pub struct About {
    /// The account.
    pub account: String,
    /// The day of the questions.
    pub date: String,
    /// How many actions were asked about.
    pub actions: usize,
    /// Was the question whether there is a resource?
    pub any_resource: bool,
    /// The services of the actions, each once, with how many of its actions were asked about.
    services: Vec<(String, usize)>,
    /// For each action the place of its service.
    service_of: Vec<usize>,
}

/// What one principal may do.
#[derive(Debug)]
pub struct Facts {
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) standing: Standing,
    /// Does a role let in nobody without MFA?
    pub(super) guarded: bool,
    pub(super) services: Vec<Service>,
    pub(super) gaps: BTreeMap<GapKey, BTreeSet<String>>,
    has_sensitive: bool,
}

/// A user or a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Role,
}

/// Where a principal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Something sensitive is allowed without MFA.
    Gap = 0,
    /// Something sensitive is allowed, and only with MFA; for a role: MFA is needed to assume it.
    Held = 1,
    /// Nothing sensitive is allowed.
    Harmless = 2,
    /// Nothing can be said.
    Unknown = 3,
}

/// What someone may do of one service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Service {
    /// How many actions in each state: missing, false, true.
    pub(super) allowed: [u32; 3],
    pub(super) gaps: u32,
    /// The place in [`Verdict::ALL`] of the most open verdict, the last where nothing was asked.
    pub(super) worst: usize,
}

/// Gaps that are told in one row: one level, one verdict, one statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GapKey {
    /// The most dangerous first; what is unknown before all.
    pub(super) danger: usize,
    pub(super) worst: usize,
    pub(super) statement: String,
    /// `group Admins`, or how it is held.
    pub(super) via: String,
    pub(super) place: String,
}

/// Who has the gaps of a row: each with whether it is a guarded role.
pub(super) type Holders = Vec<(String, bool)>;

/// Access levels, the most dangerous first.
pub(super) const LEVELS: [Option<Level>; 6] = [
    None,
    Some(Level::Permissions),
    Some(Level::Write),
    Some(Level::Tagging),
    Some(Level::Read),
    Some(Level::List),
];

impl About {
    /// A page about these actions.
    pub fn new(account: String, date: String, any_resource: bool, actions: &[Action]) -> Self {
        let names: BTreeSet<&str> = actions.iter().map(Action::service).collect();
        let mut services: Vec<(String, usize)> = names.into_iter().map(|name| (name.to_owned(), 0)).collect();
        let mut service_of = Vec::with_capacity(actions.len());
        for action in actions {
            let at = services.partition_point(|(name, _)| name.as_str() < action.service());
            service_of.push(at);
            if let Some((_, count)) = services.get_mut(at) {
                *count += 1;
            }
        }
        Self { account, date, actions: actions.len(), any_resource, services, service_of }
    }

    pub(super) fn services(&self) -> &[(String, usize)] {
        &self.services
    }
}

impl Facts {
    /// Nothing is known so far. `guarded`: is it a role that lets in nobody without MFA? None for a user.
    pub fn new(label: String, guarded: Option<bool>, about: &About) -> Self {
        let none = Service { worst: Verdict::ALL.len().saturating_sub(1), ..Service::default() };
        Self {
            label,
            kind: if guarded.is_some() { Kind::Role } else { Kind::User },
            standing: Standing::Harmless,
            guarded: guarded.unwrap_or_default(),
            services: vec![none; about.services.len()],
            gaps: BTreeMap::new(),
            has_sensitive: false,
        }
    }

    /// Nothing can be said of the principal.
    #[must_use]
    pub fn indeterminate(mut self) -> Self {
        self.standing = Standing::Unknown;
        self
    }

    /// Takes in a cell about the action at this place of the list.
    pub fn add(&mut self, about: &About, at: usize, cell: &Cell<'_>, by: Option<&By>) {
        let worst = place_of(cell.verdict);
        let gap = cell.is_gap();
        let Some(service) = about.service_of.get(at).and_then(|at| self.services.get_mut(*at)) else {
            return;
        };
        let states = [cell.answers.missing, cell.answers.false_, cell.answers.true_];
        for (count, answer) in service.allowed.iter_mut().zip(states) {
            *count += u32::from(answer.decision().is_allowed());
        }
        service.gaps += u32::from(gap);
        service.worst = service.worst.min(worst);
        self.has_sensitive |= cell.is_sensitive && States::Compare.is_allowed(cell.answers);
        if gap {
            self.gaps.entry(GapKey::of(cell, worst, by)).or_default().insert(cell.action.as_str().to_owned());
        }
        self.standing = match (self.gaps.is_empty(), self.has_sensitive) {
            // A role that nobody without MFA can take on holds its gaps back.
            (false, _) if self.guarded => Standing::Held,
            (false, _) => Standing::Gap,
            (true, true) => Standing::Held,
            (true, false) => Standing::Harmless,
        };
    }
}

impl GapKey {
    fn of(cell: &Cell<'_>, worst: usize, by: Option<&By>) -> Self {
        let level = catalog::action(cell.action.folded()).map(catalog::Action::level);
        let danger = LEVELS.iter().position(|other| *other == level).unwrap_or_default();
        let place = by.and_then(|by| Some(format!("{}:{}", by.file.as_deref()?, by.line?)));
        Self {
            danger,
            worst,
            statement: by.map_or_else(|| "a rule beside the policies".to_owned(), decided_by),
            via: by.and_then(|by| by.via.clone()).unwrap_or_default(),
            place: place.unwrap_or_default(),
        }
    }
}

fn place_of(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|other| *other == verdict).unwrap_or_default()
}
