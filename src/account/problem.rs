//! What can be wrong with the files an account is read from, each with the entity it concerns.

use std::fmt;

use thiserror::Error;

use super::document::{Form, Place};
use crate::name::{AccountId, InvalidArn};
use crate::policy::ParseErrors;
use crate::source::{Diagnostic, Severity, Span, escaped, shown};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, if it is at a place.
    pub place: Option<Place>,
    /// Whose: `user/alice`, or `user/alice inline policy ForceMFA`; empty if it is the file itself.
    pub subject: Box<str>,
    /// What.
    pub kind: ProblemKind,
    /// For a policy that was held as a string: its text.
    pub text: Option<Box<str>>,
}

/// All that is wrong; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    first: Box<Problem>,
    more: Vec<Problem>,
}

/// What is wrong, apart from where and whose.
///
/// New kinds may appear in any minor release.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file is larger than the reader takes (RL-010).
    #[error("the file has {found} bytes, the limit is {limit}")]
    TooLarge {
        /// Its size.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Lists and objects inside each other beyond the limit.
    #[error("lists and objects are nested more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A string beyond the limit.
    #[error("a string has more than {limit} bytes")]
    StringTooLong {
        /// The limit.
        limit: usize,
    },
    /// A policy has more versions, an entity more tags or policies, than the reader takes.
    #[error("{what}: {found}, the limit is {limit}")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The file begins with U+FEFF.
    #[error("the file begins with a byte order mark")]
    ByteOrderMark,
    /// The bytes are no text.
    #[error("the file is not UTF-8")]
    NotUtf8,
    /// The text is no JSON, or holds a value of the wrong type.
    #[error("{0}")]
    Json(String),
    /// None of the lists of a dump is there.
    #[error("this is not what `aws iam get-account-authorization-details` prints")]
    NotADump,
    /// The last page says that more follows (D002).
    #[error("the dump breaks off: this page says that another follows")]
    Truncated,
    /// An entity without a name.
    #[error("{element} has no `{member}`")]
    NoName {
        /// Which list and entry.
        element: String,
        /// The member that should be there.
        member: &'static str,
    },
    /// The ARN is none.
    #[error(transparent)]
    Arn(#[from] InvalidArn),
    /// The ARN names something else.
    #[error("the ARN is `{}`, which is not the ARN of `{}`", escaped(.arn), escaped(.expected))]
    ArnMismatch {
        /// The ARN as written.
        arn: String,
        /// What its last field should be.
        expected: String,
    },
    /// ARNs of two accounts (or partitions) in one dump.
    #[error("this belongs to {found}, but the dump is of {account}")]
    OtherAccount {
        /// The account of this entity.
        found: String,
        /// The account of what was read before.
        account: String,
    },
    /// No ARN tells whose account it is.
    #[error("no ARN in the dump tells the number of the account")]
    NoAccount,
    /// The same entity, policy or tag twice.
    #[error("{what} is there twice")]
    Duplicate {
        /// What.
        what: String,
    },
    /// A user is in a group that is not in the dump (D006).
    #[error("the group `{}` is not in the dump", escaped(.0))]
    UnknownGroup(String),
    /// A managed policy is named and not there (D001).
    #[error("the managed policy `{}` is not in the dump", escaped(.0))]
    MissingPolicy(String),
    /// A managed policy with several default versions, or none (D005).
    #[error("{found} versions are marked as the one in force, instead of one")]
    DefaultVersions {
        /// How many.
        found: usize,
    },
    /// The two ways of telling the default version disagree.
    #[error("`DefaultVersionId` is `{}`, but another version is marked as the one in force", escaped(.0))]
    DefaultVersionId(String),
    /// A policy that is neither an object nor a string.
    #[error("a policy is an object or a string, but here stands {found}")]
    DocumentType {
        /// What stands there.
        found: &'static str,
    },
    /// What looks like percent-encoding and is none.
    #[error("the percent-encoding is broken at byte {at} of the string")]
    PercentEncoding {
        /// Where.
        at: usize,
    },
    /// A policy that was encoded twice (D004).
    #[error("the policy is percent-encoded twice")]
    DoubleEncoding,
    /// A policy that the reader refuses.
    #[error("{0}")]
    Policy(Box<ParseErrors>),
    /// A table that is no credential report.
    #[error("{0}")]
    Report(String),
    /// A file is about another account than the dump.
    #[error("the file is about the account {found}, the dump about {account}")]
    ForeignFile {
        /// The account of the file.
        found: AccountId,
        /// The account of the dump.
        account: AccountId,
    },
}

/// The codes of problems, with what each means.
pub const CODES: &[(&str, &str)] = &[
    (
        "dump-limit",
        "A dump may hold 1 GiB, nest 64 deep, and its strings may hold 1 MiB. What is beyond is hostile or no dump.",
    ),
    ("dump-json", "The file is no JSON in UTF-8, or a member has a value of the wrong type."),
    (
        "not-a-dump",
        "The file holds none of `UserDetailList`, `GroupDetailList`, `RoleDetailList` and `Policies`, the lists of `aws iam get-account-authorization-details`.",
    ),
    (
        "truncated-dump",
        "`IsTruncated` is true, or there is a `NextToken`: a part of the account stands on a page that is not here. Without it every answer could be wrong.",
    ),
    ("bad-entity", "A user, group, role or policy lacks its name, or its ARN says something else."),
    ("two-accounts", "A dump, and all files beside it, are about one account."),
    ("duplicate-entity", "The same entity stands twice in the dump, so that it has no single meaning."),
    ("unknown-group", "A user is in a group whose policies are not in the dump."),
    (
        "missing-managed-policy",
        "A managed policy is attached and its text is not in the dump. AWS's own policies can be given by `--managed-policies`. With `--keep-going` those whom it touches get no answer.",
    ),
    (
        "default-version",
        "Of the versions of a managed policy exactly one is in force; the dump marks none, or several.",
    ),
    ("policy-encoding", "A policy is an object, or a string that is percent-encoded once or not at all."),
    ("bad-report", "The table is no credential report of IAM."),
];

/// Why nothing can be said of a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indeterminate {
    /// The reasons, at least one.
    pub reasons: Vec<String>,
}

