//! One call from its bytes to its answer, in the one order in which it is safe.
//!
//! Verify the signature, read the form, find the operation, validate, spend the code, ask the gate,
//! handle, commit, apply, answer. Calls that can change something go through one at a time, from the
//! look at the account to the commit: what was allowed is what is done. Nothing is told to a client
//! before it is durable (RL-032, RL-042).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use crate::caller::{Caller, MfaUse, SessionKind};
use crate::credentials::{self, Found};
use crate::gate::{self, Mfa, Question, Scene, Sets};
use crate::model;
use crate::query::{self, Also, Answer, Call, Operation, Refusal, Service, Settings};
use crate::seal::Keys;
use crate::sigv4::{self, SignedRequest};
use crate::state::{AccessKey, Change, Entropy, LastUsed, State};
use crate::store::{Store, StoreError};
use crate::wire::{self, ApiError, Params, Xml};

/// The endpoint: the account, what keeps it, and what decides.
pub struct Endpoint {
    state: RwLock<State>,
    /// Whoever holds it may change the account.
    store: Mutex<Box<dyn Store>>,
    sets: Sets,
    keys: Keys,
    settings: Settings,
    entropy: Box<dyn Entropy>,
    /// Last uses of keys that are not written down yet: key id → use.
    used: Mutex<HashMap<String, LastUsed>>,
}

/// A request as it came, with what the connection tells.
#[derive(Debug)]
pub struct Incoming<'r> {
    /// What was signed.
    pub signed: SignedRequest<'r>,
    /// The peer's address.
    pub source_ip: IpAddr,
    /// When it came, in seconds since 1970.
    pub now: u64,
}

/// What is sent back, and what is to be remembered of it.
#[derive(Debug)]
pub struct Outgoing {
    /// The HTTP status.
    pub status: u16,
    /// The XML.
    pub body: String,
    /// For the audit trail and the metrics.
    pub event: Event,
}

