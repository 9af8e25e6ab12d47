//! Is this code right? The one verifier for all doors (RL-032).
//!
//! It changes nothing itself. It answers with the outcome and with what must be remembered, and whoever
//! calls it makes that durable *before* saying yes; so a code is good once, across all doors, connections
//! and restarts. The reason for a "no" is for the audit trail: a client learns the same whichever it is
//! (MFA-051).
//!
//! Three codes are live at a time (RL-033), so 100 guesses succeed with a probability of 3 in 10,000
//! (MFA-052); after 100 failures in a row the device is locked. `Window::Exact` leaves one live code.

use serde::{Deserialize, Serialize};

use super::seed::{Code, STEP, Seed};

/// So many failures in a row cost nothing but the attempt.
const FREE_FAILURES: u32 = 5;
/// The longest wait after a failure, in seconds.
const LONGEST_WAIT: u64 = 60;
/// So many failures in a row lock a device (NIST SP 800-63B, 5.2.2).
const MOST_FAILURES: u32 = 100;
/// No device is taken to be further off than this, in steps.
const MOST_DRIFT: i64 = 20;
/// How far back two codes in a row may lie, in steps (MFA-023).
const PAIR_BACK: i64 = 20;
/// How far ahead.
const PAIR_AHEAD: i64 = 1;

/// What is remembered of a device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// The last step whose code was accepted. It never goes back, even if the clock does (RL-036), and it
    /// outlives a deactivation (MFA-008).
    pub last_step: Option<u64>,
    /// How far the device's clock is off, in steps.
    pub drift: i64,
    /// Failures of this device.
    pub throttle: Throttle,
}

/// Failures in a row: of one device, or of all devices of a user together (MFA-050).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throttle {
    /// How many.
    pub failures: u32,
    /// When the last was, in seconds since 1970.
    pub last_failure: u64,
}

/// Which codes are live beside the one of this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Window {
    /// None: `--otp-window 0`.
    Exact,
    /// The one before and the one after: the default, as AWS is thought to do (MFA-042).
    #[default]
    Adjacent,
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is right, and spent once this is durable.
    Accepted {
        /// The step it belongs to.
        step: u64,
    },
    /// It is not the code of a live step, or the two are not in a row.
    Wrong,
    /// It was right once.
    AlreadyUsed,
    /// It was not looked at: too soon after a failure.
    Waiting {
        /// How long to wait still.
        seconds: u64,
    },
    /// It was not looked at: too many failures in a row.
    Locked,
}

/// An outcome, with what must be durable before anyone hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// What came of it.
    pub outcome: Outcome,
    /// The device from now on.
    pub guard: Guard,
    /// The user's failures from now on.
    pub user: Throttle,
}

/// Who presents two codes in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presenter {
    /// The device's own user. Waits and locks hold.
    Themself,
    /// Someone else with the permission: whoever unlocks a device.
    Administrator,
}

impl Throttle {
    /// How long nothing is looked at, if that is so.
    fn barrier(&self, now: u64) -> Option<Outcome> {
        if self.failures >= MOST_FAILURES {
            return Some(Outcome::Locked);
        }
        let doublings = self.failures.checked_sub(FREE_FAILURES)?;
        let wait = 1_u64.checked_shl(doublings).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT));
        let left = self.last_failure.saturating_add(wait).saturating_sub(now);
        (left > 0).then_some(Outcome::Waiting { seconds: left })
    }

    /// A failure later than now is one from before the clock went back (RL-036): the wait begins anew.
    fn as_of(self, now: u64) -> Self {
        Self { last_failure: self.last_failure.min(now), ..self }
    }

    fn failed(self, now: u64) -> Self {
        Self { failures: self.failures.saturating_add(1), last_failure: now }
    }
}

impl Guard {
    /// What is stored, within its bounds (MFA-043) and not ahead of the clock.
    fn as_of(self, now: u64) -> Self {
        let drift = self.drift.clamp(-MOST_DRIFT, MOST_DRIFT);
        Self { drift, throttle: self.throttle.as_of(now), ..self }
    }
}

/// Is `code` right at `now` (in seconds since 1970)? For sign-in, `GetSessionToken` and `AssumeRole`.
///
/// Ask only about a device that is the caller's, after their password or signature was found right: a failure
/// counts, and nobody may lock the device of another (MFA-053, RL-034).
pub fn check(seed: &Seed, guard: Guard, user: Throttle, code: &Code, now: u64, window: Window) -> Checked {
    let (guard, user) = (guard.as_of(now), user.as_of(now));
    if let Some(outcome) = barrier(guard, user, now) {
        return Checked { outcome, guard, user };
    }
    let reach = match window {
        Window::Exact => 0,
        Window::Adjacent => 1,
    };
    let here = moment(now) + guard.drift;
    // All of them, whichever matches: the time tells nothing.
    let steps: Vec<u64> = (here - reach..=here + reach)
        .filter_map(|step| u64::try_from(step).ok())
        .filter(|step| seed.code(*step).is_some_and(|right| right.matches(code)))
        .collect();
    conclude(&steps, guard, user, now)
}

/// Are these the codes of two steps in a row? For enabling a device and for bringing it in step again.
pub fn check_pair(
    seed: &Seed,
    guard: Guard,
    user: Throttle,
    codes: [&Code; 2],
    now: u64,
    presenter: Presenter,
) -> Checked {
    let (guard, user) = (guard.as_of(now), user.as_of(now));
    if presenter == Presenter::Themself
        && let Some(outcome) = barrier(guard, user, now)
    {
        return Checked { outcome, guard, user };
    }
    let [first, second] = codes;
    let here = moment(now);
    let steps: Vec<u64> = (here - PAIR_BACK..=here + PAIR_AHEAD)
        .filter_map(|step| u64::try_from(step).ok())
        .filter(|step| {
            let before = step.checked_sub(1).and_then(|step| seed.code(step));
            let right = before.is_some_and(|right| right.matches(first));
            // No short cut: both are compared always.
            right & seed.code(*step).is_some_and(|right| right.matches(second))
        })
        .collect();
    conclude(&steps, guard, user, now)
}

fn barrier(guard: Guard, user: Throttle, now: u64) -> Option<Outcome> {
    match (guard.throttle.barrier(now), user.barrier(now)) {
        (Some(Outcome::Locked), _) | (_, Some(Outcome::Locked)) => Some(Outcome::Locked),
        (Some(Outcome::Waiting { seconds: one }), Some(Outcome::Waiting { seconds: other })) => {
            Some(Outcome::Waiting { seconds: one.max(other) })
        }
        (one, other) => one.or(other),
    }
}

fn conclude(steps: &[u64], guard: Guard, user: Throttle, now: u64) -> Checked {
    let fresh = steps.iter().copied().find(|step| guard.last_step.is_none_or(|last| *step > last));
    let Some(step) = fresh else {
        let outcome = if steps.is_empty() { Outcome::Wrong } else { Outcome::AlreadyUsed };
        let guard = Guard { throttle: guard.throttle.failed(now), ..guard };
        return Checked { outcome, guard, user: user.failed(now) };
    };
    let seen = i64::try_from(step).unwrap_or(i64::MAX).saturating_sub(moment(now));
    let drift = seen.clamp(-MOST_DRIFT, MOST_DRIFT);
    let guard = Guard { last_step: Some(step), drift, throttle: Throttle::default() };
    Checked { outcome: Outcome::Accepted { step }, guard, user: Throttle::default() }
}

/// The step of a time. A 30th of any `u64` fits.
fn moment(now: u64) -> i64 {
    (now / STEP).cast_signed()
}

#[cfg(test)]
mod tests;
