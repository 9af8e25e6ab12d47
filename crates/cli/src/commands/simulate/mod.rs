//! `twokeys simulate`: decide a request, and say why.

mod stream;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use twokeys::engine::Decision;
use twokeys::name::Action;
use twokeys::report::{DecisionObject, Detail, Expectation, InvalidExpectation, Style};
use twokeys::request::{RequestObject, Resource};
use twokeys::source::{Diagnostic, Severity, Span, Spanned};

use crate::commands::Io;
use crate::deciding::{Run, unexpected};
use crate::excerpt;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::Document;
use crate::intake::{Given, Question, QuestionArgs, World, WorldArgs};
use crate::look::Look;
use crate::records::{Expecting, Format, Records};
use crate::survey::When;

/// Decide a request the way AWS does, in the three states of MFA
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys simulate --policy policies/mfa/self-manage.json -a s3:GetObject
  twokeys simulate --policy policies/mfa/self-manage.json -p user/alice \\
    -a iam:EnableMFADevice -r arn:aws:iam::111122223333:user/alice --explain
  twokeys simulate --policy policies/mfa/self-manage.json -a s3:GetObject \\
    --mfa missing --expect explicit-deny

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
    #[arg(long, value_name = "ANSWER[@LAYER]", help_heading = "Answer")]
    expect: Option<String>,
    /// Tell every step, and what would allow the request
    #[arg(long, help_heading = "Answer")]
    explain: bool,
    /// Show the text of the deciding statements
    #[arg(long, help_heading = "Answer")]
    show_policy: bool,
    /// Make warnings about policies trouble (exit status 2)
    #[arg(long, help_heading = "Answer")]
    strict: bool,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
    /// How many threads ask, with `--requests` [default: one for each core]
    #[arg(short, long, value_name = "N", help_heading = "Output", requires = "requests")]
    jobs: Option<usize>,
    /// When to show how far it is, on standard error
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN", help_heading = "Output", requires = "requests")]
    progress: When,
}

impl Simulate {
    /// Exit status: 0 allowed, 1 denied, 2 trouble, 3 undecided.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        self.fits_the_format()?;
        let now = io.input.now()?;
        let expect = self.expect.as_deref().map(expectation).transpose()?;
        let actions = self.question.actions()?;
        let resources = self.question.resources()?;

        if let Some(path) = &self.requests {
            let world = World::load(&self.world.files(&resources)?, &mut io.input)?;
            let given = Given { expect, ..self.question.given(now, &world)? };
            let given = given.with_one_of_each(&actions, &resources)?;
            return self.stream(io, path, &given, &world);
        }

        let read = match &self.request {
            Some(path) => {
                let document = io.input.read(path, "request")?;
                Some((read_request(&document)?, document))
            }
            None => None,
        };
        let own_resource = read.as_ref().and_then(|(object, _)| object.resource.as_ref());
        let asked_about: Vec<Resource> =
            resources.iter().cloned().chain(own_resource.map(|own| own.value.clone())).collect();
        let world = World::load(&self.world.files(&asked_about)?, &mut io.input)?;
        let given = Given { expect, ..self.question.given(now, &world)? };
        let mut questions = match read {
            Some((object, document)) => {
                let given = given.with_one_of_each(&actions, &resources)?;
                vec![given.question(object, Some(&document), &world)?]
            }
            None => every_pair(&given, &actions, &resources, &world)?,
        };
        self.answer_all(io, &mut questions, &world)
    }

    /// Are errors to be told as a record on one line?
    pub(crate) fn wants_lines(&self) -> bool {
        self.format == Format::Jsonl
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        self.format.is_json()
    }

    /// A flag that would change nothing in this format is a mistake.
    fn fits_the_format(&self) -> Result<(), Problem> {
        let (flag, help) = match self.format {
            Format::Md if self.explain => ("--explain", "`-f human` and `-f json` tell every step"),
            Format::Md | Format::Json | Format::Jsonl if self.show_policy => {
                ("--show-policy", "`-f human` shows the text; `-f json` tells file, line and span")
            }
            _ => return Ok(()),
        };
        let message = format!("`{flag}` has no place in this format");
        Err(Problem::new("usage", message).help(help))
    }

    fn answer_all(
        &self,
        io: &mut Io<'_>,
        questions: &mut [Question],
        world: &World,
    ) -> Result<Exit, Failure> {
        let expecting = if questions.len() == 1 { Expecting::One } else { Expecting::Several };
        let mut run = Run::start(world, self.detail(), io)?;
        run.note_idle(questions);
        let mut records = Records::new(self.format, expecting, io.look);
        let mut decided = Vec::new();
        for question in questions {
            let decision = run.decide(question)?;
            self.tell_warnings(&decision, io.err, &io.look)?;
            records.decision(io.out, &decision)?;
            decided.push((decision, question.expect));
        }
        records.finish(io.out)?;
        if self.show_policy && self.format == Format::Human {
            for excerpt in excerpt::of_deciding(decided.iter().map(|(decision, _)| decision), world) {
                write!(io.out, "\n{excerpt}")?;
            }
        }
        io.out.flush()?;
        let denied = |(decision, _): &(DecisionObject, _)| {
            decision.answers.iter().any(|answer| answer.decision == Decision::ImplicitlyDenied.as_str())
        };
        if self.format == Format::Human && !self.explain && !io.look.quiet && decided.iter().any(denied) {
            writeln!(io.err, "hint: --explain tells which statements came close to allowing it")?;
        }
        for words in decided.iter().filter_map(|(decision, expected)| unexpected(decision, *expected)) {
            writeln!(io.err, "{words}")?;
        }
        run.finish(self.strict, io)
    }

    fn detail(&self) -> Detail {
        if self.explain { Detail::Trace } else { Detail::Answer }
    }

    /// On standard error, unless they are part of the result. Those about the question are hints.
    fn tell_warnings(&self, decision: &DecisionObject, err: &mut dyn Write, look: &Look) -> io::Result<()> {
        if self.format.is_json() {
            return Ok(());
        }
        let style = Style { colors: look.colors_err(), ..look.style() };
        let told = decision.warnings.iter().filter(|warning| !look.quiet || !HINTS.contains(&&*warning.code));
        told.into_iter().try_for_each(|warning| err.write_all(warning.to_text(style).as_bytes()))
    }
}

/// Warnings that only say what was assumed or may be misspelled; `-q` leaves them out.
const HINTS: [&str; 3] = ["assumed-principal", "star-resource", "unknown-action"];

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
            object.resource = Some(Spanned::new(resource.clone(), Span::default()));
            questions.push(given.question(object.clone(), None, world)?);
        }
    }
    Ok(questions)
}

fn too_long(document: &Document) -> Failure {
    let at = Span::new(RequestObject::MAX_BYTES, RequestObject::MAX_BYTES);
    let diagnostic = Diagnostic {
        code: "file-too-large",
        severity: Severity::Error,
        message: "the line is longer than 1 MiB".to_owned(),
        span: at,
        label: String::new(),
        other: None,
        help: Some("write one request object a line".to_owned()),
    };
    Problem::at(document, diagnostic).into()
}

fn read_request(document: &Document) -> Result<RequestObject, Failure> {
    RequestObject::read(&document.bytes).map_err(|errors| {
        let problems = errors.iter().map(|error| Problem::at(document, error.to_diagnostic()));
        Failure::Problems(problems.collect())
    })
}

fn expectation(text: &str) -> Result<Expectation, Problem> {
    text.parse().map_err(|error: InvalidExpectation| {
        Problem::new("bad-expectation", format!("--expect: {error}")).help(error.help())
    })
}
