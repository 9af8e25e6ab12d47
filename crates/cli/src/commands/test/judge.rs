//! Asks what a case asks, and compares.

use chrono::{DateTime, Utc};
use twokeys::catalog;
use twokeys::engine::{StatementRef, explain};
use twokeys::name::{Action, nearest};
use twokeys::report::{Answer, Detail, Expectation, Warning, answer};
use twokeys::request::{MfaAsked, Request, RequestObject, Resource};
use twokeys::source::{Diagnostic, Position, Severity, Span, Spanned, shown};

use super::coverage::Coverage;
use super::fill::fill;
use super::outcome::{CaseOutcome, Unexpected};
use crate::deciding::of_question;
use crate::failure::{Failure, Problem};
use crate::input::Document;
use crate::intake::{self, Given, Ready, World};
use crate::reference::Lately;
use crate::testfile::{Case, Expected, State};

/// What all cases of one file share.
pub(super) struct Judge<'j> {
    pub(super) document: &'j Document,
    pub(super) world: &'j World,
    pub(super) now: DateTime<Utc>,
    pub(super) coverage: Option<&'j mut Coverage>,
    pub(super) warnings: Vec<Warning>,
}

/// One answer that a case asked for.
pub(super) struct Asked {
    pub(super) action: String,
    pub(super) resource: String,
    /// None while nothing is expected.
    expectation: Option<Expectation>,
    request: Request,
    ready: std::sync::Arc<Ready>,
    pub(super) answer: Answer,
}

