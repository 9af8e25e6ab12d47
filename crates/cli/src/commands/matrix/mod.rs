//! `twokeys matrix`: what everyone of an account may do, in the three states of MFA.

mod output;
mod tally;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use twokeys::account::Cell;
use twokeys::catalog;
use twokeys::engine::Actions;
use twokeys::report::matrix::States;

use self::output::Output;
use self::tally::Tally;
use super::Io;
use crate::deciding;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::intake::World;
use crate::survey::{self, Progress, Survey, SurveyArgs, args};

/// Show what everyone of an account may do, in the three states of MFA
///
/// Rows are users and roles, columns are actions. A letter says what MFA does: A allowed in all three
/// states, M only with MFA, K also with an access key, S also in a session without MFA, I denied with
/// MFA and allowed without, a dot denied. An exclamation mark is a gap: a sensitive action that someone
/// gets to do without MFA. Without -r the question is whether there is a resource: `*` and one for each
/// entry of a policy are tried, and the records name the one that was found.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys matrix --account tests/data/account/moto.json --principals 'user/*' \\
    -a iam:CreateUser -a s3:DeleteBucket -a ec2:RunInstances
  twokeys matrix --account tests/data/account/moto.json --only mfa-gap --fail-on gap
  twokeys matrix --account tests/data/account/moto.json -a 's3:Get*' --format csv

Exit status: 0 told, 1 with --fail-on something was found, 2 trouble, 3 something is unknown.")]
pub(crate) struct Matrix {
    #[command(flatten)]
    survey: SurveyArgs,
    /// What is to be done, also with wildcards, or `all`; may be given several times [default: what is
    /// sensitive]
    #[arg(short, long, value_name = "ACTION", help_heading = "Request")]
    action: Vec<String>,
    /// A file with an action or a wildcard a line; `all` for every action of AWS
    #[arg(long, value_name = "FILE", help_heading = "Request")]
    actions: Option<PathBuf>,
    /// To which thing; may be given several times [default: is there one?]
    #[arg(short, long, value_name = "ARN", help_heading = "Request")]
    resource: Vec<String>,
    /// The states of MFA: all three compared, or one of them
    #[arg(long, value_enum, default_value_t = MfaStates::Compare, value_name = "STATE", help_heading = "MFA")]
    mfa: MfaStates,
    /// The actions that nobody should get to do without MFA, in a file [default: a list of twokeys]
    #[arg(long, value_name = "FILE", help_heading = "MFA")]
    sensitive: Option<PathBuf>,
    /// Only these cells
    #[arg(long, value_enum, value_name = "CELLS", help_heading = "Answer")]
    only: Option<Only>,
    /// What makes the exit status 1
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Answer")]
    fail_on: Option<FailOn>,
    /// How to write the cells
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
}

/// `--mfa`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MfaStates {
    /// All three, side by side
    Compare,
    /// The key is missing: access keys
    Missing,
    /// Sessions without MFA
    False,
    /// With MFA
    True,
}

/// `--only`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    /// Those that MFA changes
    Changed,
    /// Sensitive actions that are allowed without MFA
    MfaGap,
    /// Those that are allowed in some state
    Allowed,
}

/// `--fail-on`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Anything that is allowed
    Any,
    /// A sensitive action that is allowed without MFA
    Gap,
    /// A cell that MFA changes
    Change,
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// A table for programs
    Csv,
    /// One JSON document
    Json,
    /// One JSON record a line
    Jsonl,
    /// Markdown
    Md,
}

impl MfaStates {
    fn states(self) -> States {
        match self {
            Self::Compare => States::Compare,
            Self::Missing => States::Missing,
            Self::False => States::False,
            Self::True => States::True,
        }
    }
}

impl Only {
    fn takes(only: Option<Self>, states: States, cell: &Cell<'_>) -> bool {
        match only {
            None => true,
            Some(Self::Changed) => cell.is_changed_by_mfa(),
            Some(Self::MfaGap) => states.is_gap(cell),
            Some(Self::Allowed) => states.is_allowed(cell.answers),
        }
    }
}

impl Matrix {
    /// Exit status: 0 told, 1 found what `--fail-on` names, 2 trouble, 3 something is unknown.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let resources = args::resources(&self.resource)?;
        let (sensitive, sensitive_actions) = args::sensitive(self.sensitive.as_deref(), &mut io.input)?;
        let mut actions = args::actions(&self.action, self.actions.as_deref(), &mut io.input)?;
        if actions.is_empty() {
            actions = sensitive_actions;
        }
        let world = World::load(&self.survey.world.files(&resources)?, &mut io.input)?;
        let home = self.survey.home(&world)?;
        let survey = Survey {
            principals: self.survey.principals(home)?,
            circumstances: self.survey.circumstances(home, &world, &mut io.input)?,
            actions: Actions::new(actions),
            world: &world,
            home,
            resources,
            sensitive,
        };
        deciding::tell_before(&world, io)?;
        survey.warn_of_actions(io)?;
        survey.refuse_two_boundaries()?;
        let states = self.mfa.states();
        let mut progress = Progress::new(self.survey.progress, survey.principals.len(), "principals");
        let mut tally = Tally::new(&survey, states);
        let mut output = Output::new(self.format, &survey, states, self.only, io.look);
        survey.run(
            survey::jobs(self.survey.jobs),
            &mut progress,
            |answered| output::made(self.format, &survey, states, self.only, io.look, &answered),
            |made| {
                tally.add(&made);
                Ok(output.take(made, io.out)?)
            },
        )?;
        output.finish(io.out)?;
        io.out.flush()?;
        let took = progress.finish();
        tally.tell(took, self.format == Format::Human && self.only.is_none(), io)?;
        Ok(tally.exit(self.fail_on))
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }
}

impl Survey<'_> {
    /// What nobody has heard of is asked all the same, but a misspelled name is seldom meant.
    pub(crate) fn warn_of_actions(&self, io: &mut Io<'_>) -> Result<(), Failure> {
        if io.look.quiet {
            return Ok(());
        }
        for action in
            self.actions.as_slice().iter().filter(|action| catalog::action(action.folded()).is_none())
        {
            let warning = crate::reference::unknown_action(action);
            io.err.write_all(warning.to_text(io.look.style()).as_bytes())?;
        }
        Ok(())
    }

    /// A boundary that is given cannot stand beside one that someone has.
    pub(crate) fn refuse_two_boundaries(&self) -> Result<(), Problem> {
        let bounded = self.principals.iter().find(|who| who.held().boundary.is_some());
        match bounded.filter(|_| self.world.has_boundary()) {
            Some(who) => {
                let message =
                    format!("--boundary is given, and `{}` has a boundary in the account", who.label());
                Err(Problem::new("given-twice", message)
                    .help("leave --boundary away, or those who have one of their own: --principals"))
            }
            None => Ok(()),
        }
    }
}
