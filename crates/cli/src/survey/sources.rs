//! Deciding statements as data, each looked up once for a principal.

use std::collections::HashMap;

use twokeys::account::{Cell, Row};
use twokeys::engine::StatementId;
use twokeys::report::By;
use twokeys::report::matrix::States;

use super::Survey;
use crate::intake::Way;

/// The statements that decide cells of one principal.
pub(crate) struct Deciding<'s> {
    survey: &'s Survey<'s>,
    states: States,
    /// By row, which may differ in their policies, and statement.
    known: HashMap<(usize, StatementId), Option<By>>,
    ways: HashMap<usize, Vec<Way>>,
}

impl<'s> Deciding<'s> {
    /// Nothing is looked up before it is asked for.
    pub(crate) fn new(survey: &'s Survey<'s>, states: States) -> Self {
        Self { survey, states, known: HashMap::new(), ways: HashMap::new() }
    }

    /// The statement that matters most for a cell.
    pub(crate) fn by(&mut self, row: &Row<'_>, cell: &Cell<'_>) -> Option<&By> {
        let id = self.states.deciding(cell)?;
        let Survey { world, home, .. } = self.survey;
        let number = std::ptr::from_ref(row).addr();
        let Self { known, ways, .. } = self;
        let found = known.entry((number, id)).or_insert_with(|| {
            let statement = row.attached().set().statement(id)?;
            let ways = ways.entry(number).or_insert_with(|| home.ways(row.principal(), row.attached()));
            Some(By::new(statement, &world.origins_of(ways)))
        });
        found.as_ref()
    }
}
