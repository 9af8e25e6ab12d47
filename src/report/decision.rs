//! The decision object: one question with its answers, as data (UX-086).
//!
//! Command line, library and every server show this object and nothing else; the text for people is
//! written from it, so the two cannot tell different stories (UX-001).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::trace::Stage;
use super::warning::Warning;
use crate::engine::{Change, Decision, Evaluation, PolicySet, Prepared, StatementRef};
use crate::name::Arn;
use crate::request::{Context, ContextBuilder, CredentialType, KeyName, KeyState, PrincipalDetails, Request};
use crate::source::Position;

/// The version of everything twokeys prints as JSON. Fields are only added; removal raises it.
pub const SCHEMA_VERSION: u32 = 1;

/// A word of a closed list.
pub type Word = Cow<'static, str>;

/// One question and what was decided, once for each state of MFA that was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionObject {
    /// [`SCHEMA_VERSION`]
    pub schema_version: u32,
    /// The `id` of the request, if it had one.
    pub id: Option<String>,
    /// Is it allowed in some of the states and not in others?
    pub mfa_decides: bool,
    /// What is worth a warning; in a run of many, each once.
    pub warnings: Vec<Warning>,
    /// What was asked.
    pub request: AskedRequest,
    /// What was decided.
    pub answers: Vec<Answer>,
    /// The states of MFA in which this requester cannot be, where all were to be asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_asked: Vec<NotAsked>,
    /// A next step for a person; no part of the data.
    #[serde(skip)]
    pub next_step: Option<String>,
}

/// A state of MFA that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotAsked {
    /// `missing`, `false` or `true`.
    pub mfa: Word,
    /// Why the requester cannot be in it.
    pub reason: String,
}

/// A request as it was given, before it was completed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedRequest {
    /// Who asks.
    pub principal: String,
    /// What is to be done.
    pub action: String,
    /// To which thing.
    pub resource: String,
    /// The owner of the resource, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_account: Option<String>,
    /// What is known of the principal beside its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_details: Option<AskedDetails>,
    /// The kind of credential, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// The keys that were given.
    pub context: BTreeMap<String, Vec<String>>,
    /// The keys that were said to be unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// Facts about a principal that its name does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AskedDetails {
    /// The role of a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// Who called `GetFederationToken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_user_arn: Option<String>,
    /// The unique id of the user or the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// The canonical user id of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_user: Option<String>,
    /// All names of a service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_names: Vec<String>,
    /// Does the principal belong to the management account?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management_account: Option<bool>,
    /// `long-term`, `get-session-token` or `get-federation-token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<Word>,
}

/// What was decided in one state of MFA.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `missing`, `false`, `true`, `unknown`, or `other` for a value that is none of them.
    pub mfa: Word,
    /// Seconds since MFA.
    pub mfa_age: Option<serde_json::Number>,
    /// `Allowed`, `ImplicitlyDenied`, `ExplicitlyDenied` or `Undecided`.
    pub decision: Word,
    /// What the answer can be once the unknown keys are known.
    pub possible: Vec<Word>,
    /// Where it was decided.
    pub layer: Word,
    /// The deciding statement.
    pub by: Option<By>,
    /// Keys that were asked for, that nothing gives, and that therefore counted as absent.
    pub assumed_absent: Vec<String>,
    /// Unknown keys that an undecided answer hangs on.
    pub unknown_keys: Vec<String>,
    /// Was a policy left out because it could not be read? Then this is no permission.
    pub indeterminate: bool,
    /// Every step, if asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Vec<Stage>>,
    /// What would turn a denial into "allowed", if asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_allow: Option<Vec<WouldAllow>>,
}

/// A statement and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The name of the policy.
    pub policy: String,
    /// The statement's `Sid`.
    pub sid: Option<String>,
    /// Its place in the policy, from 1.
    pub index: usize,
    /// The file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The character in the line, from 1.
    pub column: Option<usize>,
    /// Byte offsets, the second not included.
    pub span: Option<[u32; 2]>,
    /// How the requester comes by the policy, where an account tells: `inline`, `attached, group Admins`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

/// A change that would make it allowed (UX-061).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WouldAllow {
    /// `mfa`, `context`, `remove-deny` or `add-allow`.
    pub change: Word,
    /// The change in words.
    pub detail: String,
}

/// The text that a policy was read from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The name of the file.
    pub file: &'s str,
    /// What stands in it.
    pub text: &'s [u8],
}

/// Knows where policies come from. The unit type knows nothing, which is a correct answer.
pub trait Sources {
    /// The text of this policy.
    fn source(&self, policy: &Prepared) -> Option<Source<'_>>;

    /// The position of a byte in that text. Whoever is asked often remembers where its lines begin.
    fn position(&self, policy: &Prepared, offset: usize) -> Option<Position> {
        self.source(policy).map(|source| Position::of(source.text, offset))
    }

    /// How the requester comes by this policy, in words, if an account tells.
    fn via(&self, policy: &Prepared) -> Option<String> {
        let _ = policy;
        None
    }
}

impl Sources for () {
    fn source(&self, _: &Prepared) -> Option<Source<'_>> {
        None
    }
}

impl DecisionObject {
    /// One question with its answers.
    pub fn new(
        id: Option<String>,
        request: AskedRequest,
        answers: Vec<Answer>,
        warnings: Vec<Warning>,
    ) -> Self {
        let allowed = answers.iter().filter(|answer| answer.is_allowed()).count();
        Self {
            schema_version: SCHEMA_VERSION,
            id,
            mfa_decides: allowed != 0 && allowed != answers.len(),
            warnings,
            request,
            answers,
            not_asked: Vec::new(),
            next_step: None,
        }
    }
}

