//! The last step of a sign-in where the password is good for nothing but to be changed.
//!
//! Password and code were right, and yet there is no session before a new password is set: an administrator
//! asked for it, or the old one is too old. The step is bound to the old password, so it works once. Whoever may not
//! change the own password may not here either: `iam:ChangePassword` decides, as on AWS.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::caller::{Caller, Credential, Identity, MfaUse, Session};
use crate::endpoint::{Endpoint, Event};
use crate::gate::{self, Mfa, Question, Scene};
use crate::password;
use crate::password_life::{self, Due};
use crate::query;
use crate::seal::Purpose;
use crate::sign_in::{CHALLENGE_LIFE, Next, Refused, failed, finish};
use crate::state::{LoginProfile, State, User};
use crate::wire::ApiError;

/// What is said in this step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// From the step before.
    pub challenge: String,
    /// The new one.
    pub new_password: secrecy::SecretString,
}

/// What the challenge holds.
#[derive(Serialize, Deserialize)]
struct Renewal {
    principal: String,
    mfa: Option<MfaUse>,
    /// Of the password that was right. It is another as soon as the step is done.
    hash: String,
    expires: u64,
}

/// Asks for a new password instead of giving a session.
pub(crate) fn ask(
    endpoint: &Endpoint,
    principal: &str,
    mfa: Option<MfaUse>,
    login: LoginProfile,
    now: u64,
) -> Result<Next, Refused> {
    let expires = now.saturating_add(CHALLENGE_LIFE);
    let renewal = Renewal { principal: principal.to_owned(), mfa, hash: login.hash, expires };
    let plain = serde_json::to_vec(&renewal).map_err(failed)?;
    let sealed = endpoint
        .keys()
        .seal_bytes(Purpose::Transient, b"renewal", &plain, endpoint.entropy())
        .map_err(failed)?;
    Ok(Next::NewPassword { password_reset_required: true, challenge: URL_SAFE_NO_PAD.encode(sealed) })
}

/// The new password.
///
/// # Errors
///
/// The challenge is over, the user may not change the own password, or may not have this one.
pub fn new_password(
    endpoint: &Endpoint,
    said: &NewPassword,
    scene: Scene<'_>,
    event: &mut Event,
) -> Result<Next, Refused> {
    use secrecy::ExposeSecret as _;
    event.action = Some("sign-in-new-password".to_owned());
    let now = scene.now;
    let opened = URL_SAFE_NO_PAD
        .decode(&said.challenge)
        .ok()
        .and_then(|sealed| endpoint.keys().open_bytes(Purpose::Transient, b"renewal", &sealed).ok())
        .and_then(|plain| serde_json::from_slice::<Renewal>(&plain).ok())
        .filter(|renewal| renewal.expires > now);
    let over = "challenge unknown, ended or used up";
    let Some(renewal) = opened else {
        event.why = Some(over.to_owned());
        return Err(Refused::Incorrect);
    };
    let mut writer = endpoint.begin()?;
    let session =
        query::of_sign_in(&renewal.principal, renewal.mfa, now, endpoint.entropy()).map_err(failed)?;
    let change = {
        let state = endpoint.state();
        let user = state.user_by_id(&renewal.principal).map(|user| User::clone(user));
        let login = user.as_ref().and_then(|user| user.login.clone());
        let (Some(user), Some(login)) = (user, login.filter(|login| login.hash == renewal.hash)) else {
            event.why = Some(over.to_owned());
            return Err(Refused::Incorrect);
        };
        event.principal = Some(user.arn(&state));
        allowed(endpoint, &state, &user, &session, scene)?;
        let login = renewed(endpoint, &state, &user, login, said.new_password.expose_secret(), now)?;
        User { login: Some(login), password_last_used: Some(now), ..user }
    };
    writer.commit(&[change.into()])?;
    finish(endpoint, &session)
}

/// May the user, in the session that would follow, change the own password?
fn allowed(
    endpoint: &Endpoint,
    state: &State,
    user: &User,
    session: &Session,
    scene: Scene<'_>,
) -> Result<(), Refused> {
    let user = std::sync::Arc::new(user.clone());
    let subject = query::subject_of_user(&user, state);
    let credential = Credential { key_id: session.key_id.clone(), session: Some(session.clone()) };
    let question = Question {
        state,
        caller: &Caller { identity: Identity::User(user), credential },
        action: "iam:ChangePassword",
        resource: &subject.resource,
        keys: subject.keys,
        resource_tags: &subject.resource_tags,
        request_tags: &subject.request_tags,
        resource_policy: None,
        mfa: Mfa::OfCredential,
        scene,
    };
    let passed = gate::pass(endpoint.sets(), &question);
    passed.map(|_| ()).map_err(|denial| Refused::Because(403, denial.message))
}

fn renewed(
    endpoint: &Endpoint,
    state: &State,
    user: &User,
    login: LoginProfile,
    password: &str,
    now: u64,
) -> Result<LoginProfile, Refused> {
    let policy = state.account().password_policy.as_ref();
    // It may have become too old for that while a new one was thought of.
    if password_life::due(&login, policy, now) == Due::Administrator {
        return Err(Refused::Because(403, password_life::EXPIRED.to_owned()));
    }
    if password::verify(password, Some(&login.hash)) {
        return Err(Refused::Because(400, "The new password must not be the old one".to_owned()));
    }
    let wrong = |error: ApiError| match error.status {
        500.. => Refused::Failed(error.message),
        _ => Refused::Because(400, error.message),
    };
    password_life::check(state, user, password).map_err(wrong)?;
    let login = password_life::renewed(state, login, password, now, endpoint.entropy()).map_err(wrong)?;
    Ok(LoginProfile { reset_required: false, ..login })
}
