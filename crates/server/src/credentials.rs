//! From an access key id and a token to a secret and a caller (STS-030 to STS-033).

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::caller::{Caller, Credential, Identity, Session, SessionKind};
use crate::seal::{Keys, Purpose};
use crate::sigv4::{KeyQuery, Secret};
use crate::state::{KeyStatus, ROOT, State, User};
use crate::token;
use crate::wire::ApiError;

/// A credential that exists: its secret, and what leads to its caller.
pub struct Found {
    secret: Zeroizing<Vec<u8>>,
    key_id: String,
    session: Option<Session>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// Looks a credential up.
///
/// # Errors
///
/// `InvalidClientTokenId` for whatever is not a credential of this account, `ExpiredToken` for a session
/// that has ended.
pub fn find(state: &State, keys: &Keys, query: &KeyQuery<'_>, now: u64) -> Result<Found, ApiError> {
    let key_id = query.access_key_id.to_owned();
    if let Some(token) = query.session_token {
        let session = token::open(token, keys).map_err(|_| unknown())?;
        if session.key_id != key_id {
            return Err(unknown());
        }
        if session.expires <= now {
            return Err(ApiError::expired_token());
        }
        let secret = Zeroizing::new(token::secret(&session, keys).into_bytes());
        return Ok(Found { secret, key_id, session: Some(session) });
    }
    let key = state.key(&key_id).filter(|key| key.status == KeyStatus::Active).ok_or_else(unknown)?;
    // A secret that does not open belongs to another master key: nobody can sign with it.
    let secret = keys.open(Purpose::SecretKey, key_id.as_bytes(), &key.secret).map_err(|_| unknown())?;
    Ok(Found { secret, key_id, session: None })
}

/// What AWS answers for every credential that is none.
pub fn unknown() -> ApiError {
    ApiError::invalid_client_token_id()
}

impl Secret for Found {
    fn secret(&self) -> &[u8] {
        &self.secret
    }
}

impl Found {
    /// The id of the access key.
    pub fn id(&self) -> &str {
        &self.key_id
    }

    /// Did a session token come with it?
    pub fn is_session(&self) -> bool {
        self.session.is_some()
    }

    /// Who calls with it, as the account knows them now.
    ///
    /// # Errors
    ///
    /// The key was deleted or switched off, its user or role is gone, or its sessions are void.
    pub fn caller(&self, state: &State) -> Result<Caller, ApiError> {
        let identity = match &self.session {
            None => {
                let key = state.key(&self.key_id).filter(|key| key.status == KeyStatus::Active);
                let owner = &key.ok_or_else(unknown)?.owner;
                user(state, owner)?.map_or(Identity::Root, Identity::User)
            }
            Some(session) => of_session(state, session)?,
        };
        Ok(Caller {
            identity,
            credential: Credential { key_id: self.key_id.clone(), session: self.session.clone() },
        })
    }
}

fn of_session(state: &State, session: &Session) -> Result<Identity, ApiError> {
    if state.revocation(&session.principal).is_some_and(|revoked| session.issued <= revoked.until) {
        return Err(unknown());
    }
    let name = || session.name.clone().ok_or_else(unknown);
    Ok(match session.kind {
        SessionKind::SessionToken | SessionKind::SignIn => {
            user(state, &session.principal)?.map_or(Identity::Root, Identity::User)
        }
        SessionKind::Federation => {
            Identity::Federated { issuer: user(state, &session.principal)?, name: name()? }
        }
        SessionKind::Role => {
            let role = state.role_by_id(&session.principal).ok_or_else(unknown)?;
            Identity::Role { role: Arc::clone(role), session: name()? }
        }
    })
}

/// The user with this unique id; none is the root user.
fn user(state: &State, id: &str) -> Result<Option<Arc<User>>, ApiError> {
    if id == ROOT {
        return Ok(None);
    }
    state.user_by_id(id).cloned().map(Some).ok_or_else(unknown)
}