/// What happened, without a secret (API-052).
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// `iam:CreateUser`, once it is known.
    pub action: Option<String>,
    /// The caller's ARN, once the signature was verified.
    pub principal: Option<String>,
    /// The access key id, as it was sent.
    pub key_id: Option<String>,
    /// What the gate was asked about.
    pub resource: Option<String>,
    /// The serial number in the call, if there is one.
    pub serial: Option<String>,
    /// The code of the error, if it was one.
    pub error: Option<String>,
    /// What the client is not told: the deciding statement, the true reason for a refused code.
    pub why: Option<String>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Endpoint {
    /// An endpoint for an account that was loaded from `store`.
    pub fn new(
        state: State,
        store: Box<dyn Store>,
        keys: Keys,
        settings: Settings,
        entropy: Box<dyn Entropy>,
    ) -> Self {
        let (state, store) = (RwLock::new(state), Mutex::new(store));
        Self { state, store, sets: Sets::default(), keys, settings, entropy, used: Mutex::default() }
    }

    /// The account as it is now. Hold it briefly: changes wait for it.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The keys that seal and open.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What the operator has set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The policies made ready.
    pub fn sets(&self) -> &Sets {
        &self.sets
    }

    /// Random bytes.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// Begins a change of the account; others wait until the guard is dropped.
    ///
    /// A panic while a change was made leaves the account in doubt: nobody may change it again (RL-046).
    ///
    /// # Errors
    ///
    /// That has happened.
    pub fn begin(&self) -> Result<Writer<'_>, ApiError> {
        match self.store.lock() {
            Ok(store) => Ok(Writer { endpoint: self, store }),
            Err(_) => Err(ApiError::service_failure("an earlier change failed half-way".to_owned())),
        }
    }

    /// Writes down when keys were last used; done from time to time, as AWS does. What cannot be written
    /// is tried again the next time.
    pub fn flush(&self) {
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return;
        }
        let Ok(mut writer) = self.begin() else { return };
        let changes: Vec<Change> = {
            let state = self.state();
            let key = |(id, used): (String, LastUsed)| {
                let key = AccessKey::clone(state.key(&id)?);
                Some(AccessKey { last_used: Some(used), ..key }.into())
            };
            used.into_iter().filter_map(key).collect()
        };
        // A full disk is told by the next call that must be durable.
        let _ = writer.commit(&changes);
    }

    /// Answers a request of IAM or STS.
    pub fn answer(&self, incoming: &Incoming<'_>, request_id: &str) -> Outgoing {
        let mut event = Event::default();
        let mut service = Service::Iam;
        let (status, body) = match self.answer_or_refuse(incoming, &mut event, &mut service) {
            Ok((operation, result)) => {
                (200, wire::envelope(operation.name, service, result.as_ref(), request_id))
            }
            Err(refusal) => {
                event.error = Some(refusal.error.code.to_string());
                // What went wrong here is no reason that a call has.
                let failure = (refusal.error.status >= 500).then(|| refusal.error.message.clone());
                event.why = failure.or(refusal.why).or(event.why);
                (refusal.error.status, wire::error_envelope(service, &refusal.error, request_id))
            }
        };
        Outgoing { status, body, event }
    }

    fn answer_or_refuse(
        &self,
        incoming: &Incoming<'_>,
        event: &mut Event,
        service: &mut Service,
    ) -> Result<(&'static Operation, Option<Xml>), Refusal> {
        let verified = sigv4::verify(&incoming.signed, incoming.now, |query| {
            event.key_id = Some(query.access_key_id.to_owned());
            credentials::find(&self.state(), &self.keys, query, incoming.now)
        })?;
        if !verified.key.is_session() {
            let used = LastUsed {
                at: incoming.now,
                region: verified.region.clone(),
                service: verified.service.clone(),
            };
            let mut all = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(verified.key.id().to_owned(), used);
        }
        *service = match verified.service.as_str() {
            "sts" => Service::Sts,
            _ => Service::Iam,
        };
        let mut params = Params::of_request(&incoming.signed)?;
        let operation = find(*service, &params)?;
        event.action = Some(format!("{}:{}", service.as_str(), operation.name));
        model::validate(*service, operation.name, &params)?;
        model::keep_known(*service, operation.name, &mut params);
        event.serial = params.get("SerialNumber").map(str::to_owned);
        let scene = Scene {
            now: incoming.now,
            source_ip: incoming.source_ip,
            user_agent: incoming.signed.header("user-agent"),
            // IAM is one service for all regions, and lives in this one.
            region: if *service == Service::Iam { "us-east-1" } else { &verified.region },
            profile: self.settings.profile,
        };
        let asked = Asked { operation, params: &params, scene, found: &verified.key };
        let with_code = operation.code.is_some() && (params.has("TokenCode") || params.has("SerialNumber"));
        let result = if operation.writes || with_code {
            let mut writer = self.begin()?;
            let used = self.spend(&mut writer, &asked, event)?;
            let answer = self.decide(&asked, used.as_ref(), event);
            let answer = match answer {
                Ok(answer) => answer,
                Err(refusal) => {
                    writer.commit(&refusal.changes)?;
                    return Err(refusal);
                }
            };
            writer.commit(&answer.changes)?;
            answer.result
        } else {
            let answer = self.decide(&asked, None, event)?;
            debug_assert!(answer.changes.is_empty(), "{} says that it only reads", operation.name);
            answer.result
        };
        Ok((operation, result))
    }

    /// Verifies the code that comes with a call, and makes its use durable before anything else.
    fn spend(
        &self,
        writer: &mut Writer<'_>,
        asked: &Asked<'_>,
        event: &mut Event,
    ) -> Result<Option<MfaUse>, Refusal> {
        let Some(verify) = asked.operation.code else { return Ok(None) };
        let checked = {
            let state = self.state();
            let caller = asked.found.caller(&state)?;
            event.principal = Some(caller.arn(&state));
            verify(&self.call(&state, &caller, asked, None))
        };
        match checked {
            Ok(None) => Ok(None),
            Ok(Some(spent)) => {
                writer.commit(&spent.changes)?;
                Ok(Some(spent.mfa))
            }
            Err(refusal) => {
                writer.commit(&refusal.changes)?;
                Err(refusal)
            }
        }
    }

    /// Asks the gate, and handles the call if it lets it through.
    fn decide(&self, asked: &Asked<'_>, used: Option<&MfaUse>, event: &mut Event) -> Result<Answer, Refusal> {
        let state = self.state();
        let caller = asked.found.caller(&state)?;
        event.principal = Some(caller.arn(&state));
        let call = self.call(&state, &caller, asked, used);
        without_mfa_no_iam(&caller, asked.operation.service)?;
        let subject = (asked.operation.subject)(&call)?;
        event.resource = Some(subject.resource.clone());
        let action = format!("{}:{}", asked.operation.service.as_str(), asked.operation.name);
        let mfa = if used.is_some() { Mfa::WithCode } else { Mfa::OfCredential };
        let ask = |action: &str, resource: &str| {
            let question = Question {
                state: &state,
                caller: &caller,
                action,
                resource,
                keys: subject.keys.clone(),
                resource_tags: &subject.resource_tags,
                request_tags: &subject.request_tags,
                resource_policy: subject.resource_policy.as_deref(),
                mfa,
                scene: asked.scene,
            };
            gate::pass(&self.sets, &question).map_err(|denial| Refusal {
                error: ApiError::access_denied(denial.message),
                changes: Vec::new(),
                why: Some(denial.why),
            })
        };
        let permit = ask(&action, &subject.resource)?;
        for more in &subject.also {
            match more {
                Also::Action(action) => ask(action, &subject.resource)?,
                Also::Resource(resource) => ask(&action, resource)?,
            };
        }
        (asked.operation.handler)(&call, permit)
    }

    fn call<'c>(
        &'c self,
        state: &'c State,
        caller: &'c Caller,
        asked: &Asked<'c>,
        code: Option<&'c MfaUse>,
    ) -> Call<'c> {
        Call {
            state,
            caller,
            params: asked.params,
            scene: asked.scene,
            entropy: &*self.entropy,
            keys: &self.keys,
            sets: &self.sets,
            settings: &self.settings,
            code,
        }
    }
}

