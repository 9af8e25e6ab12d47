//! Sign-in with a password and a code, for programs (MFA-060 to MFA-070).
//!
//! Two steps: account, user and password; then, only if those are right and the user has a device, a
//! code. Between them stands a challenge: sealed, bound to the user, good for five minutes, one success and
//! five tries. A user with a device gets no session for the password alone (MFA-062). Where the password must be
//! changed first, the session comes with a new one: see [`crate::renewal`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use twokeys::mfa::{Code, Outcome};

use crate::caller::{MfaUse, Session};
use crate::endpoint::{Endpoint, Event, Writer};
use crate::password;
use crate::password_life::{self, Due};
use crate::query::codes;
use crate::seal::Purpose;
use crate::state::{AccountRecord, Change, Device, LoginProfile, ROOT, Root, State, User};
use crate::wire::ApiError;
use crate::{query, renewal, token};

/// What the user of a page reads, whatever was wrong (MFA-064).
pub const INCORRECT: &str = "Your authentication information is incorrect. Please try again.";

/// How long a challenge is good for, in seconds.
pub(crate) const CHALLENGE_LIFE: u64 = 300;
/// How many codes may be tried with one.
const TRIES: u32 = 5;

/// Challenges that are spent or nearly so: nonce → tries, end.
#[derive(Debug, Default)]
pub struct Challenges {
    tried: Mutex<HashMap<[u8; 16], (u32, u64)>>,
}

/// The first step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// The account's number or alias.
    pub account: String,
    /// The user; empty for root.
    #[serde(default)]
    pub user: String,
    /// The password.
    pub password: secrecy::SecretString,
}

/// The second step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithCode {
    /// From the first step.
    pub challenge: String,
    /// Six digits.
    pub code: secrecy::SecretString,
    /// Which device; without it each of the user's is tried (MFA-066).
    pub serial: Option<String>,
}

/// What a step leads to.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Next {
    /// Signed in.
    Credentials(Credentials),
    /// A code is needed.
    Code {
        /// Always true.
        mfa_required: bool,
        /// For the second step.
        challenge: String,
        /// The user's devices.
        serials: Vec<String>,
    },
    /// A new password is needed, and nothing else does.
    NewPassword {
        /// Always true.
        password_reset_required: bool,
        /// For the step that sets it.
        challenge: String,
    },
}

/// Temporary credentials, under AWS's names.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: String,
}

/// Why a step leads nowhere.
#[derive(Debug)]
pub enum Refused {
    /// 401: something is not right, and nobody says what.
    Incorrect,
    /// 429: too many failures; seconds to wait.
    Throttled(u64),
    /// Password and code were right: a status, and what stands in the way besides.
    Because(u16, String),
    /// 500
    Failed(String),
}

/// What a challenge holds.
#[derive(Serialize, Deserialize)]
struct Challenge {
    nonce: [u8; 16],
    principal: String,
    expires: u64,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Failed(error.message)
    }
}

pub(crate) fn failed(error: impl std::fmt::Display) -> Refused {
    Refused::Failed(error.to_string())
}

/// Who signs in: the unique id and the password, whether or not there is such a user.
fn found(state: &State, said: &Password) -> Option<(String, LoginProfile)> {
    let account = state.account();
    let here = said.account == account.id.to_string() || account.alias.as_deref() == Some(&said.account);
    if !here {
        return None;
    }
    if said.user.is_empty() {
        return account.root.login.clone().map(|login| (ROOT.to_owned(), login));
    }
    let user = state.user(&said.user)?;
    user.login.clone().map(|login| (user.id.clone(), login))
}

