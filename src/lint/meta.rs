//! What a rule says about itself: the text behind `explain`, the documentation and every report.

use super::{Attached, Finding, Options};
use crate::name::AccountId;
use crate::policy::PolicyType;
use crate::source::{Severity, Span};

/// The fixed part of a rule. Everything a person can ask about a rule is printed from here.
#[derive(Debug, Clone)]
pub struct Meta {
    /// The code, such as `W209`: a letter for the group and a number that is never used again.
    pub code: &'static str,
    /// The offence in words and hyphens, so that "allow `missing-version`" reads right.
    pub name: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// How bad it is for security, from 0 to 10, if it is about security at all.
    pub security: Option<f32>,
    /// The kinds of policy it looks at.
    pub types: &'static [PolicyType],
    /// How far it can be mended without asking.
    pub fix: FixKind,
    /// Does it run only when somebody asks for it?
    pub opt_in: bool,
    /// The version of `twokeys` that had it first.
    pub since: &'static str,
    /// The offence in one line, without a full stop.
    pub summary: &'static str,
    /// Why it matters and what to do.
    pub explanation: &'static str,
    /// The same check in other tools, for those who come from there. May be empty.
    pub elsewhere: &'static str,
    /// A policy that it flags.
    pub bad: Example,
    /// The same policy without the mistake.
    pub good: Example,
}

/// The class of a rule, by which a run decides whether it failed. Exhaustive on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Something to think about.
    Suggestion,
    /// Probably a mistake.
    Warning,
    /// Access is wider or narrower than the policy looks.
    Security,
    /// AWS would not take it, or it can never work.
    Error,
}

/// May a fix be applied without asking? Exhaustive on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FixKind {
    /// There is no mechanical fix.
    None,
    /// The fix keeps every decision.
    Safe,
    /// The fix can change a decision.
    Unsafe,
    /// Safe in simple cases, else unsafe.
    Depends,
}

/// A policy text that shows a rule at work, with the kind of policy it is.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What it would be attached to.
    pub kind: PolicyType,
    /// The service of a resource policy.
    pub service: Option<&'static str>,
    /// Whose permissions it states.
    pub attached_to: Option<Attached>,
    /// Does it stand in a template?
    pub template: bool,
    /// The text.
    pub text: &'static str,
}

/// The day on which examples are looked at, 2026-11-24, in seconds since 1970.
const EXAMPLE_DAY: i64 = 1_795_478_400;

/// Every kind of policy.
pub(super) const ALL: &[PolicyType] = &PolicyType::ALL;
/// The kinds that IAM stores and holds to its own grammar.
pub(super) const IAM: &[PolicyType] =
    &[PolicyType::Identity, PolicyType::Boundary, PolicyType::Session, PolicyType::Trust];
/// The kinds that IAM does not store.
pub(super) const NOT_IAM: &[PolicyType] =
    &[PolicyType::Resource, PolicyType::ServiceControl, PolicyType::ResourceControl, PolicyType::Endpoint];
/// The kinds that can grant; the others only say what others may grant.
pub(super) const GRANTING: &[PolicyType] = &[PolicyType::Identity, PolicyType::Session, PolicyType::Resource];
/// The kinds that name principals.
pub(super) const WITH_PRINCIPAL: &[PolicyType] =
    &[PolicyType::Resource, PolicyType::Trust, PolicyType::ResourceControl, PolicyType::Endpoint];

impl Meta {
    /// A finding of this rule at a place.
    pub fn at(&'static self, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(self, span, message.into())
    }

    /// The class: errors of grammar, then security, then the rest by severity.
    pub fn class(&self) -> Class {
        match (self.severity, self.code.as_bytes()) {
            (Severity::Info, _) => Class::Suggestion,
            (_, [b'S' | b'M', ..]) => Class::Security,
            (_, [b'E', ..]) => Class::Error,
            _ => Class::Warning,
        }
    }
}

impl Example {
    /// An identity policy.
    pub const fn identity(text: &'static str) -> Self {
        Self::of(PolicyType::Identity, text)
    }

    /// A policy of this kind.
    pub const fn of(kind: PolicyType, text: &'static str) -> Self {
        Self { kind, service: None, attached_to: None, template: false, text }
    }

    /// A resource policy of this service.
    pub const fn resource(service: &'static str, text: &'static str) -> Self {
        Self { kind: PolicyType::Resource, service: Some(service), attached_to: None, template: false, text }
    }

    /// A permission policy of a role.
    pub const fn role(text: &'static str) -> Self {
        Self { attached_to: Some(Attached::Role), ..Self::identity(text) }
    }

    /// An identity policy in a template.
    pub const fn template(text: &'static str) -> Self {
        Self { template: true, ..Self::identity(text) }
    }

    /// The options under which the example is meant to be looked at, in account 111122223333.
    pub fn options(&self) -> Options {
        let mut options = Options::new(self.kind);
        options.service = self.service.map(str::to_owned);
        options.attached_to = self.attached_to;
        options.template = self.template;
        options.own_accounts.extend("111122223333".parse::<AccountId>());
        options.now = Some(EXAMPLE_DAY);
        options
    }
}

impl Class {
    /// The word that `--fail-on` takes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::Warning => "warning",
            Self::Security => "security",
            Self::Error => "error",
        }
    }
}
