//! The cases of the verifier, and what holds for every sequence of attempts.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const NOW: u64 = 1_767_603_600;
const N: u64 = NOW / STEP;

fn seed() -> Seed {
    Seed::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap()
}

fn code(step: u64) -> Code {
    seed().code(step).unwrap()
}

fn one(guard: Guard, step: u64) -> Checked {
    check(&seed(), guard, Throttle::default(), &code(step), NOW, Window::Adjacent)
}

fn pair(guard: Guard, first: u64, second: u64) -> Checked {
    let codes = [&code(first), &code(second)];
    check_pair(&seed(), guard, Throttle::default(), codes, NOW, Presenter::Themself)
}

#[test]
fn mfa_042_three_codes_are_live() {
    for (step, expected) in [
        (N - 2, Outcome::Wrong),
        (N - 1, Outcome::Accepted { step: N - 1 }),
        (N, Outcome::Accepted { step: N }),
        (N + 1, Outcome::Accepted { step: N + 1 }),
        (N + 2, Outcome::Wrong),
    ] {
        assert_eq!(one(Guard::default(), step).outcome, expected, "{}", i128::from(step) - i128::from(N));
    }
}

#[test]
fn rl_033_the_exact_window_has_one_live_code() {
    for (step, right) in [(N - 1, false), (N, true), (N + 1, false)] {
        let checked = check(&seed(), Guard::default(), Throttle::default(), &code(step), NOW, Window::Exact);
        assert_eq!(matches!(checked.outcome, Outcome::Accepted { .. }), right);
    }
}

#[test]
fn mfa_045_a_code_is_good_once_and_an_older_one_not_at_all() {
    let guard = one(Guard::default(), N).guard;
    assert_eq!(one(guard, N).outcome, Outcome::AlreadyUsed);
    assert_eq!(one(guard, N - 1).outcome, Outcome::AlreadyUsed);
    let guard = one(Guard::default(), N + 1).guard;
    assert_eq!(one(guard, N).outcome, Outcome::AlreadyUsed);
}

#[test]
fn mfa_042_the_recorded_drift_moves_the_window() {
    let slow = Guard { drift: -4, ..Guard::default() };
    assert_eq!(one(slow, N - 4).outcome, Outcome::Accepted { step: N - 4 });
    assert_eq!(one(slow, N).outcome, Outcome::Wrong);
}

#[test]
fn mfa_043_drift_follows_by_one_step_and_stays_within_twenty() {
    assert_eq!(one(Guard::default(), N + 1).guard.drift, 1);
    assert_eq!(one(Guard { drift: 1, ..Guard::default() }, N + 2).guard.drift, 2);
    assert_eq!(one(Guard { drift: 20, ..Guard::default() }, N + 21).guard.drift, 20);
    assert_eq!(one(Guard { drift: -20, ..Guard::default() }, N - 21).guard.drift, -20);
}

#[test]
fn mfa_022_two_codes_in_a_row_and_nothing_else() {
    assert_eq!(pair(Guard::default(), N - 1, N).outcome, Outcome::Accepted { step: N });
    for (first, second) in [(N, N), (N, N - 1), (N - 2, N), (N - 1, N + 1), (N + 1, N + 2), (N - 22, N - 21)]
    {
        assert_eq!(pair(Guard::default(), first, second).outcome, Outcome::Wrong, "{first} {second}");
    }
}

#[test]
fn mfa_023_pairs_from_twenty_steps_back_to_one_ahead() {
    for second in N - 20..=N + 1 {
        assert_eq!(pair(Guard::default(), second - 1, second).outcome, Outcome::Accepted { step: second });
    }
}

#[test]
fn mfa_024_enabling_spends_both_and_records_the_drift() {
    let guard = pair(Guard::default(), N - 4, N - 3).guard;
    assert_eq!(guard, Guard { last_step: Some(N - 3), drift: -3, throttle: Throttle::default() });
    let guard = pair(Guard::default(), N - 1, N).guard;
    assert_eq!(one(guard, N).outcome, Outcome::AlreadyUsed);
    assert_eq!(one(guard, N + 1).outcome, Outcome::Accepted { step: N + 1 });
}

