//! Everyone of an account is asked, row by row, by as many threads as there may be, and told in order.

pub(crate) mod args;
mod progress;
mod sources;

pub(crate) use args::SurveyArgs;
pub(crate) use progress::{Progress, When};
pub(crate) use sources::Deciding;

use rayon::prelude::*;
use twokeys::account::{
    Attachments, Cell, Circumstances, Indeterminate, Matrix, PrincipalRef, Row, Sensitive,
};
use twokeys::engine::Actions;
use twokeys::request::Resource;

use crate::commands::Io;
use crate::failure::{Failure, Problem};
use crate::intake::{self, Home, World};

/// What everyone is asked.
pub(crate) struct Survey<'s> {
    pub(crate) world: &'s World,
    pub(crate) home: &'s Home,
    pub(crate) principals: Vec<PrincipalRef<'s>>,
    pub(crate) actions: Actions,
    /// None: whether there is a resource (UX-045).
    pub(crate) resources: Vec<Resource>,
    pub(crate) circumstances: Circumstances,
    pub(crate) sensitive: Sensitive,
}

/// What one principal answered.
pub(crate) struct Answered<'r> {
    pub(crate) principal: PrincipalRef<'r>,
    rows: Result<Vec<Row<'r>>, Indeterminate>,
}

impl<'r> Answered<'r> {
    /// Why nothing can be said of the principal.
    pub(crate) fn indeterminate(&self) -> Option<&Indeterminate> {
        self.rows.as_ref().err()
    }

    /// The cells with the row they belong to: all resources of an action, then the next action.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&Row<'r>, Cell<'_>)> {
        let rows = self.rows.as_deref().unwrap_or_default();
        let mut columns: Vec<_> = rows.iter().map(|row| (row, row.cells())).collect();
        let mut next = 0;
        std::iter::from_fn(move || {
            let count = columns.len();
            let (row, cells) = columns.get_mut(next)?;
            next = (next + 1) % count;
            Some((*row, cells.next()?))
        })
    }
}

impl Survey<'_> {
    /// Asks everyone. `work` runs in any order, on several threads; `take` gets what it made in the order
    /// of the principals.
    pub(crate) fn run<T: Send>(
        &self,
        jobs: usize,
        progress: &mut Progress,
        work: impl Fn(Answered<'_>) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let of_resources: Vec<Option<&Resource>> = match self.resources.as_slice() {
            [] => vec![None],
            resources => resources.iter().map(Some).collect(),
        };
        let missing =
            of_resources.iter().any(|one| self.world.is_missing_one_for_all(one.unwrap_or(&Resource::Star)));
        let attachments: Vec<Attachments<'_>> = of_resources
            .iter()
            .map(|one| Attachments::new(&self.home.account, self.world.base(one.unwrap_or(&Resource::Star))))
            .collect();
        let matrix =
            |attachments| Matrix::new(attachments, &self.actions, &self.circumstances, &self.sensitive);
        let matrices: Vec<Matrix<'_>> = attachments
            .iter()
            .zip(&of_resources)
            .map(|(attachments, one)| matrix(attachments).on(one.iter().copied().cloned().collect()))
            .collect();
        let asked = |principal: PrincipalRef<'_>| {
            let rows = if missing {
                let reasons = vec!["a policy that was given could not be read".to_owned()];
                Err(Indeterminate { reasons })
            } else {
                matrices.iter().map(|matrix| matrix.row(principal)).collect()
            };
            work(Answered { principal, rows })
        };
        if jobs <= 1 {
            return self.principals.iter().try_for_each(|principal| {
                let made = asked(*principal);
                progress.aside(|| take(made))?;
                progress.step();
                Ok(())
            });
        }
        let pool = threads(jobs)?;
        // A few at a time: what they made is held in memory until it is told.
        for few in self.principals.chunks(jobs * 2) {
            let made: Vec<T> = pool.install(|| few.par_iter().map(|principal| asked(*principal)).collect());
            for one in made {
                progress.aside(|| take(one))?;
                progress.step();
            }
        }
        Ok(())
    }
}

/// So many threads.
pub(crate) fn threads(jobs: usize) -> Result<rayon::ThreadPool, Problem> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    pool.map_err(|error| Problem::new("internal", format!("no threads can be started: {error}")))
}

/// How many threads to use where nobody says.
pub(crate) fn jobs(given: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    given.unwrap_or_else(cores).clamp(1, MOST_JOBS)
}

const MOST_JOBS: usize = 256;

/// Says what was given for nothing, and refuses a boundary that cannot stand beside one that someone has.
pub(crate) fn check_given<'a>(
    world: &World,
    mut asked: impl Iterator<Item = PrincipalRef<'a>>,
    resources: &[Resource],
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    for warning in intake::policies_of_others(world, resources) {
        io.err.write_all(warning.to_text(io.look.style()).as_bytes())?;
    }
    let bounded = asked.find(|who| who.held().boundary.is_some());
    match bounded.filter(|_| world.has_boundary()) {
        Some(who) => {
            let message = format!("--boundary is given, and `{}` has a boundary in the account", who.label());
            let help = "leave --boundary away; `twokeys simulate` asks with another one";
            Err(Problem::new("given-twice", message).help(help).into())
        }
        None => Ok(()),
    }
}
