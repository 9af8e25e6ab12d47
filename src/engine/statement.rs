//! Does this statement apply to this request?
//!
//! A statement applies if its action, resource, principal and condition parts all match (EV-003). Both
//! ways of deciding, the fast one and the explained one, come through [`ReadyStatement::applies`]; what
//! is noted on the way is the caller's choice ([`Record`]).

use super::condition::{self, Judgment, Note, Test};
use super::principal::{Level, PrincipalTest};
use super::resource::ResourceEntry;
use super::truth::Truth;
use crate::name::{Action, Hashed, Pattern, fold};
use crate::policy::{Effect, NamesPart, PolicyType, Statement};
use crate::request::{KeyName, Request};

/// A statement made ready: everything that does not depend on a request is done.
#[derive(Debug, Clone)]
pub(crate) struct ReadyStatement {
    pub(crate) effect: Effect,
    principal: Option<PrincipalTest>,
    pub(crate) actions: ActionList,
    pub(crate) resources: Option<ResourceList>,
    tests: Box<[Test]>,
}

/// `Action` or `NotAction`: literals to be looked up, patterns to be tried.
#[derive(Debug, Clone)]
pub(crate) struct ActionList {
    pub(crate) negated: bool,
    /// In lower case.
    pub(crate) literals: Hashed<()>,
    /// In lower case; `*` among them.
    pub(crate) patterns: Box<[ActionPattern]>,
}

/// An action with wildcards, in lower case.
#[derive(Debug, Clone)]
pub(crate) struct ActionPattern {
    pub(crate) text: Box<str>,
    pub(crate) pattern: Pattern,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone)]
pub(crate) struct ResourceList {
    pub(crate) negated: bool,
    pub(crate) entries: Box<[ResourceEntry]>,
}

/// The parts of a statement, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// `Action` or `NotAction`
    Action,
    /// `Resource` or `NotResource`
    Resource,
    /// `Principal` or `NotPrincipal`
    Principal,
    /// `Condition`
    Condition,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Applies {
    pub(crate) truth: Truth,
    /// How closely the principal part named the requester; direct where there is none.
    pub(crate) level: Level,
}

impl Applies {
    /// It does not apply.
    pub(crate) const NOT: Self = Self { truth: Truth::False, level: Level::Direct };
}

/// What is written down while a statement is tried. The unit type writes nothing and costs nothing.
pub(crate) trait Record<'s> {
    /// Is anything written down? If so, all tests are asked, not only those up to the first failure.
    const ON: bool;

    /// This part does not match.
    fn failed(&mut self, element: Element);

    /// An entry of the resource part was compared.
    fn resource(&mut self, at: usize, entry: &'s ResourceEntry, note: Option<Note>);

    /// A test of the condition was asked.
    fn judged(&mut self, test: &'s Test, judgment: Judgment);
}

impl Record<'_> for () {
    const ON: bool = false;

    fn failed(&mut self, _: Element) {}

    fn resource(&mut self, _: usize, _: &ResourceEntry, _: Option<Note>) {}

    fn judged(&mut self, _: &Test, _: Judgment) {}
}

impl ReadyStatement {
    pub(crate) fn new(statement: &Statement, kind: PolicyType, variables: bool) -> Self {
        let resources = statement.resource.as_ref().map(|part| ResourceList {
            negated: part.negated,
            entries: part
                .entries
                .iter()
                .map(|entry| ResourceEntry::new(&entry.value, kind, variables))
                .collect(),
        });
        Self {
            effect: statement.effect.value,
            principal: statement.principal.as_ref().map(PrincipalTest::new),
            actions: ActionList::new(&statement.action),
            resources,
            tests: condition::prepare(&statement.condition, variables).into(),
        }
    }

    /// Does it apply, now that its action part does? `has_boundary`: is the requester limited by a permissions
    /// boundary (PR-017)?
    pub(crate) fn applies<'s, R: Record<'s>>(
        &'s self,
        request: &Request,
        has_boundary: bool,
        record: &mut R,
    ) -> Applies {
        let resource = self.resources.as_ref().map_or(Truth::True, |list| list.matches(request, record));
        if resource == Truth::False {
            record.failed(Element::Resource);
            return Applies::NOT;
        }
        let level = match &self.principal {
            None => Some(Level::Direct),
            Some(test) => test.level(&request.principal, self.effect, has_boundary),
        };
        let Some(level) = level else {
            record.failed(Element::Principal);
            return Applies::NOT;
        };
        let condition = self.condition(request, record);
        if condition == Truth::False {
            record.failed(Element::Condition);
        }
        Applies { truth: resource.and(condition), level }
    }

    /// All tests of the condition together (CO-001).
    fn condition<'s, R: Record<'s>>(&'s self, request: &Request, record: &mut R) -> Truth {
        let mut all = Truth::True;
        for test in &self.tests {
            let judgment = test.judge(&request.context);
            record.judged(test, judgment);
            all = all.and(judgment.truth);
            if all == Truth::False && !R::ON {
                break;
            }
        }
        all
    }

    /// The context keys it asks for.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyName> {
        let entries = self.resources.iter().flat_map(|list| list.entries.iter());
        self.tests.iter().flat_map(Test::keys).chain(entries.flat_map(ResourceEntry::keys))
    }

    pub(crate) fn principal(&self) -> Option<&PrincipalTest> {
        self.principal.as_ref()
    }
}

impl ActionList {
    fn new(part: &NamesPart) -> Self {
        let mut literals: Vec<Box<str>> = Vec::new();
        let mut patterns = Vec::new();
        for entry in &part.entries {
            let text = fold(&entry.value).into_boxed_str();
            // `*`, or a service and a name: anything else matches nothing (AC-002).
            if &*text != "*" && text.matches(':').count() != 1 {
                continue;
            }
            if text.contains(['*', '?']) {
                patterns.push(ActionPattern { pattern: Pattern::new(&text), text });
            } else {
                literals.push(text);
            }
        }
        let literals = Hashed::new(literals.into_iter().map(|text| (text, ())));
        Self { negated: part.negated, literals, patterns: patterns.into() }
    }

    pub(super) fn matches(&self, action: &Action) -> bool {
        let asked = action.folded();
        let listed = self.literals.get(action.hashes().0, asked).is_some()
            || self.patterns.iter().any(|entry| entry.pattern.matches(asked));
        listed != self.negated
    }
}

impl ResourceList {
    fn matches<'s, R: Record<'s>>(&'s self, request: &Request, record: &mut R) -> Truth {
        let hits = self.entries.iter().enumerate().map(|(at, entry)| {
            let hit = entry.hit(&request.resource, &request.context);
            record.resource(at, entry, hit.note);
            hit.truth
        });
        Truth::any(hits).negate_if(self.negated)
    }
}
