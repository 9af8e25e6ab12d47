//! Finds the statements that can match a request without looking at the others.
//!
//! Literal actions are looked up whole. Actions with a wildcard are found by their service and the
//! letters before the wildcard. `*`, `NotAction` and wildcards in the service are always candidates.
//! Behind each of these stand the resources: a statement is a candidate only if the letters that all its
//! resources begin with also begin the resource asked for. The cost of a decision grows with what could
//! match, not with what there is.
//!
//! The index may name a statement that does not match, and name one twice; it must never leave one out.

use std::collections::HashMap;
use std::sync::Arc;

use super::resource::ResourceEntry;
use super::statement::{ActionList, ReadyStatement};
use crate::name::{Action, Hashed};
use crate::request::Request;

/// Where the statements of a set are found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    literals: Hashed<Starts<Candidate>>,
    patterns: Hashed<Starts<Starts<Candidate>>>,
    always: Starts<Candidate>,
}

/// A statement that can match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) id: u32,
    /// Does its action part match whatever leads here? Then nobody needs to ask it.
    pub(super) action_matches: bool,
}

/// Statements by the beginning of their resources, before they are sorted. The texts are shared between the
/// actions of a statement.
type Filed = Vec<(Arc<str>, Candidate)>;

/// Above this many resources a statement is filed under what they have in common.
const MANY_RESOURCES: usize = 16;
/// So it is above this many pairs of an action and a resource: the index must not grow with their product.
const MANY_PAIRS: usize = 1_024;

impl Index {
    pub(crate) fn new<'s>(statements: impl Iterator<Item = &'s ReadyStatement>) -> Self {
        let mut literals: HashMap<Box<str>, Filed> = HashMap::new();
        let mut patterns: HashMap<Box<str>, HashMap<Box<str>, Filed>> = HashMap::new();
        let mut always = Vec::new();
        for (statement, id) in statements.zip(0..) {
            let starts = resource_starts(statement);
            let filed = |action_matches| {
                starts.iter().map(move |start| (Arc::clone(start), Candidate { id, action_matches }))
            };
            let ActionList { negated, literals: names, patterns: wild } = &statement.actions;
            if *negated {
                always.extend(filed(false));
                continue;
            }
            for name in names.texts() {
                literals.entry(name.into()).or_default().extend(filed(true));
            }
            for entry in wild {
                match entry.text.split_once(':') {
                    Some((service, name)) if !service.contains(['*', '?']) => {
                        let letters = name.split(['*', '?']).next().unwrap_or_default();
                        let of_service = patterns.entry(service.into()).or_default();
                        let only_letters = name.strip_prefix(letters) == Some("*");
                        of_service.entry(letters.into()).or_default().extend(filed(only_letters));
                    }
                    _ => always.extend(filed(&*entry.text == "*")),
                }
            }
        }
        let of_service = |(service, names): (Box<str>, HashMap<Box<str>, Filed>)| {
            let names = names.into_iter().map(|(letters, starts)| (letters.into(), Starts::new(starts)));
            (service, Starts::new(names.collect()))
        };
        Self {
            literals: Hashed::new(literals.into_iter().map(|(name, starts)| (name, Starts::new(starts)))),
            patterns: Hashed::new(patterns.into_iter().map(of_service)),
            always: Starts::new(always),
        }
    }

    /// Calls `visit` with every statement that can match.
    pub(super) fn candidates(&self, request: &Request, mut visit: impl FnMut(Candidate)) {
        let resource = request.resource.as_str();
        self.with_action(&request.action, |starts| starts.openings(resource, |found| visit(*found)));
    }

    /// Calls `visit` with every statement whose action part can match, whatever the resource.
    pub(super) fn whatever_resource(&self, action: &Action, mut visit: impl FnMut(Candidate)) {
        self.with_action(action, |starts| starts.all(|found| visit(*found)));
    }

    /// Calls `visit` with each list of statements whose action part can match.
    fn with_action(&self, action: &Action, mut visit: impl FnMut(&Starts<Candidate>)) {
        let (whole, service) = action.hashes();
        if let Some(starts) = self.literals.get(whole, action.folded()) {
            visit(starts);
        }
        if let Some(names) = self.patterns.get(service, action.service()) {
            names.openings(action.operation(), &mut visit);
        }
        visit(&self.always);
    }
}

