//! Answering questions: in every state asked, with warnings once a run, and what the shell is told.

use std::collections::HashSet;

use twokeys::engine::Prepared;
use twokeys::report::{Answer, DecisionObject, Detail, Expectation, Warning, answer};
use twokeys::source::escaped;

use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::intake::{Idle, Question, Ready, Recent, World};
use crate::reference::{self, Lately};

/// No more different warnings than this are told in a run.
const MOST_WARNINGS: usize = 10_000;

/// A run of questions, and what came out so far.
pub(crate) struct Run<'w> {
    world: &'w World,
    detail: Detail,
    /// Warnings are told once a run.
    told: HashSet<Warning>,
    /// Policies of an account that were looked at, by address.
    looked_at: HashSet<usize>,
    /// Told with the first decision.
    waiting: Vec<Warning>,
    sum: Sum,
}

/// A question with its answer, before it is known what was told already.
pub(crate) struct Answered {
    decision: DecisionObject,
    /// Policies of an account that were looked at now, by address.
    looked_at: Vec<usize>,
    sum: Sum,
}

/// What a run is to know of answers that were told.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    /// How often something about a policy or its evaluation is worth a warning.
    objections: usize,
    exit: Exit,
}

impl Answered {
    /// The decision, with warnings that may have been told.
    pub(crate) fn decision(&self) -> &DecisionObject {
        &self.decision
    }

    /// What the run is to know, if nothing that was told before can change the decision.
    pub(crate) fn settled(&self) -> Option<Sum> {
        (self.decision.warnings.is_empty() && self.looked_at.is_empty()).then_some(self.sum)
    }
}

impl Sum {
    /// Both together.
    pub(crate) fn add(&mut self, other: Self) {
        self.objections += other.objections;
        self.exit = self.exit.and(other.exit);
    }
}

impl<'w> Run<'w> {
    /// Tells what is known before the first answer.
    pub(crate) fn start(world: &'w World, detail: Detail, io: &mut Io<'_>) -> Result<Self, Failure> {
        tell_before(world, io)?;
        if world.is_empty() {
            return Err(Problem::new("no-policies", "no policy is given, so there is nothing to decide by")
                .help("give one: `--policy FILE`, or an account: `--account FILE`")
                .into());
        }
        let findings = world.findings();
        Ok(Self {
            world,
            detail,
            told: HashSet::new(),
            looked_at: HashSet::new(),
            sum: Sum { objections: findings.len(), exit: Exit::Yes },
            waiting: findings,
        })
    }

    /// Answers a question in every state that is asked.
    pub(crate) fn decide(&mut self, question: &mut Question) -> Result<DecisionObject, Failure> {
        self.ask(question, &mut Recent::default()).map(|answered| self.settle(answered))
    }

    /// The same without a word on the run, so that many can be asked at once.
    pub(crate) fn ask(&self, question: &mut Question, recent: &mut Recent) -> Result<Answered, Failure> {
        let Recent { set, actions } = recent;
        let ready = self.world.set_after(set, question)?;
        let indeterminate = ready.is_indeterminate || self.world.is_missing_one_for(question);
        let mut looked_at = Vec::new();
        let is_new = |policy: &Prepared| {
            let address = std::ptr::from_ref(policy).addr();
            let is_new = !self.looked_at.contains(&address);
            looked_at.extend(is_new.then_some(address));
            is_new
        };
        let mut warnings = self.world.findings_for(ready, is_new);
        let mut objections = warnings.len();
        warnings.extend(of_question(question, ready, actions));
        let contexts = question.contexts(ready)?;
        let mut answers = Vec::with_capacity(contexts.len());
        for context in contexts {
            let request = question.request_in(context);
            let (mut answer, met) = answer(&ready.set, request, &self.world.origins(ready), self.detail);
            if indeterminate {
                answer.leave_open();
            }
            objections += met.len();
            warnings.extend(met);
            answers.push(answer);
        }
        warnings.retain(|warning| self.may_be_told(warning));
        let exit = answers.iter().fold(Exit::Yes, |exit, answer| exit.and(exit_of(answer, question.expect)));
        let mut decision = DecisionObject::new(question.id.clone(), question.asked(), answers, warnings);
        decision.not_asked = question.not_asked();
        decision.next_step = question.enroll().filter(|_| decision.mfa_decides);
        Ok(Answered { decision, looked_at, sum: Sum { objections, exit } })
    }

