//! What AWS's service reference adds to a question: wildcards written out, and a word where a name or `*` looks wrong.
//!
//! None of it changes an answer: an action that nobody has heard of is decided like any other (AC-007).

use std::collections::HashSet;

use twokeys::catalog;
use twokeys::engine::PolicySet;
use twokeys::name::{Action, InvalidAction, Pattern};
use twokeys::policy::Statement;
use twokeys::report::Warning;
use twokeys::request::RequestErrorKind;
use twokeys::source::Spanned;

use crate::failure::Problem;
use crate::intake::Question;

/// The actions that `-a` names. With `catalog` a wildcard stands for all that match, and none comes twice.
pub(crate) fn actions(texts: &[String], catalog: bool) -> Result<Vec<Action>, Problem> {
    let mut actions = Vec::new();
    for text in texts {
        match text.parse() {
            Ok(action) => actions.push(action),
            Err(InvalidAction::Wildcard(pattern)) if catalog => actions.extend(written_out(&pattern)?),
            Err(error) => return Err(wrong(text, error)),
        }
    }
    if catalog {
        let mut seen = HashSet::new();
        actions.retain(|action: &Action| seen.insert(action.folded().to_owned()));
    }
    Ok(actions)
}

fn written_out(pattern: &str) -> Result<Vec<Action>, Problem> {
    let found = catalog::expand(pattern);
    if found.is_empty() {
        let message = format!("-a: `{pattern}` matches no action that AWS had on {}", catalog::date());
        return Err(Problem::new("no-such-action", message)
            .help("a pattern is `*`, or a service and a name with a colon between them, such as `s3:Get*`"));
    }
    Ok(found.into_iter().filter_map(|action| action.to_name().ok()).collect())
}

fn wrong(text: &str, error: InvalidAction) -> Problem {
    let wildcard = matches!(error, InvalidAction::Wildcard(_));
    let kind = RequestErrorKind::from(error);
    let problem = Problem::new(kind.code(), format!("-a: {kind}"));
    if wildcard {
        return problem.help("`--catalog` asks about every action that it matches");
    }
    match catalog::nearest_action(text) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")),
        None => problem.help(kind.help().unwrap_or_else(|| "write it as `s3:GetObject`".to_owned())),
    }
}

/// Actions that were looked up lately: a stream asks for a few again and again.
#[derive(Default)]
pub(crate) struct Lately(Vec<(String, Option<catalog::Action>)>);

impl Lately {
    /// No more than these are looked through before the whole catalog is.
    const MOST: usize = 16;

    fn action(&mut self, folded: &str) -> Option<catalog::Action> {
        if let Some((_, known)) = self.0.iter().find(|(name, _)| name == folded) {
            return *known;
        }
        if self.0.len() >= Self::MOST {
            self.0.clear();
        }
        let known = catalog::action(folded);
        self.0.push((folded.to_owned(), known));
        known
    }
}

/// What is worth a warning about the action, and about a resource that is not named (UX-088 c).
pub(crate) fn of_question(question: &Question, set: &PolicySet, lately: &mut Lately) -> Vec<Warning> {
    let action = question.action();
    let known = lately.action(action.folded());
    let mut warnings = Vec::new();
    if known.is_none() {
        warnings.push(unknown_action(action));
    }
    let takes_resource = known.map_or_else(|| names_resources(set, action), catalog::Action::takes_resource);
    if question.assumed_resource && takes_resource {
        // Without the action's name, so that it is told once a run.
        let message = "no resource is named, so `*` is asked about, which only `Resource: \"*\"` matches; \
                       the action takes a resource";
        warnings.push(Warning::of_question("star-resource", message, "name one: `-r ARN`"));
    }
    warnings
}

/// Where the policy of the resource must allow as well, a question without a resource promises too much.
pub(crate) fn second_policy(action: &Action) -> Option<&'static str> {
    match action.folded() {
        "sts:assumerole" | "sts:tagsession" | "sts:setsourceidentity" => {
            Some("whether a role can be assumed is decided by its trust policy, too; ask about one: -r ARN")
        }
        _ if action.service() == "kms" => Some(
            "a key's own policy decides, too; ask about one and give it: -r ARN --resource-policy ARN=FILE",
        ),
        _ => None,
    }
}

/// Nobody has heard of this action.
pub(crate) fn unknown_action(action: &Action) -> Warning {
    let message = format!("AWS had no action `{action}` on {}; it is decided as it stands", catalog::date());
    let help = match catalog::nearest_action(action.as_str()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "if AWS has added it since, all is well".to_owned(),
    };
    Warning::of_question("unknown-action", message, &help)
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
