//! What may be done with a device in which state (MFA-003).
//!
//! A virtual device is made, assigned to one user, perhaps taken away again, and deleted; there is no state
//! between *unassigned* and *enabled*. Nothing here looks at a code: what is refused here spends none
//! (MFA-047). Enabling and resyncing go on in `enrol`.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::verifier::{Guard, Presenter, Throttle};

/// How many enabled devices a user may have, of any mix of kinds (MFA-004).
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub const MOST_DEVICES: usize = 8;

/// A device: unassigned, or enabled for exactly one user. A deleted one is not there anymore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// For whom it is enabled, if it is.
    pub assignment: Option<Assignment>,
    /// What the verifier remembers. It stays when the device is taken away (MFA-008).
    pub guard: Guard,
}

/// That a device is enabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The unique id of the user, so that a namesake made later does not inherit the device.
    pub owner: String,
    /// Since when, in seconds since 1970: `EnableDate`.
    pub since: u64,
}

/// Why nothing was done with a device, before any code was looked at.
///
/// Exhaustive: each has an error of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DeviceError {
    /// Someone has it already, be it the same user: `EntityAlreadyExists`.
    #[error("the device is enabled already")]
    AlreadyEnabled,
    /// The user has as many as may be (MFA-004): `LimitExceeded`.
    #[error("a user may have at most {MOST_DEVICES} devices")]
    TooMany,
    /// It is not enabled, or for another user (MFA-035): `NoSuchEntity`.
    #[error("the device is not enabled for this user")]
    NotTheirs,
    /// It is enabled, and must be deactivated first (MFA-036): `DeleteConflict`.
    #[error("the device is enabled; deactivate it first")]
    InUse,
}

impl Device {
    /// Is it enabled for the user with this unique id?
    pub fn is_of(&self, user: &str) -> bool {
        self.assignment.as_ref().is_some_and(|assignment| assignment.owner == user)
    }

    /// May it be enabled for a user who has `devices` already? Asked before the codes (MFA-021).
    ///
    /// # Errors
    ///
    /// [`DeviceError::AlreadyEnabled`] or [`DeviceError::TooMany`], in this order.
    pub fn may_be_enabled(&self, devices: usize) -> Result<(), DeviceError> {
        if self.assignment.is_some() {
            return Err(DeviceError::AlreadyEnabled);
        }
        if devices >= MOST_DEVICES { Err(DeviceError::TooMany) } else { Ok(()) }
    }

    /// Takes the device from `user`: the device and the failures of the user from now on.
    ///
    /// The seed and the last step stay. An administrator who takes it away also unlocks it (MFA-050); a user
    /// who takes away their own resets nothing, or guessing would go on without end (RL-034).
    ///
    /// # Errors
    ///
    /// [`DeviceError::NotTheirs`].
    pub fn deactivated(
        &self,
        user: &str,
        failures: Throttle,
        by: Presenter,
    ) -> Result<(Self, Throttle), DeviceError> {
        if !self.is_of(user) {
            return Err(DeviceError::NotTheirs);
        }
        let guard = self.guard;
        Ok(match by {
            Presenter::Themself => (Self { assignment: None, guard }, failures),
            Presenter::Administrator => {
                let guard = Guard { throttle: Throttle::default(), ..guard };
                (Self { assignment: None, guard }, Throttle::default())
            }
        })
    }

    /// May it be deleted, and its seed with it?
    ///
    /// # Errors
    ///
    /// [`DeviceError::InUse`].
    pub fn may_be_deleted(&self) -> Result<(), DeviceError> {
        if self.assignment.is_some() { Err(DeviceError::InUse) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enabled() -> Device {
        let locked = Throttle { failures: 100, last_failure: 7 };
        let guard = Guard { last_step: Some(5), drift: 3, throttle: locked };
        Device { assignment: Some(Assignment { owner: "AIDAALICE".to_owned(), since: 1 }), guard }
    }

    #[test]
    fn mfa_003_only_a_free_device_is_enabled_and_deleted() {
        let free = Device::default();
        assert_eq!((free.may_be_enabled(0), free.may_be_deleted()), (Ok(()), Ok(())));
        assert_eq!(enabled().may_be_enabled(0), Err(DeviceError::AlreadyEnabled));
        assert_eq!(enabled().may_be_deleted(), Err(DeviceError::InUse));
    }

    #[test]
    fn mfa_004_the_ninth_is_one_too_many() {
        assert_eq!(Device::default().may_be_enabled(7), Ok(()));
        assert_eq!(Device::default().may_be_enabled(8), Err(DeviceError::TooMany));
        assert_eq!(
            enabled().may_be_enabled(8),
            Err(DeviceError::AlreadyEnabled),
            "MFA-021: the device comes first"
        );
    }

    #[test]
    fn mfa_035_nobody_gives_away_the_device_of_another() {
        for by in [Presenter::Themself, Presenter::Administrator] {
            let taken = enabled().deactivated("AIDABOB", Throttle::default(), by);
            assert_eq!(taken, Err(DeviceError::NotTheirs));
            let free = Device::default().deactivated("AIDAALICE", Throttle::default(), by);
            assert_eq!(free, Err(DeviceError::NotTheirs));
        }
    }

    #[test]
    fn rl_034_taking_away_ones_own_device_resets_nothing() {
        let failures = enabled().guard.throttle;
        let (device, user) = enabled().deactivated("AIDAALICE", failures, Presenter::Themself).unwrap();
        assert_eq!(device, Device { assignment: None, ..enabled() });
        assert_eq!(user, failures);
    }

    #[test]
    fn mfa_050_an_administrator_who_takes_it_away_unlocks_it_and_keeps_the_step() {
        let failures = enabled().guard.throttle;
        let (device, user) = enabled().deactivated("AIDAALICE", failures, Presenter::Administrator).unwrap();
        assert_eq!((device.guard.throttle, user), (Throttle::default(), Throttle::default()));
        assert_eq!((device.guard.last_step, device.guard.drift), (Some(5), 3), "MFA-008");
    }
}
