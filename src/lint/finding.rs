//! What a rule has found: a place, and words for a person.

use super::subject::Test;
use super::{Fix, Meta, MfaTruth};
use crate::source::{Diagnostic, Span};

/// One mistake at one place.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub meta: &'static Meta,
    /// The smallest text that is wrong.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What stands beside the caret. May be empty.
    pub label: String,
    /// Another place that belongs to it, with a few words.
    pub other: Option<(Span, String)>,
    /// The smallest change that mends it.
    pub help: Option<String>,
    /// What would mend it, where that can be done without thinking.
    pub fix: Option<Fix>,
    /// What the statement does in the states of MFA, where the finding follows from it.
    pub truth: Option<MfaTruth>,
    /// The statement it lies in, counted from 1.
    pub statement: Option<usize>,
    /// Where the condition key it is about stands; M rules and general rules meet there.
    pub(super) about: Option<Span>,
}

impl Finding {
    pub(super) fn new(meta: &'static Meta, span: Span, message: String) -> Self {
        Self {
            meta,
            span,
            message,
            label: String::new(),
            other: None,
            help: None,
            fix: None,
            truth: None,
            statement: None,
            about: None,
        }
    }

    /// The code of the rule.
    pub fn code(&self) -> &'static str {
        self.meta.code
    }

    /// The form in which everything wrong at a place is printed.
    pub fn to_diagnostic(&self) -> Diagnostic {
        Diagnostic {
            code: self.meta.code,
            severity: self.meta.severity,
            message: self.message.clone(),
            span: self.span,
            label: self.label.clone(),
            other: self.other.clone(),
            help: self.help.clone(),
        }
    }

    /// Says a few words beside the caret.
    #[must_use]
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to change.
    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a change that mends it.
    #[must_use]
    pub(super) fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Points at a second place.
    #[must_use]
    pub(super) fn other(mut self, span: Span, words: impl Into<String>) -> Self {
        self.other = Some((span, words.into()));
        self
    }

    /// Says what the statement does in the states of MFA.
    #[must_use]
    pub(super) fn truth(mut self, truth: MfaTruth) -> Self {
        self.truth = Some(truth);
        self
    }

    /// Says which key of a condition it is about.
    #[must_use]
    pub(super) fn about(mut self, test: &Test<'_>) -> Self {
        self.about = Some(test.test.key.span);
        self
    }
}