/// A call whose signature is verified and whose parameters are valid.
struct Asked<'a> {
    operation: &'static Operation,
    params: &'a Params,
    scene: Scene<'a>,
    found: &'a Found,
}

/// The right to change the account. Commit first, then everyone sees it.
#[derive(Debug)]
pub struct Writer<'w> {
    endpoint: &'w Endpoint,
    store: MutexGuard<'w, Box<dyn Store>>,
}

impl Writer<'_> {
    /// Makes changes durable, then visible.
    ///
    /// # Errors
    ///
    /// They could not be made durable; nothing has changed then.
    pub fn commit(&mut self, changes: &[Change]) -> Result<(), ApiError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.store
            .commit(changes)
            .map_err(|error: StoreError| ApiError::service_failure(error.to_string()))?;
        let mut state = self.endpoint.state.write().unwrap_or_else(PoisonError::into_inner);
        changes.iter().for_each(|change| state.apply(change));
        Ok(())
    }
}

/// A session of `GetSessionToken` without MFA cannot call IAM; AWS answers as if it knew no such key, and
/// so do we (STS-009).
fn without_mfa_no_iam(caller: &Caller, service: Service) -> Result<(), ApiError> {
    let session = caller.credential.session.as_ref();
    let barred =
        session.is_some_and(|session| session.kind == SessionKind::SessionToken && session.mfa.is_none());
    if barred && service == Service::Iam { Err(credentials::unknown()) } else { Ok(()) }
}

/// The operation that `Action` and `Version` name (API-001, API-009).
fn find(service: Service, params: &Params) -> Result<&'static Operation, ApiError> {
    let action = params.get("Action").ok_or_else(ApiError::missing_action)?;
    let version = params.get("Version");
    let known = (version == Some(service.version())).then(|| query::operation(service, action)).flatten();
    known.ok_or_else(|| {
        // Neither is longer than this where it is meant.
        let short = |text: &str| text.chars().take(100).collect::<String>();
        ApiError::invalid_action(format!(
            "Could not find operation {} for version {}",
            short(action),
            short(version.unwrap_or("NO_VERSION_SPECIFIED"))
        ))
    })
}
