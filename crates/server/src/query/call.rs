//! What a handler is given, and what it gives back.

use twokeys::mfa::{Profile, Window};

use crate::caller::Caller;
use crate::gate::{Scene, Sets};
use crate::seal::{Keys, Purpose, SealError, Sealed};
use crate::state::{Change, Entropy, NoEntropy, State, Tag, Tags, User};
use crate::wire::{ApiError, Params, Xml};

/// One call, verified and validated.
#[derive(Clone, Copy)]
pub struct Call<'c> {
    /// The account as it is now; it does not change while the call is handled.
    pub state: &'c State,
    /// Who calls.
    pub caller: &'c Caller,
    /// The parameters.
    pub params: &'c Params,
    /// Where and when.
    pub scene: Scene<'c>,
    /// Random bytes.
    pub entropy: &'c dyn Entropy,
    /// What seals and opens.
    pub keys: &'c Keys,
    /// Policies made ready.
    pub sets: &'c Sets,
    /// What the operator of the endpoint has set.
    pub settings: &'c Settings,
    /// The code that came with the call, already verified and spent (STS-020); its time is now.
    pub code: Option<&'c crate::caller::MfaUse>,
}

/// What the operator of the endpoint has set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Who issues the codes, in the words that an authenticator shows (MFA-016).
    pub issuer: String,
    /// The window of codes at sign-in and STS (RL-033).
    pub window: Window,
    /// The reading of MF-002.
    pub profile: Profile,
    /// Does deactivating a device end its user's sessions (RL-037)?
    pub revoke_on_deactivate: bool,
}

/// What a call that was granted gives.
#[derive(Debug, Default)]
pub struct Answer {
    /// What must be durable before anyone hears of it.
    pub changes: Vec<Change>,
    /// The content of `<OpResult>`; none for operations without output.
    pub result: Option<Xml>,
}

/// What a call that was refused gives.
#[derive(Debug)]
pub struct Refusal {
    /// What the client reads.
    pub error: ApiError,
    /// What must be durable all the same: a spent code, a counted failure.
    pub changes: Vec<Change>,
    /// What the audit trail says besides (MFA-051).
    pub why: Option<String>,
}

/// A code that was right, and what must be durable before it counts.
#[derive(Debug)]
pub struct Spent {
    /// The device and the time.
    pub mfa: crate::caller::MfaUse,
    /// The device's last step, the cleared counts.
    pub changes: Vec<Change>,
}

/// What a handler gives back.
pub type Handled = Result<Answer, Refusal>;

impl Answer {
    /// Nothing changes.
    pub fn read(result: Xml) -> Handled {
        Ok(Self { changes: Vec::new(), result: Some(result) })
    }

    /// Something changes, and there is nothing to tell.
    pub fn done(changes: impl IntoIterator<Item = Change>) -> Handled {
        Ok(Self { changes: changes.into_iter().collect(), result: None })
    }

    /// Something changes, and there is something to tell.
    pub fn made(changes: impl IntoIterator<Item = Change>, result: Xml) -> Handled {
        Ok(Self { changes: changes.into_iter().collect(), result: Some(result) })
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self { error, changes: Vec::new(), why: None }
    }
}

impl From<NoEntropy> for Refusal {
    fn from(error: NoEntropy) -> Self {
        ApiError::service_failure(error.to_string()).into()
    }
}

impl From<SealError> for Refusal {
    fn from(error: SealError) -> Self {
        ApiError::service_failure(error.to_string()).into()
    }
}

impl<'c> Call<'c> {
    /// The time, in seconds since 1970.
    pub fn now(&self) -> u64 {
        self.scene.now
    }

    /// A parameter that the model requires: the model was asked before, so it is there.
    ///
    /// # Errors
    ///
    /// It is not; the call goes no further.
    pub fn required(&self, name: &str) -> Result<&'c str, ApiError> {
        self.params.get(name).ok_or_else(|| ApiError::validation(format!("{name} is missing")))
    }

    /// The user of this name.
    ///
    /// # Errors
    ///
    /// `NoSuchEntity`, in AWS's words.
    pub fn user(&self, name: &str) -> Result<&'c std::sync::Arc<User>, ApiError> {
        let unknown = || ApiError::no_such_entity(format!("The user with name {name} cannot be found."));
        self.state.user(name).ok_or_else(unknown)
    }

    /// The user whom `UserName` names, or without it the caller's own; none is the root user.
    ///
    /// # Errors
    ///
    /// `NoSuchEntity`; or no name is given and the caller is a role or a federated session.
    pub fn user_or_self(&self) -> Result<Option<&'c std::sync::Arc<User>>, ApiError> {
        use crate::caller::Identity;
        match (self.params.get("UserName"), &self.caller.identity) {
            (Some(name), _) => self.user(name).map(Some),
            (None, Identity::User(user)) => Ok(Some(user)),
            (None, Identity::Root) => Ok(None),
            (None, Identity::Role { .. } | Identity::Federated { .. }) => {
                Err(ApiError::validation("Must specify userName when calling with non-User credentials"))
            }
        }
    }

    /// Seals something for the store.
    ///
    /// # Errors
    ///
    /// There is no entropy.
    pub fn seal(&self, purpose: Purpose, associated: &str, plain: &[u8]) -> Result<Sealed, SealError> {
        self.keys.seal(purpose, associated.as_bytes(), plain, self.entropy)
    }

    /// `Tags.member.N`, as the caller wrote them.
    pub fn tags(&self) -> Tags {
        let text = |tag: &Params, name: &str| tag.get(name).unwrap_or_default().to_owned();
        let read = |tag: &Params| Tag { key: text(tag, "Key"), value: text(tag, "Value") };
        self.params.structures("Tags").iter().map(read).collect()
    }

    /// Is the caller the user with this unique id?
    pub fn is_by(&self, user: &User) -> bool {
        self.caller.user().is_some_and(|caller| caller.id == user.id)
    }
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Parameters may be secrets.
        f.debug_struct("Call").field("caller", &self.caller.credential.key_id).finish_non_exhaustive()
    }
}