impl Judge<'_> {
    /// Asks a case in all its states and compares.
    pub(super) fn case(&mut self, case: &Case) -> CaseOutcome {
        let mut outcome = outcome_of(self.document, &case.name);
        if let Expected::Nothing = case.expected {
            let help = "add `mfa = { missing = \"…\", false = \"…\", true = \"…\" }` or `expect`; \
                        `twokeys test --update` writes down what comes out now";
            outcome.problems.push(self.problem(
                "no-expectation",
                case.name.span,
                "the case expects nothing",
                help,
            ));
            return outcome;
        }
        let asked = match self.ask(case) {
            Ok(asked) => asked,
            Err(problems) => {
                outcome.problems = problems;
                return outcome;
            }
        };
        outcome.decisions = asked.len();
        if let Some(wanted) = &case.decided_by
            && let Some(problem) = self.unknown_statement(wanted, &asked)
        {
            outcome.problems.push(problem);
            return outcome;
        }
        let wanted = case.decided_by.as_ref().map(|wanted| wanted.value.as_str());
        outcome.failures = asked.into_iter().filter_map(|asked| self.compare(asked, wanted)).collect();
        outcome
    }

    /// Every action on every resource in every state.
    pub(super) fn ask(&mut self, case: &Case) -> Result<Vec<Asked>, Vec<Problem>> {
        let given = case.ask.resources.iter().map(Some);
        let resources: Vec<_> = if case.ask.resources.is_empty() { vec![None] } else { given.collect() };
        let mut all = Vec::new();
        let mut problems = Vec::new();
        for action in &case.ask.actions {
            for resource in &resources {
                match self.pair(case, action, *resource) {
                    Ok(asked) => all.extend(asked),
                    Err(Failure::Problems(more)) => {
                        let at = |problem: Problem| problem.or_at(self.document, case.name.span);
                        problems.extend(more.into_iter().map(at));
                    }
                    Err(Failure::ClosedPipe) => {}
                }
            }
        }
        // A mistake that every pair has is told once.
        problems.dedup_by_key(|problem| problem.to_json().to_string());
        if problems.is_empty() { Ok(all) } else { Err(problems) }
    }

    fn pair(
        &mut self,
        case: &Case,
        action: &Spanned<Action>,
        resource: Option<&Spanned<String>>,
    ) -> Result<Vec<Asked>, Failure> {
        let ask = &case.ask;
        if let Some(meant) = misspelled(action.value.as_str()) {
            let message = format!("AWS's reference of {} has no action `{}`", catalog::date(), action.value);
            let help = format!("did you mean `{meant}`?");
            return Err(self.problem("unknown-action", action.span, &message, &help).into());
        }
        let given = Given { now: self.now, ..Given::default() };
        let mut object = RequestObject {
            action: Some(action.clone()),
            resource_account: ask.resource_account.clone(),
            details: ask.details.clone(),
            context: ask.context.clone(),
            mfa_key: ask.has_mfa_key().then_some(case.name.span),
            credential: ask.credential.clone(),
            ..RequestObject::default()
        };
        if let Some(text) = &ask.principal {
            let (principal, role) = intake::principal(&text.value, self.world.home())
                .map_err(|wrong| wrong.or_at(self.document, text.span))?;
            object.details.role_arn = object.details.role_arn.or(role);
            object.principal = Some(Spanned::new(principal, text.span));
        }
        if let Some(resource) = resource {
            object.resource = Some(self.resource(&given, &object, resource)?);
        }
        let as_it_is = object.mfa_key.is_some() || object.credential.is_some();
        let age = ask.mfa_age.as_ref().map_or(0, |age| age.value);
        let mut rounds: Vec<(Option<MfaAsked>, Option<Expectation>)> = Vec::new();
        match &case.expected {
            Expected::States(states) => {
                rounds
                    .extend(states.iter().map(|(state, expected)| (Some(asked_in(*state)), Some(*expected))));
            }
            Expected::Same(expected) if as_it_is => rounds.push((None, Some(*expected))),
            Expected::Same(expected) => rounds.push((Some(MfaAsked::All), Some(*expected))),
            Expected::Nothing if as_it_is => rounds.push((None, None)),
            Expected::Nothing => rounds.push((Some(MfaAsked::All), None)),
        }
        let mut all = Vec::new();
        for (mfa, expectation) in rounds {
            let with_age = matches!(mfa, Some(MfaAsked::True | MfaAsked::All));
            let object = RequestObject {
                mfa: mfa.map(|mfa| Spanned::new(mfa, case.name.span)),
                mfa_age: with_age.then(|| Spanned::new(age, case.name.span)),
                ..object.clone()
            };
            let mut question = given.question(object, Some(self.document), self.world)?;
            let ready = self.world.set_for(&question)?;
            self.warnings
                .extend(of_question(&question, &ready, &mut Lately::default()).into_iter().map(in_a_file));
            for request in question.requests(&ready)? {
                let (answer, warnings) =
                    answer(&ready.set, &request, &self.world.origins(&ready), Detail::Answer);
                self.warnings.extend(warnings);
                if let Some(coverage) = &mut self.coverage {
                    coverage.see(&ready.set, &explain(&ready.set, &request), self.world);
                }
                all.push(Asked {
                    action: action.value.as_str().to_owned(),
                    resource: request.resource.as_str().to_owned(),
                    expectation,
                    request,
                    ready: std::sync::Arc::clone(&ready),
                    answer,
                });
            }
        }
        Ok(all)
    }

    /// The resource with its variables filled from the context that the request would have.
    fn resource(
        &self,
        given: &Given,
        object: &RequestObject,
        text: &Spanned<String>,
    ) -> Result<Spanned<Resource>, Failure> {
        let mut filled = text.value.clone();
        if filled.contains("${") {
            let mut question = given.question(object.clone(), Some(self.document), self.world)?;
            let ready = self.world.set_for(&question)?;
            let requests = question.requests(&ready)?;
            let context = requests.first().map(|request| &request.context);
            filled = context.map_or(Ok(filled), |context| fill(&text.value, context)).map_err(|variable| {
                let message = format!("`{}` has nothing to stand for in this request", shown(&variable));
                let help = "name the principal that has it, give the key in `context`, or write the resource out";
                self.problem("unresolved-variable", text.span, &message, help)
            })?;
        }
        let parsed = filled.parse::<Resource>().map_err(|error| {
            let help = "write an ARN, such as `arn:aws:s3:::bucket/key`, or `*`";
            self.problem("bad-arn", text.span, &error.to_string(), help)
        })?;
        Ok(Spanned::new(parsed, text.span))
    }

    fn compare(&self, asked: Asked, wanted_by: Option<&str>) -> Option<Unexpected> {
        let expectation = asked.expectation?;
        let met = expectation.is_met(&asked.answer);
        let by_wanted = wanted_by.is_none_or(|wanted| {
            asked.answer.by.as_ref().is_some_and(|by| {
                by.sid.as_deref() == Some(wanted) || format!("{}/{}", by.policy, by.index) == wanted
            })
        });
        if met && by_wanted {
            return None;
        }
        let (answer, _) = answer(&asked.ready.set, &asked.request, self.world, Detail::Trace);
        let expected = match wanted_by.filter(|_| !by_wanted) {
            Some(wanted) => format!("{expectation} by {wanted}"),
            None => expectation.to_string(),
        };
        Some(Unexpected {
            action: asked.action,
            resource: asked.resource,
            wants_allow: expectation.wants_allow(),
            wanted_by: wanted_by.filter(|_| !by_wanted).map(str::to_owned),
            expected,
            answer,
        })
    }

    /// UX-063: a statement that is in no policy cannot decide.
    fn unknown_statement(&self, wanted: &Spanned<String>, asked: &[Asked]) -> Option<Problem> {
        let mut names = Vec::new();
        for one in asked {
            for (_, statement) in one.ready.set.statements() {
                names.extend(names_of(&statement));
            }
        }
        if names.contains(&wanted.value) {
            return None;
        }
        let help = match nearest(&wanted.value, names.iter().map(String::as_str)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "name a Sid, or the policy and the number of the statement: `force-mfa/2`".to_owned(),
        };
        let message = format!("no policy of this case has a statement `{}`", shown(&wanted.value));
        Some(self.problem("unknown-statement", wanted.span, &message, &help))
    }

    fn problem(&self, code: &'static str, span: Span, message: &str, help: &str) -> Problem {
        problem(self.document, code, span, message, help)
    }
}