impl AskedRequest {
    /// What was asked, with the context as it was given.
    pub fn new(request: &Request, given: ContextBuilder) -> Self {
        let (known, unknown) = given.into_given();
        Self {
            principal: request.principal.as_str().to_owned(),
            action: request.action.as_str().to_owned(),
            resource: request.resource.as_str().to_owned(),
            resource_account: request.resource_account.map(|account| account.to_string()),
            principal_details: None,
            credential: None,
            context: known,
            unknown,
        }
    }
}

impl AskedDetails {
    /// The details of a principal; none if nothing is known.
    pub fn of(details: &PrincipalDetails) -> Option<Self> {
        if *details == PrincipalDetails::default() {
            return None;
        }
        let text = |arn: &Option<Arn>| arn.as_ref().map(ToString::to_string);
        let asked = Self {
            role_arn: text(&details.role_arn),
            issuer_user_arn: text(&details.issuer_user_arn),
            unique_id: details.unique_id.clone(),
            canonical_user: details.canonical_user.clone(),
            service_names: details.service_names.clone(),
            management_account: details.management_account.then_some(true),
            credential: details.credential.map(|credential| match credential {
                CredentialType::LongTerm => "long-term".into(),
                CredentialType::GetSessionToken => "get-session-token".into(),
                CredentialType::GetFederationToken => "get-federation-token".into(),
            }),
        };
        (asked != Self::default()).then_some(asked)
    }
}

impl Answer {
    /// What was decided, without the trace.
    pub fn new(set: &PolicySet, request: &Request, evaluation: Evaluation, sources: &dyn Sources) -> Self {
        let by = evaluation.by().and_then(|id| set.statement(id));
        Self {
            mfa: mfa_word(&request.context).into(),
            mfa_age: mfa_age(&request.context),
            decision: evaluation.decision().as_str().into(),
            possible: evaluation.possible().iter().map(|decision| decision.as_str().into()).collect(),
            layer: evaluation.layer().as_str().into(),
            by: by.map(|statement| By::new(statement, sources)),
            assumed_absent: Vec::new(),
            unknown_keys: Vec::new(),
            indeterminate: false,
            trace: None,
            would_allow: None,
        }
    }

    /// A policy that applies is not known. It can allow and it can deny, so the answer is open, but for
    /// a denial by a Deny: no policy takes that back.
    pub fn leave_open(&mut self) {
        self.indeterminate = true;
        if self.decision == Decision::ExplicitlyDenied.as_str() {
            return;
        }
        self.decision = Decision::Undecided.as_str().into();
        self.by = None;
        let all = [Decision::Allowed, Decision::ImplicitlyDenied, Decision::ExplicitlyDenied];
        self.possible = all.map(|decision| decision.as_str().into()).to_vec();
        self.would_allow = None;
    }

    /// Is it certain that the request goes through?
    pub fn is_allowed(&self) -> bool {
        self.decision == Decision::Allowed.as_str() && !self.indeterminate
    }

    /// Is it open whether the request goes through? Either of two denials is a denial (EV-009).
    pub fn is_undecided(&self) -> bool {
        let can_be_allowed = self.possible.iter().any(|word| *word == Decision::Allowed.as_str());
        self.decision == Decision::Undecided.as_str() && can_be_allowed
    }
}

impl By {
    /// Where this statement stands.
    pub fn new(statement: StatementRef<'_>, sources: &dyn Sources) -> Self {
        let span = statement.statement.span.0;
        let source = sources.source(statement.policy);
        let at = sources.position(statement.policy, span.start as usize);
        Self {
            policy: statement.policy.name().to_owned(),
            sid: statement.statement.sid.as_ref().map(|sid| sid.value.clone()),
            index: statement.index,
            file: source.map(|source| source.file.to_owned()),
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
            span: source.map(|_| [span.start, span.end]),
            via: sources.via(statement.policy),
        }
    }
}

impl WouldAllow {
    /// A change as data.
    pub fn new(set: &PolicySet, change: &Change) -> Self {
        let detail = match change {
            Change::RemoveDeny(id) => match set.statement(*id) {
                Some(statement) => {
                    let sid = statement.statement.sid.as_ref().filter(|sid| !sid.value.is_empty());
                    let name = sid.map_or_else(|| statement.index.to_string(), |sid| sid.value.clone());
                    format!("without the Deny {}/{name}", statement.policy.name())
                }
                None => change.to_string(),
            },
            _ => change.to_string(),
        };
        Self { change: change.as_str().into(), detail }
    }
}

/// The state of MFA that a context is in, in one word.
fn mfa_word(context: &Context) -> &'static str {
    match context.state(KeyName::mfa_present()) {
        KeyState::Absent => "missing",
        KeyState::Unknown => "unknown",
        KeyState::Known([value]) if value.eq_ignore_ascii_case("true") => "true",
        KeyState::Known([value]) if value.eq_ignore_ascii_case("false") => "false",
        KeyState::Known(_) => "other",
    }
}

fn mfa_age(context: &Context) -> Option<serde_json::Number> {
    match context.state(KeyName::mfa_age()) {
        KeyState::Known([value]) => value.parse().ok(),
        _ => None,
    }
}
