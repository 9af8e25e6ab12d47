//! Who a verified request comes from, and with what.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use twokeys::mfa::{Profile, Signing};
use twokeys::request::{CredentialType, InvalidPrincipal, MfaState, Principal, PrincipalDetails};

use crate::state::{ROOT, Role, State, Tags, User};

/// Someone whose signature was verified.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is, as the account knows them now (STS-008).
    pub identity: Identity,
    /// What signed.
    pub credential: Credential,
}

/// Who calls.
#[derive(Debug, Clone)]
pub enum Identity {
    /// The root user.
    Root,
    /// A user.
    User(Arc<User>),
    /// A session of a role.
    Role {
        /// The role.
        role: Arc<Role>,
        /// The session's name.
        session: String,
    },
    /// A session of `GetFederationToken`.
    Federated {
        /// The user who made it; none is the root user.
        issuer: Option<Arc<User>>,
        /// The name that was given.
        name: String,
    },
}

/// What signed a request.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The access key id: `AKIA…` or `ASIA…`.
    pub key_id: String,
    /// What the token says; none for a long-term key.
    pub session: Option<Session>,
}

/// The content of a session token (STS-031).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The operation or page that made it.
    pub kind: SessionKind,
    /// The unique id of the user or role, or `root`.
    pub principal: String,
    /// The session's name, for roles and federation.
    pub name: Option<String>,
    /// The id of the access key that the token goes with.
    pub key_id: String,
    /// When it was made, in seconds since 1970.
    pub issued: u64,
    /// When it ends.
    pub expires: u64,
    /// The code that was accepted, if one was: for a role session that of the session it was made from.
    pub mfa: Option<MfaUse>,
    /// An inline session policy, as it was given.
    pub policy: Option<String>,
    /// ARNs of managed policies that are session policies.
    pub policy_arns: Vec<String>,
    /// Session tags.
    pub tags: Tags,
    /// Keys of the tags that go on to the next role.
    pub transitive: Vec<String>,
    /// `sts:SourceIdentity`
    pub source_identity: Option<String>,
    /// How many roles were assumed on the way: 1 for a role session made by a user.
    pub chain: u32,
}

/// A code that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaUse {
    /// The device.
    pub serial: String,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// What made a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionKind {
    /// `GetSessionToken`
    SessionToken,
    /// Sign-in with a password.
    SignIn,
    /// `AssumeRole`
    Role,
    /// `GetFederationToken`
    Federation,
}

impl Caller {
    /// The unique id under which keys, devices, throttles and revocations know the caller.
    pub fn principal_id(&self) -> &str {
        match &self.identity {
            Identity::Root | Identity::Federated { issuer: None, .. } => ROOT,
            Identity::User(user) | Identity::Federated { issuer: Some(user), .. } => &user.id,
            Identity::Role { role, .. } => &role.id,
        }
    }

    /// The user that calls, if it is one.
    pub fn user(&self) -> Option<&Arc<User>> {
        match &self.identity {
            Identity::User(user) => Some(user),
            Identity::Root | Identity::Role { .. } | Identity::Federated { .. } => None,
        }
    }

    /// The ARN that `GetCallerIdentity` tells and that denials name.
    pub fn arn(&self, state: &State) -> String {
        let account = state.id();
        match &self.identity {
            Identity::Root => state.arn("root"),
            Identity::User(user) => user.arn(state),
            Identity::Role { role, session } => {
                format!("arn:aws:sts::{account}:assumed-role/{}/{session}", role.name)
            }
            Identity::Federated { name, .. } => format!("arn:aws:sts::{account}:federated-user/{name}"),
        }
    }

    /// `AIDA…`, `AROA…:SESSION`, `ACCOUNT:NAME`, or the account's number for root (API-044).
    pub fn user_id(&self, state: &State) -> String {
        match &self.identity {
            Identity::Root => state.id().to_string(),
            Identity::User(user) => user.id.clone(),
            Identity::Role { role, session } => format!("{}:{session}", role.id),
            Identity::Federated { name, .. } => format!("{}:{name}", state.id()),
        }
    }

    /// Is the credential temporary?
    pub fn is_session(&self) -> bool {
        self.credential.session.is_some()
    }

    /// The MFA keys that a request of this credential carries at `now` (MF-002).
    pub fn mfa(&self, now: u64, profile: Profile) -> MfaState {
        let Some(session) = &self.credential.session else { return Signing::AccessKey.mfa(profile) };
        // A clock that went backwards makes no age negative.
        let mfa_age = session.mfa.as_ref().map(|used| now.saturating_sub(used.at));
        let signing = match (session.kind, mfa_age) {
            (SessionKind::SessionToken, mfa_age) => Signing::SessionToken { mfa_age },
            (SessionKind::SignIn, mfa_age) => Signing::Console { mfa_age },
            (SessionKind::Role, Some(mfa_age)) => Signing::RoleFromMfaSession { mfa_age },
            (SessionKind::Role, None) => Signing::Role,
            (SessionKind::Federation, _) => Signing::Federated,
        };
        signing.mfa(profile)
    }

    /// The requester as the engine knows it.
    ///
    /// # Errors
    ///
    /// A name is none that AWS gives; nothing may be decided then.
    pub fn principal(&self, state: &State) -> Result<Principal, InvalidPrincipal> {
        let mut details = PrincipalDetails {
            credential: match self.credential.session.as_ref().map(|session| session.kind) {
                None => Some(CredentialType::LongTerm),
                Some(SessionKind::SessionToken) => Some(CredentialType::GetSessionToken),
                Some(SessionKind::Federation) => Some(CredentialType::GetFederationToken),
                Some(SessionKind::SignIn | SessionKind::Role) => None,
            },
            ..PrincipalDetails::default()
        };
        match &self.identity {
            Identity::Root => {}
            Identity::User(user) => details.unique_id = Some(user.id.clone()),
            Identity::Role { role, .. } => {
                details.unique_id = Some(role.id.clone());
                details.role_arn = role.arn(state).parse().ok();
            }
            Identity::Federated { issuer, .. } => {
                details.issuer_user_arn = issuer.as_ref().and_then(|user| user.arn(state).parse().ok());
            }
        }
        self.arn(state).parse::<Principal>()?.with_details(details)
    }

    /// Tags of the requester: of the user or role, then those of the session, which win.
    pub fn tags(&self) -> Vec<(String, String)> {
        let own = match &self.identity {
            Identity::User(user) => user.tags.as_slice(),
            Identity::Role { role, .. } => role.tags.as_slice(),
            Identity::Root | Identity::Federated { .. } => &[],
        };
        let session = self.credential.session.as_ref().map_or(&[][..], |session| session.tags.as_slice());
        let overridden = |key: &str| session.iter().any(|tag| tag.key.eq_ignore_ascii_case(key));
        let own = own.iter().filter(|tag| !overridden(&tag.key));
        own.chain(session).map(|tag| (tag.key.clone(), tag.value.clone())).collect()
    }
}
