//! The door of codes for every call that brings some: one place that opens a seed (RL-032).

use twokeys::mfa::{Checked, Code, Guard, Outcome, Seed, Throttle};

use super::{Call, Refusal, Spent};
use crate::caller::MfaUse;
use crate::seal::{Keys, Purpose};
use crate::state::{Change, Device, State, ThrottleRecord};
use crate::wire::ApiError;

/// The seed of a device, and what is remembered of it and of its user.
///
/// # Errors
///
/// The seed does not open: it was sealed with another master key, or moved here from another device.
pub(crate) fn open(
    keys: &Keys,
    state: &State,
    device: &Device,
    user: &str,
) -> Result<(Seed, Guard, Throttle), ApiError> {
    let broken = || ApiError::service_failure("the seed of the device cannot be opened");
    let plain = keys.open(Purpose::Seed, device.serial.as_bytes(), &device.seed).map_err(|_| broken())?;
    let text = std::str::from_utf8(&plain).map_err(|_| broken())?;
    let seed = Seed::from_base32(text).map_err(|_| broken())?;
    Ok((seed, device.life.guard, state.throttle(user).throttle))
}

/// The same for the device of a call.
///
/// # Errors
///
/// As [`open`].
pub(super) fn opened(
    call: &Call<'_>,
    device: &Device,
    user: &str,
) -> Result<(Seed, Guard, Throttle), ApiError> {
    open(call.keys, call.state, device, user)
}

/// What must be durable whatever came of a code.
pub(crate) fn changes(device: &Device, user: &str, checked: &Checked) -> [Change; 2] {
    [
        with_guard(device, checked.guard).into(),
        ThrottleRecord { owner: user.to_owned(), throttle: checked.user }.into(),
    ]
}

/// The device with what the verifier remembers now.
pub(crate) fn with_guard(device: &Device, guard: Guard) -> Device {
    let life = twokeys::mfa::Device { guard, ..device.life.clone() };
    Device { life, ..device.clone() }
}

/// The true reason, for the audit trail alone.
pub(crate) fn why(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted { step } => format!("code of step {step} accepted"),
        Outcome::Wrong => "code wrong".to_owned(),
        Outcome::AlreadyUsed => "code already used".to_owned(),
        Outcome::Waiting { seconds } => format!("code not looked at: {seconds} s to wait after failures"),
        Outcome::Locked => "code not looked at: locked after 100 failures".to_owned(),
    }
}

/// `SerialNumber` and `TokenCode` of an STS call, against the devices of the calling user (STS-004 to
/// STS-006, STS-025). None if neither is given.
///
/// # Errors
///
/// Every refusal reads as AWS writes it, whatever the true reason (MFA-051).
pub(super) fn of_sts(call: &Call<'_>) -> Result<Option<Spent>, Refusal> {
    let (serial, code) = match (call.params.get("SerialNumber"), call.params.get("TokenCode")) {
        (None, None) => return Ok(None),
        (Some(serial), Some(code)) => (serial, code),
        _ => {
            let why = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";
            return Err(ApiError::access_denied(why).into());
        }
    };
    let owner = call.caller.principal_id();
    let is_user = call.caller.user().is_some();
    let device = call.state.device(serial).filter(|device| is_user && device.owner() == Some(owner));
    let (Some(device), Ok(code)) = (device, code.parse::<Code>()) else {
        // A serial of someone else locks nobody (MFA-053).
        return Err(match device {
            None => ApiError::access_denied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number \
                 is valid and associated with this user.",
            ),
            Some(_) => invalid(),
        }
        .into());
    };
    let (seed, guard, user) = opened(call, device, owner)?;
    let checked = twokeys::mfa::check(&seed, guard, user, &code, call.now(), call.settings.window);
    let changes = changes(device, owner, &checked).to_vec();
    match checked.outcome {
        Outcome::Accepted { .. } => {
            Ok(Some(Spent { mfa: MfaUse { serial: device.serial.clone(), at: call.now() }, changes }))
        }
        outcome => Err(Refusal { error: invalid(), changes, why: Some(why(outcome)) }),
    }
}

fn invalid() -> ApiError {
    ApiError::access_denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")
}
