//! `twokeys simulate`: decide a request, and say why.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use twokeys::engine::PolicySet;
use twokeys::name::{Action, Pattern};
use twokeys::policy::Statement;
use twokeys::report::{Answer, DecisionObject, Detail, Expectation, InvalidExpectation, Style, Warning, answer};
use twokeys::request::{RequestErrors, RequestObject, Resource};
use twokeys::source::{Span, Spanned, escaped};

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};
use crate::intake::{Given, Question, QuestionArgs, Ready, World, WorldArgs};
use crate::lines::{Line, Lines};
use crate::records::{Expecting, Format, Records};

/// Decide a request the way AWS does, in the three states of MFA
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys simulate --policy policies/mfa/self-manage.json -a s3:GetObject
  twokeys simulate --policy policies/mfa/self-manage.json -p user/alice -a iam:CreateVirtualMFADevice \\
    -r arn:aws:iam::111122223333:mfa/alice --mfa missing --explain
  twokeys simulate --policy policies/mfa/self-manage.json -a s3:GetObject --mfa missing --expect deny

Exit status: 0 allowed in every state asked, 1 denied in one, 2 trouble, 3 undecided.")]
pub(crate) struct Simulate {
    #[command(flatten)]
    world: WorldArgs,
    #[command(flatten)]
    question: QuestionArgs,
    /// A request object as a JSON file, in place of flags
    #[arg(long, value_name = "FILE", help_heading = "Request", conflicts_with_all = ["requests"])]
    request: Option<PathBuf>,
    /// Many request objects, one a line; one decision a line comes back
    #[arg(long, value_name = "FILE", help_heading = "Request", conflicts_with_all = ["explain", "show_policy"])]
    requests: Option<PathBuf>,
    /// The answer that is right: allow, deny, explicit-deny, implicit-deny or undecided, and perhaps where
    /// it comes from, as in deny@scp; exit status 0 only if it came out in every state asked
    #[arg(long, value_name = "ANSWER[@LAYER]")]
    expect: Option<String>,
    /// Tell every step, and what would allow the request
    #[arg(long)]
    explain: bool,
    /// Show the text of the deciding statements
    #[arg(long)]
    show_policy: bool,
    /// Make warnings about policies trouble (exit status 2)
    #[arg(long)]
    strict: bool,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
}

/// What came out so far.
struct Run<'r> {
    world: &'r World,
    format: Format,
    detail: Detail,
    /// Warnings are told once a run.
    told: HashSet<Warning>,
    /// Told with the first decision.
    waiting: Vec<Warning>,
    /// Is one of them about a policy or its evaluation?
    objections: usize,
    exit: Exit,
}

impl Simulate {
    /// Exit status: 0 allowed, 1 denied, 2 trouble, 3 undecided.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let now = io.input.now()?;
        let mut given = self.question.given(now)?;
        given.expect = self.expect.as_deref().map(expectation).transpose()?;
        let actions = self.question.actions()?;
        let resources = self.question.resources()?;

        if let Some(path) = &self.requests {
            let world = World::load(&self.world.files(&resources)?, &mut io.input)?;
            let given = given.with_one_of_each(&actions, &resources)?;
            return self.stream(io, path, &given, &world);
        }

