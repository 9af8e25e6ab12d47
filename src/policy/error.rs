//! Why a policy is refused: what is wrong, where, and what to write instead.

use std::fmt;

use thiserror::Error;

use super::kind::PolicyType;
use super::operator::Operator;
use crate::json;
use crate::source::{Diagnostic, Severity, Span, shown};

/// A policy text that cannot be read: one kind of mistake, at one place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct ParseError {
    span: Span,
    kind: ParseErrorKind,
}

/// All mistakes of one policy text, at least one, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseErrors {
    first: ParseError,
    more: Vec<ParseError>,
}

/// The mistake itself, apart from where it stands.
///
/// New kinds may appear in any minor release.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The text is not JSON.
    #[error(transparent)]
    Json(json::ErrorKind),
    /// A string holds U+0000, which no AWS name has.
    #[error("a string holds the character U+0000")]
    NulCharacter,
    /// The document is something else than an object.
    #[error("a policy is a JSON object, not {found}")]
    NotAnObject {
        /// The JSON type that was found.
        found: &'static str,
    },
    /// There is no `Statement`.
    #[error("the policy has no `Statement`")]
    MissingStatement,
    /// An element that the policy language does not have here.
    #[error("{parent} has no element `{}`", shown(.name))]
    UnknownElement {
        /// The element as written.
        name: String,
        /// Where it was found.
        parent: Parent,
        /// The element that is spelled most like it.
        nearest: Option<&'static str>,
        /// Does the other level have an element of this very name?
        misplaced: bool,
    },
    /// A value of the wrong JSON type.
    #[error("{}{element} must be {expected}, not {found}", entry_of(*.expected))]
    WrongType {
        /// The element, ready to be shown.
        element: &'static str,
        /// The JSON type it takes.
        expected: Shape,
        /// The JSON type that was found.
        found: &'static str,
    },
    /// A version that does not exist.
    #[error("there is no policy version `{}`", shown(.found))]
    InvalidVersion {
        /// The version as written.
        found: String,
    },
    /// A statement without `Effect`.
    #[error("the statement has no `Effect`")]
    MissingEffect,
    /// An effect other than `Allow` and `Deny`.
    #[error("`{}` is no effect", shown(.found))]
    InvalidEffect {
        /// The effect as written.
        found: String,
        /// The effect that is spelled most like it.
        nearest: Option<&'static str>,
    },
    /// A statement with neither `Action` nor `NotAction`.
    #[error("the statement has neither `Action` nor `NotAction`")]
    MissingAction,
    /// A statement without `Resource` in a type of policy that needs one.
    #[error("the statement has neither `Resource` nor `NotResource`, which every {kind} needs")]
    MissingResource {
        /// The type of the policy.
        kind: PolicyType,
    },
    /// A statement without `Principal` in a type of policy that needs one.
    #[error("the statement has no `Principal`, which every {kind} needs")]
    MissingPrincipal {
        /// The type of the policy.
        kind: PolicyType,
    },
    /// A principal in a type of policy that is attached to one.
    #[error("`{element}` cannot stand in {} {kind}", article(*.kind))]
    UnsupportedPrincipal {
        /// The type of the policy.
        kind: PolicyType,
        /// `Principal` or `NotPrincipal`.
        element: &'static str,
    },
    /// An element together with its `Not…` form.
    #[error("`{first}` and `{second}` stand in one statement")]
    ElementCombination {
        /// The element that stands first.
        first: &'static str,
        /// The one that follows.
        second: &'static str,
        /// Where the first stands.
        first_span: Span,
    },
    /// The operator is none of those AWS documents.
    #[error("unknown condition operator `{}`", shown(.name))]
    UnknownOperator {
        /// The name as written.
        name: String,
        /// The documented operator that is spelled most like it.
        nearest: Option<Operator>,
    },
    /// `IfExists` after `Null`.
    #[error("`{}` is no condition operator: `Null` has no `IfExists` form", shown(.name))]
    NullIfExists {
        /// The name as written.
        name: String,
    },
    /// Two names that differ by capitals only, where AWS sees one.
    #[error("`{}` and `{}` are the same {what}: capitals do not count", shown(.name), shown(.first))]
    SameButCase {
        /// The later one.
        name: String,
        /// The earlier one.
        first: String,
        /// Where the earlier one stands.
        first_span: Span,
        /// `condition key` or `condition operator`.
        what: &'static str,
    },
    /// A condition value that is neither text, number nor boolean.
    #[error("a condition value is a string, a number or a boolean, not {found}")]
    ConditionValue {
        /// The JSON type that was found.
        found: &'static str,
    },
    /// A string that is to be matched is longer than the reader takes.
    #[error("{element} has an entry of more than {limit} bytes")]
    TooLong {
        /// The element, ready to be shown.
        element: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// More statements, values or variables than the reader takes.
    #[error("more than {limit} {what}")]
    TooMany {
        /// The limit.
        limit: usize,
        /// What is counted.
        what: &'static str,
    },
}