impl fmt::Display for Indeterminate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reasons.join("; "))
    }
}

impl std::error::Error for Indeterminate {}

impl Problem {
    pub(super) fn new(place: Option<Place>, subject: impl Into<Box<str>>, kind: ProblemKind) -> Self {
        Self { place, subject: subject.into(), kind, text: None }
    }

    /// Must reading stop, even where the caller asks to go on?
    ///
    /// One may go on only if it is clear whom the problem touches.
    pub(super) fn is_fatal(&self) -> bool {
        use ProblemKind::{
            DefaultVersionId, DefaultVersions, DocumentType, DoubleEncoding, MissingPolicy, PercentEncoding,
            Policy, UnknownGroup,
        };
        !matches!(
            self.kind,
            DefaultVersionId(_)
                | DefaultVersions { .. }
                | DocumentType { .. }
                | DoubleEncoding
                | MissingPolicy(_)
                | PercentEncoding { .. }
                | Policy(_)
                | UnknownGroup(_)
        )
    }

    /// The code; for a policy that is refused, that of its first mistake.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// What a person is told. Spans are of the file, or of [`Problem::text`] where there is one.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let about = |message: &str| match &*self.subject {
            "" => message.to_owned(),
            subject => format!("{}: {message}", escaped(subject)),
        };
        let span = self.place.map_or_else(Span::default, |place| place.span);
        let (ProblemKind::Policy(errors), Some(place)) = (&self.kind, self.place) else {
            return vec![Diagnostic {
                code: self.code(),
                severity: Severity::Error,
                message: about(&self.kind.to_string()),
                span: Span { start: span.start, end: span.start },
                label: String::new(),
                other: None,
                help: self.kind.help(),
            }];
        };
        let shift = if place.form == Form::Object { place.span.start } else { 0 };
        let moved = |span: Span| Span {
            start: span.start.saturating_add(shift),
            end: span.end.saturating_add(shift),
        };
        let of_policy = errors.to_diagnostics().into_iter().map(|diagnostic| Diagnostic {
            message: about(&diagnostic.message),
            span: moved(diagnostic.span),
            other: diagnostic.other.map(|(span, words)| (moved(span), words)),
            ..diagnostic
        });
        of_policy.collect()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.subject {
            "" => write!(f, "{}", self.kind),
            subject => write!(f, "{}: {}", escaped(subject), self.kind),
        }
    }
}

impl std::error::Error for Problem {}

impl ProblemKind {
    /// The code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. }
            | Self::TooDeep { .. }
            | Self::StringTooLong { .. }
            | Self::TooMany { .. } => "dump-limit",
            Self::ByteOrderMark | Self::NotUtf8 | Self::Json(_) => "dump-json",
            Self::NotADump => "not-a-dump",
            Self::Truncated => "truncated-dump",
            Self::NoName { .. } | Self::Arn(_) | Self::ArnMismatch { .. } => "bad-entity",
            Self::OtherAccount { .. } | Self::NoAccount | Self::ForeignFile { .. } => "two-accounts",
            Self::Duplicate { .. } => "duplicate-entity",
            Self::UnknownGroup(_) => "unknown-group",
            Self::MissingPolicy(_) => "missing-managed-policy",
            Self::DefaultVersions { .. } | Self::DefaultVersionId(_) => "default-version",
            Self::DocumentType { .. } | Self::PercentEncoding { .. } | Self::DoubleEncoding => {
                "policy-encoding"
            }
            Self::Policy(errors) => errors.first().code(),
            Self::Report(_) => "bad-report",
        }
    }

    /// What to do next.
    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Truncated => {
                "give the page that follows behind this one, or let the AWS CLI fetch all pages".into()
            }
            Self::MissingPolicy(arn) if arn.contains("::aws:policy/") => {
                format!(
                    "give its text by --managed-policies, as {{\"policies\": [{{\"arn\": \"{}\", \"document\": …}}]}}",
                    shown(arn)
                )
            }
            Self::MissingPolicy(_) => "make the dump without --filter, so that all policies are in it".into(),
            Self::UnknownGroup(_) => "make the dump without --filter, so that all groups are in it".into(),
            Self::DoubleEncoding => "take one percent-encoding off".into(),
            Self::ByteOrderMark => "save the file as UTF-8 without a byte order mark".into(),
            Self::NotADump => "give the output of `aws iam get-account-authorization-details`".into(),
            Self::Duplicate { .. } => "give each page once".into(),
            _ => return None,
        };
        Some(help)
    }
}

impl Problems {
    /// All of `problems`; `None` if there are none.
    pub fn from_vec(problems: Vec<Problem>) -> Option<Self> {
        let mut problems = problems.into_iter();
        Some(Self { first: problems.next()?.into(), more: problems.collect() })
    }

    /// The first one.
    pub fn first(&self) -> &Problem {
        &self.first
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        std::iter::once(&*self.first).chain(&self.more)
    }
}

impl From<Problem> for Problems {
    fn from(first: Problem) -> Self {
        Self { first: first.into(), more: Vec::new() }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        match self.more.len() {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl std::error::Error for Problems {}