/// Account, user and password.
///
/// # Errors
///
/// One of the three is not right; which one nobody says.
pub fn password(endpoint: &Endpoint, said: &Password, now: u64, event: &mut Event) -> Result<Next, Refused> {
    use secrecy::ExposeSecret as _;
    event.action = Some("sign-in".to_owned());
    let found = found(&endpoint.state(), said);
    // The same work for a user that is not there.
    let right =
        password::verify(said.password.expose_secret(), found.as_ref().map(|(_, login)| login.hash.as_str()));
    let Some((principal, _)) = found.filter(|_| right) else {
        event.why = Some("user or password wrong".to_owned());
        return Err(Refused::Incorrect);
    };
    event.principal = Some(name(&endpoint.state(), &principal));
    let serials: Vec<String> =
        endpoint.state().devices_of(&principal).map(|device| device.serial.clone()).collect();
    if serials.is_empty() {
        let mut writer = endpoint.begin()?;
        // Someone may have enabled one while the password was checked (MFA-062).
        if endpoint.state().devices_of(&principal).next().is_some() {
            return Err(Refused::Incorrect);
        }
        return complete(endpoint, &mut writer, &principal, None, now, Vec::new());
    }
    let mut nonce = [0; 16];
    endpoint.entropy().fill(&mut nonce).map_err(failed)?;
    let challenge = Challenge { nonce, principal, expires: now.saturating_add(CHALLENGE_LIFE) };
    let plain = serde_json::to_vec(&challenge).map_err(failed)?;
    let sealed = endpoint
        .keys()
        .seal_bytes(Purpose::Transient, b"challenge", &plain, endpoint.entropy())
        .map_err(failed)?;
    Ok(Next::Code { mfa_required: true, challenge: URL_SAFE_NO_PAD.encode(sealed), serials })
}

/// The code.
///
/// # Errors
///
/// The challenge is over, or the code is not right.
pub fn code(
    endpoint: &Endpoint,
    challenges: &Challenges,
    said: &WithCode,
    now: u64,
    event: &mut Event,
) -> Result<Next, Refused> {
    use secrecy::ExposeSecret as _;
    event.action = Some("sign-in-mfa".to_owned());
    let opened = URL_SAFE_NO_PAD
        .decode(&said.challenge)
        .ok()
        .and_then(|sealed| endpoint.keys().open_bytes(Purpose::Transient, b"challenge", &sealed).ok())
        .and_then(|plain| serde_json::from_slice::<Challenge>(&plain).ok());
    let live = opened.filter(|challenge| challenge.expires > now);
    let Some(challenge) = live.filter(|challenge| challenges.take(challenge, now)) else {
        event.why = Some("challenge unknown, ended or used up".to_owned());
        return Err(Refused::Incorrect);
    };
    let principal = &challenge.principal;
    event.principal = Some(name(&endpoint.state(), principal));
    event.serial.clone_from(&said.serial);
    let Ok(code) = said.code.expose_secret().parse::<Code>() else {
        event.why = Some("code malformed".to_owned());
        return Err(Refused::Incorrect);
    };
    let mut writer = endpoint.begin()?;
    let (spent, changes, outcome) = verify(endpoint, principal, said.serial.as_deref(), &code, now)?;
    event.why = outcome.map(codes::why);
    let Some(serial) = spent else {
        writer.commit(&changes)?;
        return Err(match outcome {
            Some(Outcome::Waiting { seconds }) => Refused::Throttled(seconds),
            Some(Outcome::Locked) => Refused::Throttled(3_600),
            _ => Refused::Incorrect,
        });
    };
    challenges.close(&challenge, now);
    event.serial = Some(serial.clone());
    complete(endpoint, &mut writer, principal, Some(MfaUse { serial, at: now }), now, changes)
}