/// The JSON type that an element takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A string.
    Text,
    /// A string, as entry of a list.
    Entry,
    /// A string or a list of strings.
    Texts,
    /// An object.
    Object,
    /// `"*"` or an object: a principal.
    StarOrObject,
}

/// The level of a policy on which an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// The document.
    Policy,
    /// A statement.
    Statement,
}

impl ParseError {
    pub(super) fn new(span: Span, kind: ParseErrorKind) -> Self {
        Self { span, kind }
    }

    /// Where the mistake stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What the mistake is.
    pub fn kind(&self) -> &ParseErrorKind {
        &self.kind
    }

    /// The code in the catalog of rules.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The smallest change that mends it.
    pub fn help(&self) -> Option<String> {
        self.kind.help()
    }

    /// Did the text hold too much of something?
    pub(super) fn is_limit(&self) -> bool {
        matches!(
            self.kind,
            ParseErrorKind::Json(
                json::ErrorKind::TooDeep { .. }
                    | json::ErrorKind::TooManyValues { .. }
                    | json::ErrorKind::TooMany { .. }
            )
        )
    }

    /// The mistake as shown to a person.
    pub fn to_diagnostic(&self) -> Diagnostic {
        Diagnostic {
            code: self.code(),
            severity: Severity::Error,
            message: self.to_string(),
            span: self.span,
            label: self.kind.label(),
            other: self.kind.other(),
            help: self.help(),
        }
    }
}

impl From<json::Error> for ParseError {
    fn from(error: json::Error) -> Self {
        Self { span: error.span(), kind: ParseErrorKind::Json(error.into_kind()) }
    }
}

impl ParseErrors {
    /// All of `errors` in the order of the text; `None` if there are none.
    pub fn from_vec(mut errors: Vec<ParseError>) -> Option<Self> {
        errors.sort_by_key(ParseError::span);
        let mut errors = errors.into_iter();
        Some(Self { first: errors.next()?, more: errors.collect() })
    }

    /// The first mistake in the text.
    pub fn first(&self) -> &ParseError {
        &self.first
    }

    /// All mistakes in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &ParseError> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// All mistakes as shown to a person.
    pub fn to_diagnostics(&self) -> Vec<Diagnostic> {
        self.iter().map(ParseError::to_diagnostic).collect()
    }
}

impl From<ParseError> for ParseErrors {
    fn from(first: ParseError) -> Self {
        Self { first, more: Vec::new() }
    }
}

impl fmt::Display for ParseErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        match self.more.len() {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl std::error::Error for ParseErrors {}

impl ParseErrorKind {
    /// The code in the catalog of rules.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(kind) => kind.code(),
            Self::NulCharacter | Self::TooLong { .. } | Self::TooMany { .. } => "E101",
            Self::NotAnObject { .. } => "E103",
            Self::MissingStatement => "E104",
            Self::UnknownElement { .. } => "E106",
            Self::WrongType { .. } => "E107",
            Self::InvalidVersion { .. } => "E108",
            Self::MissingEffect => "E109",
            Self::InvalidEffect { .. } => "E110",
            Self::MissingAction => "E111",
            Self::MissingResource { .. } => "E112",
            Self::MissingPrincipal { .. } => "E113",
            Self::UnsupportedPrincipal { .. } => "E114",
            Self::ElementCombination { .. } => "E115",
            Self::UnknownOperator { .. } => "E128",
            Self::SameButCase { .. } => "E130",
            Self::NullIfExists { .. } => "E131",
            Self::ConditionValue { .. } => "E132",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text | Self::Entry => "a string",
            Self::Texts => "a string or a list of strings",
            Self::Object => "an object",
            Self::StarOrObject => "`\"*\"` or an object",
        })
    }
}

impl fmt::Display for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => "a policy",
            Self::Statement => "a statement",
        })
    }
}

fn entry_of(expected: Shape) -> &'static str {
    if expected == Shape::Entry { "an entry of " } else { "" }
}

fn article(kind: PolicyType) -> &'static str {
    if matches!(kind, PolicyType::Identity) { "an" } else { "a" }
}