        let read = match &self.request {
            Some(path) => Some(read_request(&io.input.read(path, "request")?)?),
            None => None,
        };
        let own_resource = read.as_ref().and_then(|(object, _)| object.resource.as_ref());
        let asked_about: Vec<Resource> =
            resources.iter().cloned().chain(own_resource.map(|own| own.value.clone())).collect();
        let world = World::load(&self.world.files(&asked_about)?, &mut io.input)?;
        let questions = match read {
            Some((object, document)) => {
                let given = given.with_one_of_each(&actions, &resources)?;
                vec![given.question(object, Some(&document), &world)?]
            }
            None => every_pair(&given, &actions, &resources, &world)?,
        };
        self.answer_all(io, &questions, &world)
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        self.format.is_json()
    }

    fn answer_all(&self, io: &mut Io<'_>, questions: &[Question], world: &World) -> Result<Exit, Failure> {
        let expecting = if questions.len() == 1 { Expecting::One } else { Expecting::Several };
        let mut run = self.start(io, world)?;
        let mut records = Records::new(io.out, self.format, expecting, io.look);
        let mut decided = Vec::new();
        for question in questions {
            let decision = run.decide(question)?;
            run.tell_warnings(&decision.warnings, io.err, &io.look)?;
            records.decision(&decision)?;
            decided.push((decision, question.expect));
        }
        records.finish()?;
        if self.show_policy && self.format == Format::Human {
            show_statements(io, &decided, world)?;
        }
        for (decision, expected) in &decided {
            tell_unexpected(io, decision, *expected)?;
        }
        run.finish(self.strict, io)
    }

    /// One line at a time, in constant memory and in order; a bad line stands in its place as an error.
    fn stream(&self, io: &mut Io<'_>, path: &Path, given: &Given, world: &World) -> Result<Exit, Failure> {
        let name = input::name(path);
        let mut lines = Lines::new(io.input.open(path, "requests")?, RequestObject::MAX_BYTES);
        let mut run = self.start(io, world)?;
        let mut records = Records::new(io.out, self.format, Expecting::Stream, io.look);
        loop {
            let line = lines.next().map_err(|error| input::unreadable(path, "requests", &error))?;
            if line == Line::End {
                break;
            }
            if lines.buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let document = Document {
                before: (lines.number - 1, lines.offset),
                ..Document::new(name.as_str(), lines.buffer.as_slice())
            };
            let answered = match RequestObject::read(&document.bytes) {
                Ok(object) => given.question(object, Some(&document), world).and_then(|question| {
                    let decision = run.decide(&question)?;
                    Ok((decision, question.expect))
                }),
                Err(errors) => Err(Failure::Problems(problems(&errors, &document))),
            };
            match answered {
                Ok((decision, expected)) => {
                    run.tell_warnings(&decision.warnings, io.err, &io.look)?;
                    records.decision(&decision)?;
                    if let Some(words) = unexpected(&decision, expected) {
                        writeln!(io.err, "{name}:{}: {words}", lines.number)?;
                    }
                }
                Err(Failure::Problems(problems)) => {
                    run.exit = run.exit.and(Exit::Trouble);
                    for problem in problems.iter().take(1) {
                        if !records.bad_line(lines.number, problem)? {
                            io.err.write_all(problem.to_text(io.look.colors_err()).as_bytes())?;
                        }
                    }
                }
                Err(closed @ Failure::ClosedPipe) => return Err(closed),
            }
        }
        records.finish()?;
        run.finish(self.strict, io)
    }

    /// Tells what is known before the first answer.
    fn start<'r>(&self, io: &mut Io<'_>, world: &'r World) -> Result<Run<'r>, Failure> {
        for problem in world.left_out() {
            io.err.write_all(problem.to_text(io.look.colors_err()).as_bytes())?;
        }
        if world.is_empty() {
            return Err(Problem::new("no-policies", "no policy is given, so nothing could be allowed")
                .help("give one: `--policy FILE`")
                .into());
        }
        let findings = world.findings();
        Ok(Run {
            world,
            format: self.format,
            detail: if self.explain { Detail::Trace } else { Detail::Answer },
            told: HashSet::new(),
            objections: findings.len(),
            waiting: findings,
            exit: Exit::Yes,
        })
    }
}

impl Run<'_> {
    /// Answers a question in every state that is asked.
    fn decide(&mut self, question: &Question) -> Result<DecisionObject, Failure> {
        let ready = self.world.set_for(question.principal_account(), question.owner(), question.resource())?;
        let indeterminate = self.world.is_missing_one_for(question.resource());
        let mut answers = Vec::new();
        let mut warnings = std::mem::take(&mut self.waiting);
        warnings.extend(of_question(question, &ready));
        for request in question.requests(&ready)? {
            let (mut answer, met) = answer(&ready.set, &request, self.world, self.detail);
            answer.indeterminate = indeterminate;
            self.objections += met.len();
            warnings.extend(met);
            answers.push(answer);
        }
        warnings.retain(|warning| self.told.insert(warning.clone()));
        for answer in &answers {
            self.exit = self.exit.and(exit_of(answer, question.expect));
        }
        Ok(DecisionObject::new(question.id.clone(), question.asked(), answers, warnings))
    }

    /// On standard error, unless they are part of the result.
    fn tell_warnings(
        &self,
        warnings: &[Warning],
        err: &mut dyn Write,
        look: &crate::look::Look,
    ) -> std::io::Result<()> {
        if self.format.is_json() || look.quiet {
            return Ok(());
        }
        let style = Style { colors: look.colors_err(), ..look.style() };
        warnings.iter().try_for_each(|warning| err.write_all(warning.to_text(style).as_bytes()))
    }

    fn finish(self, strict: bool, io: &mut Io<'_>) -> Result<Exit, Failure> {
        if strict && self.objections > 0 {
            io.out.flush()?;
            writeln!(io.err, "error[strict]: there are warnings about the policies, and --strict makes them trouble")?;
            return Ok(Exit::Trouble);
        }
        Ok(self.exit)
    }
}

/// Every action on every resource.
fn every_pair(
    given: &Given,
    actions: &[Action],
    resources: &[Resource],
    world: &World,
) -> Result<Vec<Question>, Failure> {
    if actions.is_empty() {
        let problem = Problem::new("no-action", "no action is asked for");
        return Err(problem.help("name one: `-a s3:GetObject`; or give a request: `--request FILE`").into());
    }
    let none = || Spanned::new(Resource::Star, Span::default());
    let mut questions = Vec::new();
    for action in actions {
        let mut object = RequestObject {
            action: Some(Spanned::new(action.clone(), Span::default())),
            ..RequestObject::default()
        };
        if resources.is_empty() {
            questions.push(given.question(object.clone(), None, world)?);
        }
        for resource in resources {
            object.resource = Some(Spanned { value: resource.clone(), ..none() });
            questions.push(given.question(object.clone(), None, world)?);
        }
    }
    Ok(questions)
}