/// The beginnings under which a statement's resources are filed.
fn resource_starts(statement: &ReadyStatement) -> Vec<Arc<str>> {
    let Some(list) = statement.resources.as_ref().filter(|list| !list.negated) else {
        return vec!["".into()];
    };
    let mut starts: Vec<String> = list.entries.iter().map(ResourceEntry::literal_start).collect();
    starts.sort_unstable();
    starts.dedup();
    let names = statement.actions.literals.len() + statement.actions.patterns.len();
    let many = starts.len() > MANY_RESOURCES || starts.len().saturating_mul(names) > MANY_PAIRS;
    match (starts.first(), starts.last()) {
        // What the first and the last of a sorted list share, all share.
        (Some(first), Some(last)) if many && starts.len() > 1 => {
            let shared = first.chars().zip(last.chars()).take_while(|(one, other)| one == other);
            vec![shared.map(|(letter, _)| letter).collect::<String>().into()]
        }
        _ => starts.into_iter().map(Arc::from).collect(),
    }
}

/// Values filed under texts; finds those whose text begins a given one.
#[derive(Debug, Clone)]
struct Starts<T> {
    /// Sorted by text.
    rows: Box<[Row<T>]>,
}

#[derive(Debug, Clone)]
struct Row<T> {
    start: Arc<str>,
    /// The longest other row whose text begins this one's.
    shorter: Option<u32>,
    values: Box<[T]>,
}

impl<T> Default for Starts<T> {
    fn default() -> Self {
        Self { rows: Box::default() }
    }
}

impl<T> Starts<T> {
    fn new(mut filed: Vec<(Arc<str>, T)>) -> Self {
        filed.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut rows: Vec<(Arc<str>, Vec<T>)> = Vec::new();
        for (start, value) in filed {
            match rows.last_mut() {
                Some((last, values)) if *last == start => values.push(value),
                _ => rows.push((start, vec![value])),
            }
        }
        // Walking in order, the rows that begin the present one form a stack.
        let mut open: Vec<(u32, Arc<str>)> = Vec::new();
        let linked = rows.into_iter().zip(0..).map(|((start, values), at)| {
            while open.last().is_some_and(|(_, shorter)| !start.starts_with(&**shorter)) {
                open.pop();
            }
            let shorter = open.last().map(|(row, _)| *row);
            open.push((at, Arc::clone(&start)));
            Row { start, shorter, values: values.into() }
        });
        Self { rows: linked.collect() }
    }

    /// Calls `visit` with all values.
    fn all(&self, visit: impl FnMut(&T)) {
        self.rows.iter().flat_map(|row| row.values.iter()).for_each(visit);
    }

    /// Calls `visit` with all values filed under a text that begins `text`.
    ///
    /// Every row that begins `text` sorts before it or is it, and begins all rows between the two; so
    /// they all lie on the chain of the last row that does not sort behind `text`.
    fn openings(&self, text: &str, mut visit: impl FnMut(&T)) {
        let behind = match self.rows.as_ref() {
            // Most lists have one row.
            [only] if only.start.is_empty() => 1,
            rows => rows.partition_point(|row| *row.start <= *text),
        };
        let mut next = behind.checked_sub(1).and_then(|at| u32::try_from(at).ok());
        while let Some(row) = next.and_then(|at| self.rows.get(at as usize)) {
            if text.starts_with(&*row.start) {
                row.values.iter().for_each(&mut visit);
            }
            next = row.shorter;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Starts;

    fn found(filed: &[String], text: &str) -> Vec<String> {
        let starts = Starts::new(filed.iter().map(|start| (start.as_str().into(), start.clone())).collect());
        let mut found = Vec::new();
        starts.openings(text, |start| found.push(start.clone()));
        found.sort();
        found
    }

    proptest! {
        #[test]
        fn finds_exactly_the_texts_that_begin_another(filed in prop::collection::vec("[ab:]{0,4}", 0..12), text in "[ab:]{0,6}") {
            let mut expected: Vec<_> = filed.iter().filter(|start| text.starts_with(&***start)).cloned().collect();
            expected.sort();
            prop_assert_eq!(found(&filed, &text), expected);
        }
    }
}