/// The action that was meant by one that does not exist (UX-063). AWS adds actions daily: a name that
/// comes close to none may be new, and is asked.
fn misspelled(action: &str) -> Option<String> {
    let unknown = catalog::action(action).is_none();
    unknown.then(|| catalog::nearest_action(action)).flatten().map(|meant| meant.to_string())
}

/// A warning about a question, with what to do about it in a test file.
fn in_a_file(mut warning: Warning) -> Warning {
    let member = match &*warning.code {
        "assumed-principal" => "principal",
        "star-resource" => "resource",
        _ => return warning,
    };
    warning.help = Some(format!("add `{member}` to the case or to `world`"));
    warning
}

/// A mistake of a test file that shows only when its cases are asked.
pub(super) fn problem(
    document: &Document,
    code: &'static str,
    span: Span,
    message: &str,
    help: &str,
) -> Problem {
    let diagnostic = Diagnostic {
        code,
        severity: Severity::Error,
        message: message.to_owned(),
        span,
        label: String::new(),
        other: None,
        help: Some(help.to_owned()),
    };
    Problem::at(document, diagnostic)
}

/// An outcome with nothing in it yet.
pub(super) fn outcome_of(document: &Document, name: &Spanned<String>) -> CaseOutcome {
    CaseOutcome {
        name: name.value.clone(),
        line: Position::of(&document.bytes, name.span.range().start).line,
        ..CaseOutcome::default()
    }
}

/// The names by which a statement can be meant: its Sid, and its policy with its number.
pub(super) fn names_of(statement: &StatementRef<'_>) -> Vec<String> {
    let sid = statement.statement.sid.as_ref().map(|sid| sid.value.clone());
    sid.into_iter().chain([format!("{}/{}", statement.policy.name(), statement.index)]).collect()
}

fn asked_in(state: State) -> MfaAsked {
    match state {
        State::Missing => MfaAsked::Missing,
        State::False => MfaAsked::False,
        State::True => MfaAsked::True,
    }
}
