//! Enabling a device and bringing it in step again: two codes in a row, and what they change.
//!
//! The checks stand in the order of MFA-021 as far as it is the device's: is it free, are there fewer than
//! eight, may a code be looked at at all, are the codes right.

use super::device::{Assignment, Device, DeviceError};
use super::seed::{Code, Seed};
use super::verifier::{Outcome, Presenter, Throttle, check_pair};

/// Two codes that someone presents for a device.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The codes, the earlier one first.
    pub codes: [&'a Code; 2],
    /// When, in seconds since 1970.
    pub now: u64,
    /// By whom.
    pub presenter: Presenter,
}

/// What came of two codes, with what must be durable before anyone hears of it (RL-032).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// What came of them.
    pub outcome: Outcome,
    /// The device from now on; with a failure more if they were wrong.
    pub device: Device,
    /// The user's failures from now on.
    pub user: Throttle,
}

/// Enables `device` for the user with the unique id `owner`, who has `devices` enabled ones.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html>
///
/// # Errors
///
/// [`DeviceError::AlreadyEnabled`], [`DeviceError::TooMany`]: no code was looked at, none is spent.
pub fn enable(
    device: &Device,
    owner: &str,
    devices: usize,
    seed: &Seed,
    failures: Throttle,
    pair: Pair<'_>,
) -> Result<Enrolment, DeviceError> {
    device.may_be_enabled(devices)?;
    let mut enrolment = presented(device, seed, failures, pair);
    if matches!(enrolment.outcome, Outcome::Accepted { .. }) {
        enrolment.device.assignment = Some(Assignment { owner: owner.to_owned(), since: pair.now });
    }
    Ok(enrolment)
}

/// Brings the device of `owner` in step again (MFA-033); who is an administrator unlocks it thereby.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html>
///
/// # Errors
///
/// [`DeviceError::NotTheirs`]: no code was looked at, none is spent.
pub fn resync(
    device: &Device,
    owner: &str,
    seed: &Seed,
    failures: Throttle,
    pair: Pair<'_>,
) -> Result<Enrolment, DeviceError> {
    if device.is_of(owner) {
        Ok(presented(device, seed, failures, pair))
    } else {
        Err(DeviceError::NotTheirs)
    }
}

