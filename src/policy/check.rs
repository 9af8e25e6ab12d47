//! What the type of a policy demands of its statements.
//!
//! Reading is free of the type. When a policy takes its place in a layer, a statement without a
//! part that the type requires is refused: read literally, such an `Allow` would apply to everything
//! or everyone (PA-019). The rest of PA-017 is reported by the linter.

use super::ast::{Policy, PrincipalPart, Statement};
use super::error::{ParseError, ParseErrorKind};
use super::kind::{PolicyType, Presence};
use crate::source::Span;

impl Policy {
    /// Why this policy cannot take a place as a policy of type `kind`; empty if it can.
    ///
    /// ```
    /// use twokeys::policy::{Policy, PolicyType};
    ///
    /// let trust = Policy::parse(
    ///     r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#,
    /// )?;
    /// assert!(trust.refusals(PolicyType::Trust).is_empty());
    ///
    /// let refusals = trust.refusals(PolicyType::Identity);
    /// assert_eq!(refusals.iter().map(|error| error.code()).collect::<Vec<_>>(), ["E112", "E114"]);
    /// # Ok::<(), twokeys::policy::ParseErrors>(())
    /// ```
    pub fn refusals(&self, kind: PolicyType) -> Vec<ParseError> {
        self.statements.iter().flat_map(|statement| statement_refusals(statement, kind)).collect()
    }
}

fn statement_refusals(statement: &Statement, kind: PolicyType) -> impl Iterator<Item = ParseError> {
    let elements = kind.elements();
    let start = statement.span.0.start;
    let opening = Span { start, end: start + 1 };
    let resource = (elements.resource == Presence::Required && statement.resource.is_none())
        .then(|| ParseError::new(opening, ParseErrorKind::MissingResource { kind }));
    let principal = match (elements.principal, &statement.principal) {
        (Presence::Required, None) => {
            Some(ParseError::new(opening, ParseErrorKind::MissingPrincipal { kind }))
        }
        (Presence::Forbidden, Some(PrincipalPart { negated, name_span, .. })) => {
            let element = if *negated { "NotPrincipal" } else { "Principal" };
            Some(ParseError::new(name_span.0, ParseErrorKind::UnsupportedPrincipal { kind, element }))
        }
        _ => None,
    };
    resource.into_iter().chain(principal)
}
