//! What is wrong with a question, told where it stands in the request object if it stands there.

use twokeys::request::{Credential, Principal};
use twokeys::source::{Diagnostic, Severity, Span};

use crate::failure::Problem;
use crate::input::Document;

/// The place of a member in a request object, for messages.
pub(super) type At<'d> = Option<(&'d Document, Span)>;

/// The problem at the start of the request object, if there is one.
pub(super) fn placed(problem: Problem, document: Option<&Document>) -> Problem {
    match document {
        Some(document) => problem.or_at(document, Span::new(0, 1)),
        None => problem,
    }
}

pub(super) fn nobody(document: Option<&Document>) -> Problem {
    let help = "name a user or a role: `-p user/NAME`; `twokeys account summary` lists them";
    let at = document.map(|document| (document, Span::new(0, 1)));
    problem("no-principal", "nobody of the account is named".to_owned(), help.to_owned(), at)
}

pub(super) fn missing_action(document: Option<&Document>) -> Problem {
    let message = "no action is asked for";
    let help = "name one: `-a s3:GetObject`, or `\"action\": \"s3:GetObject\"` in the request";
    problem(
        "no-action",
        message.to_owned(),
        help.to_owned(),
        document.map(|document| (document, Span::new(0, 1))),
    )
}

pub(super) fn given_twice(member: &str, flag: &str, at: At<'_>) -> Problem {
    let message = format!("`{member}` is given twice: in the request and by `{flag}`");
    problem("given-twice", message, "take one of the two away".to_owned(), at)
}

pub(super) fn twice(one: &str, other: &str) -> Problem {
    let message = format!("the same is said twice: by {one} and by {other}");
    Problem::new("given-twice", message).help("take one of the two away")
}

pub(super) fn misfit(credential: Credential, principal: &Principal) -> Problem {
    let (who, has) = match credential {
        Credential::Role { .. } => ("a session of a role", "give one: `-p role/NAME`"),
        Credential::Root => ("root", "give it: `-p root`"),
        Credential::Federated => (
            "a federated user or a session of a role",
            "give one: `-p arn:aws:sts::ACCOUNT:federated-user/NAME`",
        ),
        Credential::AccessKey | Credential::Session { .. } | Credential::Console { .. } => {
            ("a user or root", "give one: `-p user/NAME`; a session of a role has `--credential role`")
        }
    };
    let message =
        format!("only {who} can have the credential `{credential}`, but `{}` asks", principal.as_str());
    Problem::new("bad-credential", message).help(has)
}

/// A problem with its place, if it has one.
pub(super) fn problem(code: &'static str, message: String, help: String, at: At<'_>) -> Problem {
    match at {
        Some((document, span)) => {
            let (severity, label) = (Severity::Error, String::new());
            let diagnostic =
                Diagnostic { code, severity, message, span, label, other: None, help: Some(help) };
            Problem::at(document, diagnostic)
        }
        None => Problem::new(code, message).help(help),
    }
}