fn read_request(document: &Document) -> Result<(RequestObject, Document), Failure> {
    match RequestObject::read(&document.bytes) {
        Ok(object) => Ok((object, document.clone())),
        Err(errors) => Err(Failure::Problems(problems(&errors, document))),
    }
}

fn problems(errors: &RequestErrors, document: &Document) -> Vec<Problem> {
    errors.iter().map(|error| Problem::at(document, error.to_diagnostic())).collect()
}

fn expectation(text: &str) -> Result<Expectation, Problem> {
    text.parse().map_err(|error: InvalidExpectation| {
        Problem::new("bad-expectation", format!("--expect: {error}")).help(error.help())
    })
}

/// What the shell is told of one answer.
fn exit_of(answer: &Answer, expected: Option<Expectation>) -> Exit {
    match expected {
        _ if answer.indeterminate => Exit::Undecided,
        Some(expected) if expected.is_met(answer) => Exit::Yes,
        Some(_) => Exit::No,
        None if answer.is_allowed() => Exit::Yes,
        None if answer.is_undecided() => Exit::Undecided,
        None => Exit::No,
    }
}

/// What is worth a warning about the question itself (UX-088 c).
fn of_question(question: &Question, ready: &Ready) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if question.assumed_principal {
        let message = "nobody is named, so `user/example` of account 111122223333 asks; name someone with -p";
        warnings.push(Warning::of_question("assumed-principal", message));
    }
    if question.assumed_resource && names_resources(&ready.set, question.action()) {
        let message = format!(
            "no resource is named, so `*` is asked about, and only `Resource: \"*\"` matches that; the policies \
             name resources for {}: name one with -r",
            question.action()
        );
        warnings.push(Warning::of_question("star-resource", message));
    }
    warnings
}

/// Is there a statement on this action that distinguishes resources?
fn names_resources(set: &PolicySet, action: &Action) -> bool {
    let on_action = |statement: &Statement| {
        let hit = |entry: &Spanned<String>| {
            Pattern::new(&entry.value.to_ascii_lowercase()).matches(action.folded())
        };
        statement.action.entries.iter().any(hit) != statement.action.negated
    };
    let by_resource = |statement: &Statement| {
        let part = statement.resource.as_ref();
        part.is_some_and(|part| part.entries.iter().all(|entry| entry.value != "*"))
    };
    set.statements().any(|(_, found)| by_resource(found.statement) && on_action(found.statement))
}

fn tell_unexpected(
    io: &mut Io<'_>,
    decision: &DecisionObject,
    expected: Option<Expectation>,
) -> Result<(), Failure> {
    if let Some(words) = unexpected(decision, expected) {
        io.out.flush()?;
        writeln!(io.err, "{words}")?;
    }
    Ok(())
}

/// The answers that are not the expected one, in words.
fn unexpected(decision: &DecisionObject, expected: Option<Expectation>) -> Option<String> {
    let expected = expected?;
    let wrong: Vec<String> = decision
        .answers
        .iter()
        .filter(|answer| !expected.is_met(answer))
        .map(|answer| format!("{} in the layer {} with MFA {}", answer.decision, answer.layer, answer.mfa))
        .collect();
    (!wrong.is_empty()).then(|| format!("expected {expected}, but it is {}", wrong.join(", ")))
}

/// The text of each deciding statement, once.
fn show_statements(
    io: &mut Io<'_>,
    decided: &[(DecisionObject, Option<Expectation>)],
    world: &World,
) -> Result<(), Failure> {
    let mut shown = Vec::new();
    for by in decided.iter().flat_map(|(decision, _)| &decision.answers).filter_map(|answer| answer.by.as_ref()) {
        let (Some(file), Some([start, end])) = (&by.file, by.span) else { continue };
        if shown.contains(&by) {
            continue;
        }
        shown.push(by);
        let Some(document) = world.document(file) else { continue };
        writeln!(io.out, "\n{}", lines_of(document, start, end))?;
    }
    Ok(())
}

/// The lines that hold a statement, numbered.
fn lines_of(document: &Document, start: u32, end: u32) -> String {
    const MOST: usize = 60;
    let text = document.text();
    let first = text.get(..start as usize).unwrap_or_default().matches('\n').count();
    let last = text.get(..end as usize).unwrap_or_default().matches('\n').count();
    let width = (last + 1).to_string().len();
    let mut shown = format!("{} --> {}:{}\n", " ".repeat(width), escaped(&document.name), first + 1);
    for (number, line) in text.lines().enumerate().skip(first).take((last - first + 1).min(MOST)) {
        shown.push_str(&format!("{:>width$} | {}\n", number + 1, escaped(line)));
    }
    if last - first + 1 > MOST {
        shown.push_str("... \n");
    }
    shown.trim_end().to_owned()
}
