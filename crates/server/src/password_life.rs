//! The life of a password: when it must be renewed, and which new one may follow it.

use crate::password;
use crate::state::{Entropy, LoginProfile, PasswordPolicy, State, User};
use crate::wire::ApiError;

/// So many earlier passwords can be kept from use.
const MOST_EARLIER: usize = 24;
const DAY: u64 = 86_400;

/// What a user reads whom [`Due::Administrator`] meets.
pub const EXPIRED: &str = "Your password has expired; ask an administrator to reset it";

/// What has to happen before a right password opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// The user sets a new one (`PasswordResetRequired`, `MaxPasswordAge`).
    Renewal,
    /// An administrator sets a new one (`HardExpiry`).
    Administrator,
}

/// What is due for a user's password. Root's is of no policy and never expires.
pub fn due(login: &LoginProfile, policy: Option<&PasswordPolicy>, now: u64) -> Due {
    let expired = policy.and_then(|policy| policy.max_age_days).is_some_and(|days| {
        let end = login.changed.saturating_add(u64::from(days) * DAY);
        end <= now
    });
    match (expired, policy.and_then(|policy| policy.hard_expiry)) {
        (true, Some(true)) => Due::Administrator,
        (true, _) => Due::Renewal,
        (false, _) if login.reset_required => Due::Renewal,
        (false, _) => Due::Nothing,
    }
}

/// Is it a password that the user may have?
///
/// # Errors
///
/// The account's policy does not allow it.
pub fn check(state: &State, user: &User, password: &str) -> Result<(), ApiError> {
    let account = state.account();
    let id = account.id.to_string();
    let names = [user.name.as_str(), account.alias.as_deref().unwrap_or(&id)];
    match password::against_policy(password, account.password_policy.as_ref(), &names) {
        Some(why) => Err(ApiError::password_policy_violation(why)),
        None => Ok(()),
    }
}

/// The profile with another password.
///
/// # Errors
///
/// It was used before and must not be again, or there is no entropy.
pub fn renewed(
    state: &State,
    mut login: LoginProfile,
    password: &str,
    now: u64,
    entropy: &dyn Entropy,
) -> Result<LoginProfile, ApiError> {
    let policy = state.account().password_policy.as_ref();
    let prevented = policy.and_then(|policy| policy.reuse_prevention).unwrap_or(0) as usize;
    let known = std::iter::once(&login.hash).chain(&login.earlier).take(prevented);
    if known.into_iter().any(|hash| password::verify(password, Some(hash))) {
        return Err(ApiError::password_policy_violation("Password has been used before"));
    }
    let hash =
        password::hash(password, entropy).map_err(|error| ApiError::service_failure(error.to_string()))?;
    login.earlier.insert(0, std::mem::replace(&mut login.hash, hash));
    login.earlier.truncate(MOST_EARLIER);
    login.changed = now;
    Ok(login)
}
