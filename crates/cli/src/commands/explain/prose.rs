//! A decision object, told as one would tell a colleague.

use twokeys::report::{Answer, By, DecisionObject, Pair, Step, Style};
use twokeys::source::{escaped, shown};

use super::page::Page;

/// The story of one decision.
pub(super) fn told(decision: &DecisionObject, style: Style) -> String {
    let request = &decision.request;
    let title = format!("{} on {}", escaped(&request.action), escaped(&request.resource));
    let mut page = Page::new(style, &title, "");
    page.heading(&format!("Asked by {}.", escaped(&request.principal)));
    let mut above: Option<&Answer> = None;
    for answer in &decision.answers {
        let same = above.is_some_and(|above| above.decision == answer.decision && above.by == answer.by);
        let story = if same && answer.by.is_some() {
            "the same, by the same statement.".to_owned()
        } else {
            outcome(answer)
        };
        page.paragraph(&format!("{}, {story} {}", state(answer), why(answer)));
        above = Some(answer);
    }
    if decision.mfa_decides {
        page.paragraph("So the state of MFA decides this request.");
    } else if decision.answers.len() > 1 {
        page.paragraph("So MFA makes no difference here.");
    }
    for answer in &decision.answers {
        let Some(changes) = answer.would_allow.as_ref().filter(|changes| !changes.is_empty()) else {
            continue;
        };
        let changes: Vec<String> = changes.iter().map(|change| escaped(&change.detail)).collect();
        page.paragraph(&format!("{}, this would allow it: {}.", state(answer), changes.join("; or ")));
    }
    let mut absent: Vec<&str> =
        decision.answers.iter().flat_map(|answer| &answer.assumed_absent).map(String::as_str).collect();
    absent.sort_unstable();
    absent.dedup();
    if !absent.is_empty() {
        let absent = escaped(&absent.join(", "));
        page.paragraph(&format!("Nothing said anything about {absent}, so they counted as absent."));
    }
    for warning in &decision.warnings {
        page.paragraph(&format!("Beware: {} ({}).", escaped(&warning.message), escaped(&warning.code)));
    }
    page.into_text()
}

/// Who is meant by a state of MFA.
fn state(answer: &Answer) -> String {
    let age = answer.mfa_age.as_ref().map(|age| format!(", used {age} seconds ago")).unwrap_or_default();
    match &*answer.mfa {
        "missing" => "With an access key, or with other credentials that say nothing of MFA".to_owned(),
        "false" => "With temporary credentials got without MFA".to_owned(),
        "true" => format!("With credentials got with MFA{age}"),
        "unknown" => "Whatever the state of MFA, which nobody knows".to_owned(),
        _ => "With a value for MFA that is neither true nor false".to_owned(),
    }
}

/// What was decided, and by what.
fn outcome(answer: &Answer) -> String {
    if answer.indeterminate {
        return "no answer can be given: a policy that applies could not be read. It counts as denied."
            .to_owned();
    }
    let layer = layer(&answer.layer);
    match (&*answer.decision, &answer.by) {
        ("ExplicitlyDenied", Some(by)) => {
            format!(
                "it is denied: in the {layer} {} the Deny {} matches, and nothing overrides a Deny.",
                policy(by),
                statement(by)
            )
        }
        ("Allowed", Some(by)) => {
            format!(
                "it is allowed: in the {layer} {} the Allow {} matches, and nothing stands against it.",
                policy(by),
                statement(by)
            )
        }
        ("Allowed", None) if answer.layer == "root" => {
            "it is allowed: the root user needs no grant in its own account, and nothing stands against it."
                .to_owned()
        }
        ("Allowed", None) if answer.layer == "exempt" => {
            "it is allowed: no policy can take this call away.".to_owned()
        }
        ("ImplicitlyDenied", _) if answer.layer == "credential" => {
            "it is denied: credentials of this kind cannot make this call, whatever the policies say."
                .to_owned()
        }
        ("ImplicitlyDenied", _) => {
            format!("it is denied: no Deny matches, but no {layer} allows it, and one would have to.")
        }
        ("Undecided", _) => {
            let keys = if answer.unknown_keys.is_empty() {
                "keys that nobody knows".to_owned()
            } else {
                escaped(&answer.unknown_keys.join(", "))
            };
            let can: Vec<&str> = answer.possible.iter().map(|decision| in_words(decision)).collect();
            format!("it is undecided: it hangs on {keys}, and can be {}.", can.join(" or "))
        }
        (decision, _) => format!("it is {}.", in_words(decision)),
    }
}

