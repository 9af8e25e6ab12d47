//! What can be wrong with a request object, in words that say what to do next.

use std::fmt;

use thiserror::Error;

use super::super::context::ContextError;
use super::super::credential::{Credential, InvalidCredential, MfaAsked};
use super::super::principal::InvalidPrincipal;
use super::Details;
use super::read::MEMBERS;
use crate::json;
use crate::name::{InvalidAccountId, InvalidAction, InvalidArn, nearest};
use crate::source::{Diagnostic, Severity, Span};

/// What stands where the JSON reader could not read on.
pub(super) const BROKEN: &str = "something unreadable";

/// One mistake in a request object and its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct RequestError {
    span: Span,
    kind: RequestErrorKind,
}

/// All mistakes of a request object; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestErrors {
    first: RequestError,
    others: Vec<RequestError>,
}

/// The mistake itself, apart from where it stands.
///
/// New kinds may appear in any minor release.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestErrorKind {
    /// The text is no JSON.
    #[error(transparent)]
    Json(json::Error),
    /// A member that no request has.
    #[error("a request has no member `{0}`")]
    Member(String),
    /// A member that `principalDetails` does not have.
    #[error("`principalDetails` has no member `{0}`")]
    Detail(String),
    /// A value of the wrong JSON type.
    #[error("{member} is {expected}, but here stands {found}")]
    Type {
        /// Which value.
        member: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// `principal` names no requester.
    #[error(transparent)]
    Principal(#[from] InvalidPrincipal),
    /// `action` is no action.
    #[error(transparent)]
    Action(#[from] InvalidAction),
    /// `resource` or one of the details is no ARN.
    #[error(transparent)]
    Arn(#[from] InvalidArn),
    /// `resourceAccount` is no account.
    #[error(transparent)]
    Account(#[from] InvalidAccountId),
    /// `mfa` or `credential` is none of its words.
    #[error(transparent)]
    Credential(#[from] InvalidCredential),
    /// `principalDetails.credential` is none of its words.
    #[error("`{0}` is no credential that AWS restricts")]
    CredentialType(String),
    /// `mfaAge` is no whole number of seconds.
    #[error("an age is a whole number of seconds, zero or more, but `{0}` is not")]
    Age(String),
    /// A number with an exponent.
    #[error("`{0}` has an exponent; numbers are compared with the digits as written")]
    Exponent(String),
    /// A context key or value that no context may hold.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// A key stands in `context` and in `unknown`.
    #[error("`{0}` is given in `context`, so it is not unknown")]
    Unknown(String),
    /// The state of MFA is given in two ways.
    #[error("the state of MFA is given twice: by {0} and by {1}")]
    MfaTwice(&'static str, &'static str),
    /// `mfaAge` where nothing has an age.
    #[error("`mfaAge` is given, but `mfa` is `{0}`, which has no age")]
    AgeWithout(&'static str),
}

/// The codes of the mistakes, with what each means. Those of JSON itself are the catalog's.
pub const CODES: &[(&str, &str)] = &[
    (
        "unknown-member",
        "A request object or its `principalDetails` holds a member that does not exist. Nothing is skipped: a misspelled `resourceAccount` would change the answer in silence.",
    ),
    (
        "wrong-type",
        "A value of a request object has the wrong JSON type. Context values are strings, booleans, numbers or lists of these.",
    ),
    (
        "bad-principal",
        "The text names nobody who can ask AWS for something. A role cannot ask; a session of it can.",
    ),
    ("bad-action", "A request asks for exactly one action, written `service:Operation`, without wildcards."),
    ("bad-arn", "The text is no Amazon Resource Name: `arn:partition:service:region:account:resource`."),
    ("bad-account", "An account id is twelve digits, leading zeros included."),
    ("bad-credential", "The word is no state of MFA, or no kind of credential."),
    ("bad-age", "An age is a whole number of seconds, zero or more. A negative one would pass for fresh."),
    (
        "bad-number",
        "A number keeps the digits it is written with, so that nothing is rounded; an exponent would have to be computed.",
    ),
    (
        "bad-context",
        "A context key is given twice (letter case does not count), or a key or value is beyond a limit.",
    ),
    (
        "mfa-twice",
        "The state of MFA comes from one place: from `mfa`, from `credential`, or from the keys in `context` and `unknown`.",
    ),
];

impl RequestError {
    pub(super) fn new(span: Span, kind: impl Into<RequestErrorKind>) -> Self {
        Self { span, kind: kind.into() }
    }

    /// Does it only say that a value could not be read?
    pub(super) fn is_about_broken_text(&self) -> bool {
        matches!(self.kind, RequestErrorKind::Type { found: BROKEN, .. })
    }

    /// Where the mistake stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What the mistake is.
    pub fn kind(&self) -> &RequestErrorKind {
        &self.kind
    }

    pub(super) fn into_kind(self) -> RequestErrorKind {
        self.kind
    }

    /// The code that `twokeys explain` knows.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The smallest change that mends it.
    pub fn help(&self) -> Option<String> {
        self.kind.help()
    }

    /// The mistake as shown to a person.
    pub fn to_diagnostic(&self) -> Diagnostic {
        if let RequestErrorKind::Json(error) = &self.kind {
            return error.to_diagnostic();
        }
        Diagnostic {
            code: self.code(),
            severity: Severity::Error,
            message: self.kind.to_string(),
            span: self.span,
            label: self.kind.label().to_owned(),
            other: None,
            help: self.help(),
        }
    }
}

impl From<json::Error> for RequestErrorKind {
    fn from(error: json::Error) -> Self {
        Self::Json(error)
    }
}

impl RequestErrorKind {
    /// The code that `twokeys explain` knows.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.kind().code(),
            Self::Member(_) | Self::Detail(_) => "unknown-member",
            Self::Type { .. } => "wrong-type",
            Self::Principal(_) => "bad-principal",
            Self::Action(_) => "bad-action",
            Self::Arn(_) => "bad-arn",
            Self::Account(_) => "bad-account",
            Self::Credential(_) | Self::CredentialType(_) => "bad-credential",
            Self::Age(_) | Self::AgeWithout(_) => "bad-age",
            Self::Exponent(_) => "bad-number",
            Self::Context(_) | Self::Unknown(_) => "bad-context",
            Self::MfaTwice(..) => "mfa-twice",
        }
    }

    /// The smallest change that mends it.
    pub fn help(&self) -> Option<String> {
        let near = |name: &str, words: &[&str]| match nearest(name, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("there are {}", listed(words)),
        };
        Some(match self {
            Self::Json(error) => return error.kind().help(),
            Self::Member(name) => near(name, MEMBERS),
            Self::Detail(name) => near(name, &Details::NAMES),
            Self::Type { expected, .. } => format!("write {expected}"),
            Self::Principal(InvalidPrincipal::Role(arn)) => match session_of(arn) {
                Some(session) => format!("write `{session}`"),
                None => "write the ARN of the session".to_owned(),
            },
            Self::Principal(InvalidPrincipal::Capitals(name)) => {
                format!("write `{}`", name.to_ascii_lowercase())
            }
            Self::Principal(_) => "write the ARN of a user, a role session or root, a service such as \
                                   `lambda.amazonaws.com`, or `anonymous`"
                .to_owned(),
            Self::Action(InvalidAction::Wildcard(_)) => "ask for the actions one by one".to_owned(),
            Self::Action(_) => "write it as `s3:GetObject`".to_owned(),
            Self::Arn(_) => "write it as `arn:aws:s3:::bucket/key`; `*` stands for no resource".to_owned(),
            Self::Account(_) => "write it as `111122223333`".to_owned(),
            Self::Credential(InvalidCredential::Mfa(word)) => near(word, &MfaAsked::WORDS),
            Self::Credential(InvalidCredential::Unknown(word)) => near(word, &Credential::WORDS),
            Self::Credential(_) => return None,
            Self::CredentialType(word) => {
                near(word, &["long-term", "get-session-token", "get-federation-token"])
            }
            Self::Age(_) => "write the seconds since MFA, such as 300".to_owned(),
            Self::Exponent(_) => "write the number out, or as a string".to_owned(),
            Self::Context(ContextError::Twice(_)) => "keep one of the two".to_owned(),
            Self::Context(ContextError::NegativeAge(_)) => {
                "give the seconds since MFA, or leave the key out".to_owned()
            }
            Self::Context(ContextError::Pattern(_)) => {
                "write a key, or a family with `*` as its last character, such as `aws:ResourceTag/*`"
                    .to_owned()
            }
            Self::Context(_) => "shorten it".to_owned(),
            Self::Unknown(_) => "take it out of one of the two".to_owned(),
            Self::MfaTwice(..) => "keep one of the two".to_owned(),
            Self::AgeWithout(_) => "take `mfaAge` out, or write `\"mfa\": \"true\"`".to_owned(),
        })
    }

    /// What stands beside the caret.
    fn label(&self) -> &'static str {
        match self {
            Self::Member(_) | Self::Detail(_) => "no such member",
            Self::Type { expected, .. } => expected,
            Self::Exponent(_) => "no exponent here",
            _ => "",
        }
    }
}

impl RequestErrors {
    /// None if there are none.
    pub(super) fn of(errors: Vec<RequestError>) -> Option<Self> {
        let mut errors = errors.into_iter();
        errors.next().map(|first| Self { first, others: errors.collect() })
    }

    /// The first mistake.
    pub fn first(&self) -> &RequestError {
        &self.first
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &RequestError> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl fmt::Display for RequestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        match self.others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and one more mistake)"),
            more => write!(f, " (and {more} more mistakes)"),
        }
    }
}

impl std::error::Error for RequestErrors {}

fn listed(words: &[&str]) -> String {
    match words {
        [all @ .., last] if !all.is_empty() => format!("`{}` and `{last}`", all.join("`, `")),
        words => format!("`{}`", words.concat()),
    }
}

/// The ARN of a session of the role with this ARN.
fn session_of(role: &str) -> Option<String> {
    let arn: crate::name::Arn = role.parse().ok()?;
    let name = arn.resource().rsplit('/').next()?;
    Some(format!("arn:{}:sts::{}:assumed-role/{name}/SESSION", arn.partition(), arn.account()?))
}

#[cfg(test)]
mod tests {
    use crate::request::RequestObject;

    #[test]
    fn a_caret_says_what_is_wrong_where_it_stands() {
        for (member, label) in [
            (r#""context": {"aws:EpochTime": 1e9}"#, "no exponent here"),
            (r#""verb": "get""#, "no such member"),
            (r#""context": []"#, "an object"),
        ] {
            let text = format!(
                r#"{{"principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject",
                    "resource": "*", {member}}}"#
            );
            let errors = RequestObject::read(text.as_bytes()).unwrap_err();
            let labels: Vec<_> = errors.iter().map(|error| error.to_diagnostic().label).collect();
            assert!(labels.len() == 1 && labels[0].contains(label), "{member}: {labels:?}");
        }
    }
}
