//! `twokeys who-can`: everyone who may do something, and what lets them in.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use twokeys::account::{CallerKind, PrincipalRef, Trust};
use twokeys::engine::Actions;
use twokeys::name::Action;
use twokeys::report::matrix::{StateWords, States, holder, legend, line};
use twokeys::report::{SCHEMA_VERSION, Style};
use twokeys::source::escaped;

use super::Io;
use crate::deciding;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::intake::World;
use crate::reference;
use crate::survey::{self, Answered, Deciding, Progress, Survey, SurveyArgs, args};
use crate::words::counted;

/// Tell who of an account may do something, in each state of MFA, and which statement lets them in
///
/// Roles are asked twice: what a session may do, and whether one can become a session without MFA. Without
/// -r the question is whether there is a resource, and the one that was found is named.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys who-can -a iam:DeactivateMFADevice --account tests/data/account/moto.json --without-mfa
  twokeys who-can -a s3:DeleteBucket -r arn:aws:s3:::amzn-s3-demo-bucket \\
    --account tests/data/account/moto.json --format json

Exit status: 0 told, 1 with --fail-on any someone may do it, 2 trouble, 3 something is unknown.")]
pub(crate) struct WhoCan {
    /// What is to be done
    #[arg(short, long, value_name = "ACTION", help_heading = "Request", required = true)]
    action: String,
    /// To which thing [default: is there one?]
    #[arg(short, long, value_name = "ARN", help_heading = "Request")]
    resource: Option<String>,
    #[command(flatten)]
    survey: SurveyArgs,
    /// Only those who need no MFA for it
    #[arg(long, help_heading = "MFA")]
    without_mfa: bool,
    /// What makes the exit status 1
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Answer")]
    fail_on: Option<FailOn>,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
}

/// `--fail-on`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Someone is listed
    Any,
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// One of those who may.
struct Found {
    label: String,
    letter: char,
    /// What lets in, in words.
    via: String,
    resource: String,
    remark: Option<&'static str>,
    data: Value,
    without_mfa: bool,
}

/// What one principal comes to.
enum Made {
    Denied { undecided: bool },
    Indeterminate(String),
    Allowed(Box<Found>, bool),
}