fn in_words(decision: &str) -> &str {
    match decision {
        "Allowed" => "allowed",
        "ImplicitlyDenied" => "denied because nothing allows it",
        "ExplicitlyDenied" => "denied by a statement",
        other => other,
    }
}

/// What the trace adds, if there is one: the tests of the deciding statement, or what came close.
fn why(answer: &Answer) -> String {
    let steps = answer.trace.iter().flatten().flat_map(|stage| &stage.statements);
    match &answer.by {
        Some(by) => {
            let decided = steps.clone().find(|step| step.by == *by);
            let tests = decided.iter().flat_map(|step| &step.conditions).map(test);
            tests.collect::<Vec<_>>().join(" ")
        }
        None if answer.decision == "ImplicitlyDenied" => {
            let near =
                steps.filter(|step| step.effect == "Allow" && step.applies == "false").filter_map(miss);
            near.take(3).collect::<Vec<_>>().join(" ")
        }
        None => String::new(),
    }
}

/// One test of a condition with its result.
fn test(pair: &Pair) -> String {
    let (operator, key) = (escaped(&pair.operator), escaped(&pair.key));
    let holds = match &*pair.holds {
        "true" => "is met",
        "false" => "is not met",
        _ => "may be met",
    };
    let because = match &*pair.reason {
        "key-missing" => "the key is missing".to_owned(),
        "if-exists" => "the key is missing, and IfExists makes the test hold".to_owned(),
        "empty-set" => "the key is missing, and ForAllValues has nothing to object to".to_owned(),
        "set-operator-needed" => "the key has several values, and the operator no set prefix".to_owned(),
        "key-unknown" => "nobody knows the key".to_owned(),
        "presence" if pair.state == "absent" => "the key is missing".to_owned(),
        "presence" => "the key is there".to_owned(),
        _ => format!("the request has {}", listed(&pair.request)),
    };
    format!("Its test {operator} {key} {} {holds}: {because}.", listed(&pair.policy))
}

/// Where an Allow stopped that got further than its action.
fn miss(step: &Step) -> Option<String> {
    let name = format!("{} of {}", statement(&step.by), policy(&step.by));
    let failed = step.parts.iter().find(|part| part.holds == "false")?;
    match &*failed.element {
        "Action" | "NotAction" => None,
        "Condition" => {
            let test =
                step.conditions.iter().find(|pair| pair.holds == "false").map(test).unwrap_or_default();
            Some(format!("The Allow {name} stops at its condition. {test}"))
        }
        element => {
            let has = failed.request.as_deref().map(shown).unwrap_or_default();
            Some(format!(
                "The Allow {name} stops at {element}: it has {}, the request `{has}`.",
                listed(&failed.policy)
            ))
        }
    }
}

fn listed(values: &[String]) -> String {
    let shown = values.iter().take(3).map(|value| format!("`{}`", shown(value)));
    let more = if values.len() > 3 { format!(" and {} more", values.len() - 3) } else { String::new() };
    shown.collect::<Vec<_>>().join(", ") + &more
}

fn policy(by: &By) -> String {
    escaped(&by.policy)
}

fn statement(by: &By) -> String {
    let name = match by.sid.as_deref() {
        None | Some("") => format!("statement {}", by.index),
        Some(sid) => escaped(sid),
    };
    match (&by.file, by.line) {
        (Some(file), Some(line)) => format!("{name} ({}:{line})", escaped(file)),
        _ => name,
    }
}

fn layer(word: &str) -> &str {
    match word {
        "identity" => "identity policy",
        "resource" => "resource policy",
        "boundary" => "permissions boundary",
        "session" => "session policy",
        "scp" => "service control policy",
        "rcp" => "resource control policy",
        "endpoint" => "policy of the VPC endpoint",
        other => other,
    }
}
