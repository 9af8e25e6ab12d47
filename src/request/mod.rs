//! What is asked, and what is known about the asker.
//!
//! A request is *who* ([`Principal`]), *what* ([`Action`]), *to which thing*
//! ([`Resource`]) and *under which circumstances* ([`Context`]). The circumstances are context keys,
//! such as `aws:SourceIp`, each in one of three states: known with its values, absent, or unknown.
//! Absent is not the same as false: a request signed with a long-term access key carries no
//! `aws:MultiFactorAuthPresent` at all, and that difference decides whether MFA is enforced.
//!
//! A [`Request`] holds what it is given and nothing else (CK-001); filling in what AWS would put
//! there is the work of whoever builds it.

mod complete;
mod context;
mod credential;
mod key;
mod keys;
pub mod object;
mod principal;

pub use complete::{Facts, Membership, Wanted};
pub use context::{Context, ContextBuilder, ContextError, KeyState};
pub use credential::{Credential, InvalidCredential, MfaAsked, MfaState};
pub use key::{KeyName, MFA_AGE, MFA_PRESENT, names_mfa};
pub use keys::{GLOBAL_KEYS, GLOBAL_KEYS_DATE, GlobalKey, ValueType};
pub use object::{Details, RequestError, RequestErrorKind, RequestErrors, RequestObject};
pub use principal::{CredentialType, InvalidPrincipal, Principal, PrincipalDetails, PrincipalKind};

use std::fmt;
use std::str::FromStr;

use crate::name::{AccountId, Action, Arn, InvalidArn};

/// One question to the engine.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// What is to be done.
    pub action: Action,
    /// To which thing.
    pub resource: Resource,
    /// The account that owns the resource, where it is known; S3 ARNs do not tell it.
    pub resource_account: Option<AccountId>,
    /// Does the resource belong to the organization's management account? (EV-062)
    pub resource_in_management_account: bool,
    /// The context keys.
    pub context: Context,
}

impl Request {
    /// A request with nothing but its three names; the other fields can be set.
    pub fn new(principal: Principal, action: Action, resource: Resource, context: Context) -> Self {
        Self {
            principal,
            action,
            resource,
            resource_account: None,
            resource_in_management_account: false,
            context,
        }
    }

    /// The account that owns the resource: as given, else the ARN's, else the principal's (EV-010).
    ///
    /// None if the ARN names an owner that is no account: then it is nobody's own. What AWS itself owns
    /// (`arn:aws:iam::aws:policy/…`) is in everyone's account.
    pub fn owner(&self) -> Option<AccountId> {
        self.resource_account.or_else(|| self.resource.owner(&self.principal))
    }
}

/// The thing a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `*`: the action has no resource of its own (`s3:ListAllMyBuckets`).
    Star,
    /// One thing. Wildcards in its name are plain characters (RE-001).
    Arn(Arn),
}

impl Resource {
    /// The account that owns it, as far as its name and the one who asks tell; see [`Request::owner`].
    pub fn owner(&self, principal: &Principal) -> Option<AccountId> {
        match self {
            Self::Star => principal.account(),
            Self::Arn(arn) if matches!(arn.field(4), "" | "aws") => principal.account(),
            Self::Arn(arn) => arn.account(),
        }
    }

    /// The text as it is written in a request.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Star => "*",
            Self::Arn(arn) => arn.as_str(),
        }
    }
}

impl FromStr for Resource {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" { Ok(Self::Star) } else { text.parse().map(Self::Arn) }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
