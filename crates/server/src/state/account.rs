//! The account itself and its root user.

use serde::{Deserialize, Serialize};
use twokeys::name::AccountId;

use super::LoginProfile;

/// The account itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// Twelve digits.
    #[serde(with = "digits")]
    pub id: AccountId,
    /// Its name in sign-in addresses.
    pub alias: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// What passwords must be like; none means AWS's default.
    pub password_policy: Option<PasswordPolicy>,
    /// The root user.
    pub root: Root,
    /// When the credential report was last made, if it was.
    pub report_made: Option<u64>,
}

/// The root user. Its keys and devices have the owner [`ROOT`](super::ROOT).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Its password, if it has one (API-061).
    pub login: Option<LoginProfile>,
    /// When a sign-in was last completed.
    pub password_last_used: Option<u64>,
}

/// What passwords must be like; the members are those of `UpdateAccountPasswordPolicy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the API, which says what each means")]
pub struct PasswordPolicy {
    pub minimum_length: u32,
    pub require_symbols: bool,
    pub require_numbers: bool,
    pub require_uppercase: bool,
    pub require_lowercase: bool,
    pub allow_users_to_change: bool,
    pub max_age_days: Option<u32>,
    pub reuse_prevention: Option<u32>,
    pub hard_expiry: Option<bool>,
}

mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use twokeys::name::AccountId;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(id: &AccountId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccountId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