#[test]
fn mfa_033_a_pair_that_ends_at_or_before_the_last_step_is_refused() {
    let guard = Guard { last_step: Some(N), ..Guard::default() };
    assert_eq!(pair(guard, N - 1, N).outcome, Outcome::AlreadyUsed);
    assert_eq!(pair(guard, N, N + 1).outcome, Outcome::Accepted { step: N + 1 });
}

#[test]
fn mfa_050_five_free_then_one_second_doubling_to_sixty() {
    let wrong: Code = "000000".parse().unwrap();
    let (mut guard, mut user, mut now) = (Guard::default(), Throttle::default(), NOW);
    let mut waits = Vec::new();
    while guard.throttle.failures < 100 {
        let checked = check(&seed(), guard, user, &wrong, now, Window::Adjacent);
        match checked.outcome {
            Outcome::Wrong => waits.push(0),
            Outcome::Waiting { seconds } => {
                assert_eq!(
                    (checked.guard, checked.user),
                    (guard, user),
                    "what is not looked at counts nothing"
                );
                now += seconds;
                waits.push(seconds);
            }
            other => panic!("{other:?}"),
        }
        (guard, user) = (checked.guard, checked.user);
    }
    let real: Vec<u64> = waits.into_iter().filter(|wait| *wait > 0).collect();
    assert_eq!(real[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(real.len(), 95);
    let right = code(now / STEP);
    let locked = check(&seed(), guard, user, &right, now + 1_000_000, Window::Adjacent);
    assert_eq!(locked.outcome, Outcome::Locked);
}

#[test]
fn mfa_050_a_success_clears_both_counts_and_other_devices_share_the_users() {
    let tired = Throttle { failures: 4, last_failure: NOW };
    let guard = Guard { throttle: tired, ..Guard::default() };
    let checked = check(&seed(), guard, tired, &code(N), NOW, Window::Adjacent);
    assert_eq!((checked.guard.throttle, checked.user), (Throttle::default(), Throttle::default()));
    let elsewhere = Throttle { failures: 100, last_failure: NOW };
    let checked = check(&seed(), Guard::default(), elsewhere, &code(N), NOW, Window::Adjacent);
    assert_eq!(checked.outcome, Outcome::Locked);
}

#[test]
fn mfa_050_an_administrator_unlocks_and_nobody_else() {
    let locked = Throttle { failures: 100, last_failure: NOW };
    let guard = Guard { throttle: locked, ..Guard::default() };
    let codes = [&code(N - 1), &code(N)];
    let own = check_pair(&seed(), guard, locked, codes, NOW, Presenter::Themself);
    assert_eq!((own.outcome, own.guard), (Outcome::Locked, guard));
    let theirs = check_pair(&seed(), guard, locked, codes, NOW, Presenter::Administrator);
    assert_eq!((theirs.guard.throttle, theirs.user), (Throttle::default(), Throttle::default()));
}

#[test]
fn rl_036_times_at_both_ends_do_no_harm() {
    for now in [0, 1, 29, 30, u64::MAX, u64::MAX - 31] {
        for drift in [-20, 0, 20] {
            let guard = Guard { drift, ..Guard::default() };
            let wrong = check(&seed(), guard, Throttle::default(), &code(77), now, Window::Adjacent);
            assert_eq!(wrong.outcome, Outcome::Wrong);
            let codes = [&code(77), &code(78)];
            let pair = check_pair(&seed(), guard, Throttle::default(), codes, now, Presenter::Themself);
            assert_eq!(pair.outcome, Outcome::Wrong);
        }
    }
    assert_eq!(
        check(&seed(), Guard::default(), Throttle::default(), &code(0), 0, Window::Adjacent).outcome,
        Outcome::Accepted { step: 0 }
    );
}

#[test]
fn mfa_043_a_stored_drift_beyond_twenty_counts_as_twenty() {
    for (drift, step) in [(i64::MAX, N + 20), (i64::MIN, N - 20), (21, N + 20)] {
        let checked = one(Guard { drift, ..Guard::default() }, step);
        assert_eq!(checked.outcome, Outcome::Accepted { step });
        assert_eq!(checked.guard.drift.abs(), 20);
    }
}

#[test]
fn rl_036_a_clock_that_goes_back_prolongs_no_wait() {
    let tired = Throttle { failures: 50, last_failure: NOW + 3600 };
    let guard = Guard { throttle: tired, ..Guard::default() };
    let first = check(&seed(), guard, tired, &code(N), NOW, Window::Adjacent);
    assert_eq!(first.outcome, Outcome::Waiting { seconds: 60 });
    assert_eq!((first.user.failures, first.guard.throttle.failures), (50, 50));
    let later = NOW + 60;
    let second = check(&seed(), first.guard, first.user, &code(later / STEP), later, Window::Adjacent);
    assert_eq!(second.outcome, Outcome::Accepted { step: later / STEP });
}

#[test]
fn rl_034_a_million_guesses_in_any_order_end_at_the_lock() {
    let (mut guard, mut user, mut looked_at) = (Guard::default(), Throttle::default(), 0);
    for guess in 0..1_000_000_u64 {
        // Patient: each guess comes a minute after the one before.
        let now = NOW + guess * 60;
        let guess: Code = format!("{:06}", guess * 617_283 % 1_000_000).parse().unwrap();
        let checked = check(&seed(), guard, user, &guess, now, Window::Adjacent);
        match checked.outcome {
            Outcome::Wrong => looked_at += 1,
            Outcome::Locked => break,
            other => panic!("{other:?} after {looked_at}"),
        }
        (guard, user) = (checked.guard, checked.user);
    }
    assert_eq!(looked_at, 100);
}

proptest! {
    /// Whatever is tried in whatever order while the clock jumps about, no step is accepted twice, and
    /// accepted steps only grow.
    #[test]
    fn mfa_045_no_step_is_ever_accepted_twice(
        attempts in prop::collection::vec((0_u64..40, 0_u64..40, any::<bool>()), 1..60)
    ) {
        let (mut guard, mut user) = (Guard::default(), Throttle::default());
        let mut accepted = BTreeSet::new();
        for (clock, offered, single) in attempts {
            let (now, step) = (NOW + clock * STEP / 2, N + offered / 2);
            let checked = if single {
                check(&seed(), guard, user, &code(step), now, Window::Adjacent)
            } else {
                let codes = [&code(step), &code(step + 1)];
                check_pair(&seed(), guard, user, codes, now, Presenter::Administrator)
            };
            if let Outcome::Accepted { step } = checked.outcome {
                prop_assert!(accepted.last().is_none_or(|last| *last < step));
                accepted.insert(step);
                prop_assert_eq!(checked.guard.last_step, Some(step));
            } else {
                prop_assert_eq!(checked.guard.last_step, guard.last_step);
            }
            (guard, user) = (checked.guard, checked.user);
        }
    }

    #[test]
    fn mfa_042_the_window_is_what_is_written(now in 0_u64..100_000_000_000, offset in -30_i64..30, drift in -20_i64..=20) {
        let step = i64::try_from(now / STEP).unwrap() + offset;
        if let Ok(step) = u64::try_from(step) {
            let guard = Guard { drift, ..Guard::default() };
            let checked = check(&seed(), guard, Throttle::default(), &code(step), now, Window::Adjacent);
            // Two steps may have the same code by chance; the verifier may know the other.
            let here = i64::try_from(now / STEP).unwrap() + drift;
            let by_hand = (here - 1..=here + 1).any(|live| {
                u64::try_from(live).is_ok_and(|live| code(live).as_str() == code(step).as_str())
            });
            prop_assert_eq!(matches!(checked.outcome, Outcome::Accepted { .. }), by_hand);
        }
    }
}