    /// Takes the next answer into the run; the decision is left with what was not told before.
    pub(crate) fn settle(&mut self, answered: Answered) -> DecisionObject {
        let Answered { mut decision, looked_at, sum } = answered;
        self.add(sum);
        self.looked_at.extend(looked_at);
        decision.warnings.splice(0..0, self.waiting.drain(..));
        decision.warnings.retain(|warning| self.may_be_told(warning) && self.told.insert(warning.clone()));
        decision
    }

    /// Takes what is to be known of answers that are told already into the run.
    pub(crate) fn add(&mut self, sum: Sum) {
        self.sum.add(sum);
    }

    /// Is there something that the first answer is to tell?
    pub(crate) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// A stream may bring ever more warnings; beyond a limit none is remembered nor told.
    fn may_be_told(&self, warning: &Warning) -> bool {
        self.told.len() < MOST_WARNINGS && !self.told.contains(warning)
    }

    /// Given policies that have nothing to do with the questions are told with the first answer.
    pub(crate) fn note_idle(&mut self, questions: &[Question]) {
        let mut idle = Idle::new(self.world);
        questions.iter().for_each(|question| idle.see(question));
        self.waiting.extend(idle.warnings());
    }

    /// Something in the place of an answer could not be read.
    pub(crate) fn note_trouble(&mut self) {
        self.add(Sum { objections: 0, exit: Exit::Trouble });
    }

    /// What the shell is told. With `strict` every warning about a policy or its evaluation is trouble.
    pub(crate) fn finish(self, strict: bool, io: &mut Io<'_>) -> Result<Exit, Failure> {
        if strict && self.sum.objections > 0 {
            io.out.flush()?;
            writeln!(
                io.err,
                "error[strict]: there are warnings about the policies, and --strict makes them trouble"
            )?;
            return Ok(Exit::Trouble);
        }
        Ok(self.sum.exit)
    }
}

/// What is known before the first answer: what could not be read, and where what was given contradicts
/// itself.
pub(crate) fn tell_before(world: &World, io: &mut Io<'_>) -> Result<(), Failure> {
    for problem in world.left_out() {
        io.err.write_all(problem.to_text(io.look.colors_err()).as_bytes())?;
    }
    for notice in world.notices().iter().filter(|_| !io.look.quiet) {
        writeln!(io.err, "note: {}", escaped(notice))?;
    }
    Ok(())
}

/// The answers that are not the expected one, in words.
pub(crate) fn unexpected(decision: &DecisionObject, expected: Option<Expectation>) -> Option<String> {
    let expected = expected?;
    let wrong: Vec<String> = decision
        .answers
        .iter()
        .filter(|answer| !expected.is_met(answer))
        .map(|answer| format!("{} in the layer {} with MFA {}", answer.decision, answer.layer, answer.mfa))
        .collect();
    (!wrong.is_empty()).then(|| format!("expected {expected}, but it is {}", wrong.join(", ")))
}

/// What the shell is told of one answer.
fn exit_of(answer: &Answer, expected: Option<Expectation>) -> Exit {
    match expected {
        Some(expected) if expected.is_met(answer) => Exit::Yes,
        _ if answer.indeterminate => Exit::Undecided,
        Some(_) => Exit::No,
        None if answer.is_allowed() => Exit::Yes,
        None if answer.is_undecided() => Exit::Undecided,
        None => Exit::No,
    }
}

/// What is worth a warning about the question itself (UX-088 c).
pub(crate) fn of_question(question: &Question, ready: &Ready, lately: &mut Lately) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if question.assumed_principal {
        let message = "nobody is named, so `user/example` of account 111122223333 asks";
        warnings.push(Warning::of_question("assumed-principal", message, "name someone: `-p user/NAME`"));
    }
    if let Some(member) = question.member().filter(|_| ready.has_other_boundary) {
        let message = format!("--boundary counts, not the boundary that `{member}` has in the account");
        warnings.push(Warning::of_question(
            "other-boundary",
            message,
            "take --boundary away to ask as it is",
        ));
    }
    warnings.extend_from_slice(question.warnings());
    warnings.extend(reference::of_question(question, &ready.set, lately));
    warnings
}
