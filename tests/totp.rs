//! Codes against a program that is not ours, and the mistakes and attacks of group T of the bad inputs.

use std::process::Command;

use twokeys::mfa::{Checked, Code, Guard, Outcome, STEP, Seed, Throttle, Window, check};

const NOW: u64 = 1_767_603_600;
const N: u64 = NOW / STEP;

fn seed() -> Seed {
    Seed::new(std::array::from_fn(|at| u8::try_from(at).unwrap()))
}

fn try_at(guard: Guard, user: Throttle, step: u64, now: u64) -> Checked {
    check(&seed(), guard, user, &seed().code(step).unwrap(), now, Window::Adjacent)
}

fn accepted(checked: Checked) -> bool {
    matches!(checked.outcome, Outcome::Accepted { .. })
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know what was not compared")]
fn mfa_041_oathtool_makes_the_same_codes() {
    if Command::new("oathtool").arg("--version").output().is_err() {
        eprintln!("skipped: there is no oathtool here");
        return;
    }
    let twenty = Seed::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
    // Thousands of steps, so that codes with leading zeros come too.
    for (seed, first) in [(seed(), 0), (seed(), N), (twenty, N), (seed(), 1 << 40)] {
        let secret = seed.to_base32();
        let counter = format!("--counter={first}");
        let run = Command::new("oathtool")
            .args(["--base32", "--digits=6", "--window=2999", &counter, &secret])
            .output();
        let run = run.unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let theirs = String::from_utf8(run.stdout).unwrap();
        let ours: Vec<Code> = (first..first + 3000).map(|step| seed.code(step).unwrap()).collect();
        assert_eq!(theirs.lines().collect::<Vec<_>>(), ours.iter().map(Code::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn t001_t002_a_code_is_good_once_and_an_older_one_no_more() {
    let first = try_at(Guard::default(), Throttle::default(), N, NOW);
    assert!(accepted(first));
    for (step, now) in [(N, NOW), (N, NOW + 1), (N, NOW + 29), (N - 1, NOW)] {
        assert_eq!(try_at(first.guard, first.user, step, now).outcome, Outcome::AlreadyUsed);
    }
}

/// What a store keeps is all there is: a restart makes no code good again.
#[test]
fn t001_rl_034_used_steps_and_failures_survive_the_store() {
    let used = try_at(Guard::default(), Throttle::default(), N, NOW);
    let failed = try_at(used.guard, used.user, N, NOW);
    let kept = serde_json::to_string(&(failed.guard, failed.user)).unwrap();
    let (guard, user): (Guard, Throttle) = serde_json::from_str(&kept).unwrap();
    assert_eq!((guard, user), (failed.guard, failed.user));
    assert_eq!(try_at(guard, user, N, NOW).outcome, Outcome::AlreadyUsed);
    assert!(serde_json::from_str::<Guard>("{}").is_err(), "a record without its step is no fresh device");
}

#[test]
fn t003_the_code_of_the_next_but_one_step_is_refused() {
    assert_eq!(try_at(Guard::default(), Throttle::default(), N + 2, NOW).outcome, Outcome::Wrong);
}

#[test]
fn t007_t008_six_ascii_digits_and_leading_zeros_are_kept() {
    for text in [
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        "٠١٢٣٤٥",
        "-12345",
        "123 456",
        "",
        "12345\n",
        "\u{0}12345",
    ] {
        assert!(text.parse::<Code>().is_err(), "{text:?}");
    }
    assert_eq!("000123".parse::<Code>().unwrap().as_str(), "000123");
}

#[test]
fn t013_a_clock_that_goes_back_an_hour_makes_no_code_good_again() {
    let used = try_at(Guard::default(), Throttle::default(), N, NOW);
    for minutes in 0..120 {
        let now = NOW - 3600 + minutes * 30;
        let again = try_at(used.guard, used.user, now / STEP, now);
        assert_eq!(accepted(again), now / STEP > N);
    }
}

#[test]
fn t014_a_clock_that_jumps_does_no_harm() {
    // 1970, the ends of signed and of unsigned 32 bits, and of 64.
    let (mut guard, mut user) = (Guard::default(), Throttle::default());
    for now in
        [0, 59, NOW, 2_147_483_647, 2_147_483_648, 4_294_967_296, i64::MAX.unsigned_abs(), u64::MAX, NOW, 0]
    {
        let checked = try_at(guard, user, now / STEP, now);
        assert_eq!(accepted(checked), guard.last_step.is_none_or(|last| now / STEP > last), "{now}");
        (guard, user) = (checked.guard, checked.user);
    }
    assert_eq!(guard.last_step, Some(u64::MAX / STEP));
}