/// Tries a code against the devices of a user: the serial of the one it is right for, what must be durable,
/// and what came of it.
fn verify(
    endpoint: &Endpoint,
    principal: &str,
    serial: Option<&str>,
    code: &Code,
    now: u64,
) -> Result<(Option<String>, Vec<Change>, Option<Outcome>), Refused> {
    let state = endpoint.state();
    let devices: Vec<Arc<Device>> = state
        .devices_of(principal)
        .filter(|device| serial.is_none_or(|serial| device.serial.eq_ignore_ascii_case(serial)))
        .cloned()
        .collect();
    let (mut changes, mut last) = (Vec::new(), None);
    let before = state.throttle(principal).throttle;
    let mut user = before;
    for device in devices {
        let (seed, guard, _) = codes::open(endpoint.keys(), &state, &device, principal)?;
        let window = endpoint.settings().window;
        // All of one attempt meet the same barrier: one code is one attempt, however many devices.
        let checked = twokeys::mfa::check(&seed, guard, before, code, now, window);
        last = Some(checked.outcome);
        if let Outcome::Accepted { .. } = checked.outcome {
            let changes = codes::changes(&device, principal, &checked).to_vec();
            return Ok((Some(device.serial.clone()), changes, last));
        }
        if checked.user.failures > user.failures {
            user = checked.user;
        }
        changes.push(codes::with_guard(&device, checked.guard).into());
    }
    changes.push(crate::state::ThrottleRecord { owner: principal.to_owned(), throttle: user }.into());
    Ok((None, changes, last))
}

/// Notes the sign-in and makes the session, unless a new password is due before.
fn complete(
    endpoint: &Endpoint,
    writer: &mut Writer<'_>,
    principal: &str,
    mfa: Option<MfaUse>,
    now: u64,
    mut changes: Vec<Change>,
) -> Result<Next, Refused> {
    let (due, login, noted) = {
        let state = endpoint.state();
        if principal == ROOT {
            let account = state.account().clone();
            let root = Root { password_last_used: Some(now), ..account.root.clone() };
            (Due::Nothing, None, AccountRecord { root, ..account }.into())
        } else {
            // Deleted while the code was typed.
            let user = state.user_by_id(principal).ok_or(Refused::Incorrect)?;
            let login = user.login.clone().ok_or(Refused::Incorrect)?;
            let due = password_life::due(&login, state.account().password_policy.as_ref(), now);
            let noted = User { password_last_used: Some(now), ..User::clone(user) };
            (due, Some(login), noted.into())
        }
    };
    match (due, login) {
        (Due::Renewal, Some(login)) => {
            writer.commit(&changes)?;
            renewal::ask(endpoint, principal, mfa, login, now)
        }
        (Due::Administrator, _) => {
            writer.commit(&changes)?;
            Err(Refused::Because(403, password_life::EXPIRED.to_owned()))
        }
        _ => {
            changes.push(noted);
            writer.commit(&changes)?;
            finish(endpoint, &query::of_sign_in(principal, mfa, now, endpoint.entropy()).map_err(failed)?)
        }
    }
}

/// The credentials of a session.
pub(crate) fn finish(endpoint: &Endpoint, session: &Session) -> Result<Next, Refused> {
    let token = token::seal(session, endpoint.keys(), endpoint.entropy(), 0).map_err(failed)?;
    Ok(Next::Credentials(Credentials {
        access_key_id: session.key_id.clone(),
        secret_access_key: token::secret(session, endpoint.keys()),
        session_token: token,
        expiration: crate::wire::iso8601(session.expires),
    }))
}

fn name(state: &State, principal: &str) -> String {
    state.user_by_id(principal).map_or_else(|| state.arn("root"), |user| user.arn(state))
}

impl Challenges {
    /// Counts a try; false if there is none left.
    fn take(&self, challenge: &Challenge, now: u64) -> bool {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.retain(|_, (_, end)| *end > now);
        let (tries, _) = tried.entry(challenge.nonce).or_insert((0, challenge.expires));
        *tries += 1;
        *tries <= TRIES
    }

    /// A challenge is good for one sign-in.
    fn close(&self, challenge: &Challenge, now: u64) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.retain(|_, (_, end)| *end > now);
        tried.insert(challenge.nonce, (TRIES, challenge.expires));
    }
}