impl WhoCan {
    /// Exit status: 0 told, 1 found what `--fail-on` names, 2 trouble, 3 something is unknown.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let resources = args::resources(self.resource.as_slice())?;
        let actions = reference::actions(std::slice::from_ref(&self.action), true)?;
        let [action] = actions.as_slice() else { return Err(several(&self.action, actions.len()).into()) };
        let world = World::load(&self.survey.world.files(&resources)?, &mut io.input)?;
        let home = self.survey.home(&world)?;
        let survey = Survey {
            principals: self.survey.principals(home)?,
            circumstances: self.survey.circumstances(home, &world, &mut io.input)?,
            actions: Actions::new(vec![action.clone()]),
            sensitive: twokeys::account::Sensitive::default(),
            world: &world,
            home,
            resources,
        };
        deciding::tell_before(&world, io)?;
        survey.refuse_two_boundaries()?;
        survey.warn_of_actions(io)?;
        let (mut found, mut asked, mut unknown) = (Vec::new(), 0, Vec::new());
        let mut open = false;
        let mut progress = Progress::new(self.survey.progress, survey.principals.len(), "principals");
        survey.run(
            survey::jobs(self.survey.jobs),
            &mut progress,
            |answered| self.made(&survey, io.look.style(), &answered),
            |made| {
                asked += 1;
                match made {
                    Made::Denied { undecided } => open |= undecided,
                    Made::Indeterminate(words) => unknown.push(words),
                    Made::Allowed(one, undecided) => {
                        open |= undecided;
                        found.push(*one);
                    }
                }
                Ok(())
            },
        )?;
        progress.finish();
        match self.format {
            Format::Human => self.tell(&found, asked, io)?,
            Format::Json => self.write(&found, action, asked, &unknown, io.out)?,
        }
        io.out.flush()?;
        for words in &unknown {
            writeln!(io.err, "{}: indeterminate, counts as denied", escaped(words))?;
        }
        let is_unknown = open || !unknown.is_empty();
        let fails = self.fail_on.is_some() && !found.is_empty();
        let unknown = if is_unknown { Exit::Undecided } else { Exit::Yes };
        Ok(unknown.and(if fails { Exit::No } else { Exit::Yes }))
    }

    /// Are errors to be told as data?
    pub(crate) fn wants_json(&self) -> bool {
        self.format == Format::Json
    }

    fn made(&self, survey: &Survey<'_>, style: Style, answered: &Answered<'_>) -> Made {
        let label = answered.principal.label();
        if answered.indeterminate().is_some() {
            return Made::Indeterminate(label);
        }
        let mut deciding = Deciding::new(survey, States::Compare);
        let Some((row, cell)) = answered.cells().next() else { return Made::Denied { undecided: false } };
        let undecided = States::Compare.is_undecided(cell.answers);
        let trust = match answered.principal {
            PrincipalRef::User(_) => None,
            PrincipalRef::Role(role) => Some(Trust::of(role, &survey.circumstances)),
        };
        // A role of whose trust policy nothing can be said may be open.
        let open_door =
            trust.as_ref().is_none_or(|trust| trust.as_ref().map_or(true, Trust::lets_in_without_mfa));
        let without_mfa = open_door && cell.is_allowed_without_mfa();
        let allowed = if self.without_mfa { without_mfa } else { States::Compare.is_allowed(cell.answers) };
        if !allowed {
            return Made::Denied { undecided };
        }
        let by = deciding.by(row, &cell);
        let via = by.map_or_else(|| "a rule beside the policies".to_owned(), |by| line(&label, by, style));
        let remark = trust.as_ref().and_then(|trust| door(trust.as_ref().ok()));
        let trust_word = trust.and_then(Result::ok).and_then(|trust| trust.verdict());
        let answers = StateWords::new(States::Compare, |state| match state {
            States::Missing | States::Compare => cell.answers.missing,
            States::False => cell.answers.false_,
            States::True => cell.answers.true_,
        });
        let mut data = json!({
            "principal": label,
            "resource": cell.resource.as_str(),
            "answers": answers,
            "verdict": cell.verdict.as_str(),
            "via": by.map(|by| holder(&label, by)),
            "by": by,
        });
        if let (PrincipalRef::Role(_), Value::Object(members)) = (answered.principal, &mut data) {
            members.insert("trust".into(), trust_word.map(twokeys::verdict::Verdict::as_str).into());
        }
        let resource = cell.resource.as_str().to_owned();
        let letter = States::Compare.letter(&cell);
        Made::Allowed(Box::new(Found { label, letter, via, resource, remark, data, without_mfa }), undecided)
    }

    fn tell(&self, found: &[Found], asked: usize, io: &mut Io<'_>) -> Result<(), Failure> {
        let style = io.look.style();
        let names = found.iter().map(|one| one.label.chars().count()).max().unwrap_or_default().max(15) + 2;
        let vias = found.iter().filter(|one| one.remark.is_some()).map(|one| one.via.chars().count());
        let vias = vias.max().unwrap_or_default().max(32);
        let mut out = String::new();
        for one in found {
            let letter = if self.without_mfa { String::new() } else { format!("{}  ", one.letter) };
            let name = escaped(&one.label);
            let first = format!("{name}{}{letter}", " ".repeat(names.saturating_sub(name.chars().count())));
            let on = if self.resource.is_none() && one.resource != "*" {
                format!(" on {}", escaped(&one.resource))
            } else {
                String::new()
            };
            let remark = one.remark.map(|remark| {
                let gap = if on.is_empty() { vias.saturating_sub(one.via.chars().count()) } else { 0 };
                format!("{} ({remark})", " ".repeat(gap))
            });
            let text = format!("via {}{on}{}", one.via, remark.unwrap_or_default());
            // Broken lines go on below the first word.
            let whole = format!("{first}{text}\n");
            if style.width.is_none_or(|most| whole.chars().count() <= most + 1) {
                out.push_str(&whole);
            } else {
                style.push(
                    &mut out,
                    &first,
                    &text.split_whitespace().collect::<Vec<_>>().join(" "),
                    names + letter.len(),
                );
            }
        }
        io.out.write_all(out.as_bytes())?;
        if io.look.quiet {
            return Ok(());
        }
        let of = format!("{} of {}", found.len(), counted(asked, "principal"));
        if self.without_mfa {
            writeln!(io.out, "{of} can do this without MFA")?;
            return Ok(());
        }
        let without = found.iter().filter(|one| one.without_mfa).count();
        writeln!(io.out, "{of} can do this, {without} of them without MFA (--without-mfa)")?;
        let used = |line: &&String| {
            line.chars().next().is_some_and(|letter| found.iter().any(|one| one.letter == letter))
        };
        for line in legend(States::Compare, true, false).iter().filter(used) {
            writeln!(io.out, "  {line}")?;
        }
        Ok(())
    }

    fn write(
        &self,
        found: &[Found],
        action: &Action,
        asked: usize,
        unknown: &[String],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut document = json!({
            "schema_version": SCHEMA_VERSION,
            "action": action.as_str(),
            "resource": self.resource,
            "principals": found.iter().map(|one| &one.data).collect::<Vec<_>>(),
            "asked": asked,
        });
        if let (false, Value::Object(members)) = (unknown.is_empty(), &mut document) {
            members.insert("indeterminate".into(), json!(unknown));
        }
        writeln!(out, "{document:#}")
    }
}

/// What it takes to become a session of the role.
fn door(trust: Option<&Trust>) -> Option<&'static str> {
    let Some(trust) = trust else { return Some("its trust policy cannot be read") };
    let people =
        trust.callers.iter().any(|caller| matches!(caller.kind, CallerKind::People | CallerKind::Role));
    match trust.lets_in_without_mfa() {
        true => Some("trust policy does not require MFA: M491"),
        false if people => Some("trust policy requires MFA"),
        false => Some("trust policy lets in no people"),
    }
}

fn several(text: &str, count: usize) -> Problem {
    let message = format!("-a: `{text}` stands for {count} actions, and who-can asks about one");
    Problem::new("bad-action", message).help("`twokeys matrix -a` asks about many")
}