fn presented(device: &Device, seed: &Seed, failures: Throttle, pair: Pair<'_>) -> Enrolment {
    let checked = check_pair(seed, device.guard, failures, pair.codes, pair.now, pair.presenter);
    let device = Device { assignment: device.assignment.clone(), guard: checked.guard };
    Enrolment { outcome: checked.outcome, device, user: checked.user }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::seed::STEP;
    use super::super::verifier::{Window, check};
    use super::*;

    const NOW: u64 = 1_767_603_600;
    const N: u64 = NOW / STEP;
    const ALICE: &str = "AIDAALICE";

    fn seed() -> Seed {
        Seed::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap()
    }

    fn code(step: u64) -> Code {
        seed().code(step).unwrap()
    }

    fn enabled_at(
        device: &Device,
        first: u64,
        second: u64,
        devices: usize,
    ) -> Result<Enrolment, DeviceError> {
        let codes = [&code(first), &code(second)];
        let pair = Pair { codes, now: NOW, presenter: Presenter::Themself };
        enable(device, ALICE, devices, &seed(), Throttle::default(), pair)
    }

    #[test]
    fn mfa_024_two_codes_in_a_row_enable_and_the_date_is_now() {
        let enrolment = enabled_at(&Device::default(), N - 1, N, 0).unwrap();
        assert_eq!(enrolment.outcome, Outcome::Accepted { step: N });
        assert_eq!(enrolment.device.assignment, Some(Assignment { owner: ALICE.to_owned(), since: NOW }));
        assert_eq!(enrolment.device.guard.last_step, Some(N));
    }

    #[test]
    fn t004_t005_t006_wrong_pairs_leave_the_device_free_and_count() {
        for (first, second) in [(N, N), (N - 1, N + 1), (N, N - 1)] {
            let enrolment = enabled_at(&Device::default(), first, second, 0).unwrap();
            assert_eq!((enrolment.outcome, &enrolment.device.assignment), (Outcome::Wrong, &None));
            assert_eq!((enrolment.device.guard.throttle.failures, enrolment.user.failures), (1, 1));
        }
    }

    #[test]
    fn mfa_047_what_is_refused_before_the_codes_spends_none() {
        let device = Device::default();
        assert_eq!(enabled_at(&device, N - 1, N, 8), Err(DeviceError::TooMany));
        let enabled = enabled_at(&device, N - 1, N, 7).unwrap().device;
        // T015: of two that enable, the second meets a device that is enabled.
        assert_eq!(enabled_at(&enabled, N, N + 1, 0), Err(DeviceError::AlreadyEnabled));
        let codes = [&code(N), &code(N + 1)];
        let pair = Pair { codes, now: NOW, presenter: Presenter::Administrator };
        assert_eq!(
            resync(&enabled, "AIDABOB", &seed(), Throttle::default(), pair),
            Err(DeviceError::NotTheirs)
        );
    }

    #[test]
    fn mfa_008_enabling_again_makes_no_old_code_good() {
        let device = enabled_at(&Device::default(), N - 1, N, 0).unwrap().device;
        let (free, user) = device.deactivated(ALICE, Throttle::default(), Presenter::Administrator).unwrap();
        let again = enabled_at(&free, N - 1, N, 0).unwrap();
        assert_eq!((again.outcome, again.device.assignment), (Outcome::AlreadyUsed, None));
        assert_eq!(user, Throttle::default());
    }

    #[test]
    fn rl_034_no_way_around_the_lock_by_ones_own_hands() {
        let locked = Throttle { failures: 100, last_failure: 0 };
        let mut device = enabled_at(&Device::default(), N - 3, N - 2, 0).unwrap().device;
        device.guard.throttle = locked;
        let pair = |presenter| {
            Pair { codes: [&code(N - 1), &code(N)], now: NOW, presenter }.outcome_of(&device, locked)
        };
        assert_eq!(pair(Presenter::Themself), Outcome::Locked);
        assert_eq!(pair(Presenter::Administrator), Outcome::Accepted { step: N });
        let (free, user) = device.deactivated(ALICE, locked, Presenter::Themself).unwrap();
        let codes = [&code(N - 1), &code(N)];
        let own = Pair { codes, now: NOW, presenter: Presenter::Themself };
        let enrolment = enable(&free, ALICE, 0, &seed(), user, own).unwrap();
        assert_eq!((enrolment.outcome, enrolment.device), (Outcome::Locked, free));
    }

    impl Pair<'_> {
        fn outcome_of(self, device: &Device, failures: Throttle) -> Outcome {
            resync(device, ALICE, &seed(), failures, self).unwrap().outcome
        }
    }

    proptest! {
        /// Sign-in, enabling, resync, taking away, while the clock jumps: accepted steps only grow.
        #[test]
        fn mfa_045_no_step_is_accepted_twice_through_any_door(
            attempts in prop::collection::vec((0_u8..4, 0_u64..40, 0_u64..20), 1..60)
        ) {
            let (mut device, mut user) = (Device::default(), Throttle::default());
            let mut accepted = BTreeSet::new();
            for (door, clock, offered) in attempts {
                let (now, step) = (NOW + clock * STEP / 2, N + offered);
                let codes = [&code(step), &code(step + 1)];
                let pair = Pair { codes, now, presenter: Presenter::Administrator };
                let enrolment = match door {
                    0 => enable(&device, ALICE, 0, &seed(), user, pair),
                    1 => resync(&device, ALICE, &seed(), user, pair),
                    2 => {
                        let by = Presenter::Administrator;
                        if let Ok((taken, failures)) = device.deactivated(ALICE, user, by) {
                            (device, user) = (taken, failures);
                        }
                        continue;
                    }
                    _ if device.is_of(ALICE) => {
                        let one = check(&seed(), device.guard, user, &code(step), now, Window::Adjacent);
                        let after = Device { guard: one.guard, ..device.clone() };
                        Ok(Enrolment { outcome: one.outcome, device: after, user: one.user })
                    }
                    _ => continue,
                };
                let Ok(enrolment) = enrolment else { continue };
                if let Outcome::Accepted { step } = enrolment.outcome {
                    prop_assert!(accepted.last().is_none_or(|last| *last < step));
                    accepted.insert(step);
                }
                (device, user) = (enrolment.device, enrolment.user);
                prop_assert_eq!(device.guard.last_step, accepted.last().copied());
            }
        }

        /// The search for two codes, told once more without any of its code.
        #[test]
        fn mfa_023_the_window_of_a_pair_is_what_is_written(
            now in 0_u64..100_000_000_000, offset in -25_i64..5, gap in -1_i64..=2, last in -25_i64..5
        ) {
            let here = i64::try_from(now / STEP).unwrap();
            let step = |offset: i64| u64::try_from(here + offset).ok();
            let (Some(first), Some(second)) = (step(offset - gap), step(offset)) else { return Ok(()) };
            let mut device = Device::default();
            device.guard.last_step = step(last);
            let (first, second) = (code(first), code(second));
            let pair = Pair { codes: [&first, &second], now, presenter: Presenter::Themself };
            let enrolment = enable(&device, ALICE, 0, &seed(), Throttle::default(), pair).unwrap();
            let by_hand = (-20..=1).any(|offset| {
                let fits = |offset: i64, wanted: &Code| step(offset).is_some_and(|s| code(s).as_str() == wanted.as_str());
                fits(offset - 1, &first) && fits(offset, &second) && device.guard.last_step.is_none_or(|l| step(offset) > Some(l))
            });
            prop_assert_eq!(matches!(enrolment.outcome, Outcome::Accepted { .. }), by_hand);
        }
    }
}
