//! A request as people and programs write it: one JSON object (TE-001, UX-082).
//!
//! The reading is strict. A member that does not exist, a value of the wrong type or a key given
//! twice is an error with a place, because a request that is not the one its author meant gets an
//! answer that is not the one he needs. All members may be left out; whoever asks fills them in or
//! says what is missing.

mod error;
mod read;

pub use error::{RequestError, RequestErrorKind, RequestErrors};

use super::Resource;
use super::context::ContextBuilder;
use super::credential::{Credential, MfaAsked};
use super::principal::{CredentialType, Principal, PrincipalDetails};
use crate::json::{self, Limits, Node, Value};
use crate::name::{AccountId, Action, Arn};
use crate::source::{Span, Spanned};

/// What a request object holds. A member that is not there is `None` or empty.
#[derive(Debug, Clone, Default)]
pub struct RequestObject {
    /// `id`: comes back with the answer.
    pub id: Option<String>,
    /// `principal`
    pub principal: Option<Spanned<Principal>>,
    /// `principalDetails`
    pub details: Details,
    /// `action`
    pub action: Option<Spanned<Action>>,
    /// `resource`
    pub resource: Option<Spanned<Resource>>,
    /// `resourceAccount`
    pub resource_account: Option<Spanned<AccountId>>,
    /// `resourceInManagementAccount`
    pub resource_in_management_account: Option<bool>,
    /// `context` and `unknown`
    pub context: ContextBuilder,
    /// Where `context` or `unknown` names an MFA key: the request is then asked once, as it is.
    pub mfa_key: Option<Span>,
    /// `mfa`
    pub mfa: Option<Spanned<MfaAsked>>,
    /// `mfaAge`, in seconds
    pub mfa_age: Option<Spanned<u64>>,
    /// `credential`
    pub credential: Option<Spanned<Credential>>,
    /// `expect`: the answer that is expected, as written.
    pub expect: Option<Spanned<String>>,
}

/// `principalDetails`: facts that the name of a principal does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// `roleArn`
    pub role_arn: Option<Arn>,
    /// `issuerUserArn`
    pub issuer_user_arn: Option<Arn>,
    /// `uniqueId`
    pub unique_id: Option<String>,
    /// `canonicalUser`
    pub canonical_user: Option<String>,
    /// `serviceNames`
    pub service_names: Option<Vec<String>>,
    /// `managementAccount`
    pub management_account: Option<bool>,
    /// `credential`
    pub credential: Option<CredentialType>,
}

impl RequestObject {
    /// The longest request object, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads one request object.
    ///
    /// ```
    /// use twokeys::request::RequestObject;
    ///
    /// let object = RequestObject::read(br#"{"action": "s3:GetObject", "mfa": "true", "mfaAge": 5}"#)?;
    /// assert_eq!(object.mfa_age.map(|age| age.value), Some(5));
    ///
    /// let errors = RequestObject::read(br#"{"acton": "s3:GetObject"}"#).unwrap_err();
    /// assert_eq!(errors.to_string(), "a request has no member `acton`");
    /// assert_eq!(errors.first().help().as_deref(), Some("did you mean `action`?"));
    /// # Ok::<(), twokeys::request::RequestErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// All mistakes of the text.
    pub fn read(text: &[u8]) -> Result<Self, RequestErrors> {
        read::read(text, read::Reader::root)
    }

    /// Reads a bare context: an object of keys and values.
    ///
    /// # Errors
    ///
    /// All mistakes of the text.
    pub fn read_context(text: &[u8]) -> Result<ContextBuilder, RequestErrors> {
        read::read(text, read::Reader::context).map(|object| object.context)
    }
}

impl Details {
    /// The names of the details.
    pub const NAMES: [&'static str; 7] = [
        "roleArn",
        "issuerUserArn",
        "uniqueId",
        "canonicalUser",
        "serviceNames",
        "managementAccount",
        "credential",
    ];

    /// Sets one detail by its name, as `NAME=VALUE` on a command line does.
    ///
    /// # Errors
    ///
    /// There is no such detail, or the value is none for it.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), RequestErrorKind> {
        let plain = |value| Node { value, span: Span::default() };
        let value = match (name, value) {
            ("managementAccount", "true") => Value::Bool(true),
            ("managementAccount", "false") => Value::Bool(false),
            ("serviceNames", names) => {
                Value::Array(names.split(',').map(|name| plain(Value::String(name.into()))).collect())
            }
            _ => Value::String(value.into()),
        };
        read::detail(self, name, Span::default(), &plain(value)).map_err(RequestError::into_kind)
    }

    /// The details as the engine takes them.
    pub fn into_principal_details(self) -> PrincipalDetails {
        PrincipalDetails {
            role_arn: self.role_arn,
            issuer_user_arn: self.issuer_user_arn,
            unique_id: self.unique_id,
            canonical_user: self.canonical_user,
            service_names: self.service_names.unwrap_or_default(),
            management_account: self.management_account.unwrap_or_default(),
            credential: self.credential,
        }
    }
}
