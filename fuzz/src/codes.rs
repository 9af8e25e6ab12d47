//! A property of codes: two devices of one user, told once more with a set of all that was ever spent.
//!
//! The plain account of the rules keeps no last step and stops at nothing: it looks through all steps near a
//! moment, and at all that were spent before (MFA-022 to MFA-024, MFA-042 to MFA-050).

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use twokeys::mfa::{
    Code, Device, DeviceError, Enrolment, Outcome, Pair, Presenter, STEP, Seed, Throttle, Window, check,
    enable, resync,
};

const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const ALICE: &str = "AIDAALICE";
const BOB: &str = "AIDABOB";
/// 2026-01-05T09:00:00Z
const THEN: u64 = 1_767_603_600;

/// What is done; four bytes tell it, so that changing a byte changes one thing.
#[derive(Debug)]
enum Deed {
    /// The clock goes on by so many seconds.
    Later(u64),
    /// It is set back.
    Earlier(u64),
    /// The code of the step so many from now.
    One(i64),
    /// The code of the step so many from what the device is thought to show.
    Shown(i64),
    /// Any six digits.
    Digits(u16),
    /// The code of a step that was spent.
    Again(u8),
    /// Two codes: the step of the second from now, and how far before it the first one lies.
    Two(i64, i64, Way),
    /// The code of the step so many from now, and of any digits the second.
    Half(i64, u8, Way),
    /// So many wrong codes, each so many seconds after the one before.
    Guesses(u8, u64),
    /// Right or wrong at another device of the same user.
    Elsewhere(bool),
    /// The device is taken away.
    Taken(Way),
}

/// Through which door, and by whom.
#[derive(Debug, Clone, Copy)]
struct Way {
    enable: bool,
    administrator: bool,
    stranger: bool,
}

impl Deed {
    fn of(bytes: [u8; 4]) -> Self {
        let [kind, one, two, three] = bytes;
        // From 32 steps back to 31 ahead; from 4 back to 3 ahead.
        let far = i64::from(one.cast_signed() / 4);
        let near = i64::from(one.cast_signed() / 32);
        let way = Way {
            enable: three & 1 == 0,
            administrator: three & 2 != 0,
            stranger: three & 0b1_1100 == 0b1_1100,
        };
        match kind % 12 {
            0 => Self::Later(u64::from(one)),
            1 => Self::Earlier(u64::from(one)),
            2 => Self::One(far),
            3 => Self::Shown(near),
            4 => Self::Digits(u16::from_le_bytes([one, two])),
            5 => Self::Again(one),
            // One step is right, and comes most.
            6 => Self::Two(far, [1, 1, 1, 0, 2, -1][usize::from(two % 6)], way),
            7 => Self::Two(near, 1, way),
            8 => Self::Half(far, two, way),
            9 => Self::Guesses(one % 32 + 1, u64::from(two)),
            10 => Self::Elsewhere(one % 2 == 0),
            _ => Self::Taken(way),
        }
    }
}

impl Way {
    fn presenter(self) -> Presenter {
        if self.administrator { Presenter::Administrator } else { Presenter::Themself }
    }

    fn user(self) -> &'static str {
        if self.stranger { BOB } else { ALICE }
    }
}

/// The plain account.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Plain {
    spent: BTreeSet<i64>,
    drift: i64,
    device: Failures,
    user: Failures,
    enabled: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Failures {
    count: u32,
    last: u64,
}

impl Failures {
    /// How long to wait still, in seconds; none if it is locked.
    fn wait(self, now: u64) -> Option<u64> {
        let wait = match self.count {
            0..5 => 0,
            5 => 1,
            6 => 2,
            7 => 4,
            8 => 8,
            9 => 16,
            10 => 32,
            11..100 => 60,
            100.. => return None,
        };
        Some((self.last + wait).saturating_sub(now))
    }
}

/// Whatever codes are tried in whatever order, none is good twice or outside of its window, two are good only
/// in a row, and the lock holds (MFA-020 to MFA-053).
pub fn totp_window(data: &[u8]) {
    let Some((first, deeds)) = data.split_first() else { return };
    let seed = Seed::from_base32(SEED).expect("it is one");
    let window = if first & 1 != 0 { Window::Exact } else { Window::Adjacent };
    let mut tried = Tried {
        seed,
        window,
        // In 1970 there is nothing before.
        now: if first & 2 != 0 { 0 } else { THEN },
        device: Device::default(),
        user: Throttle::default(),
        plain: Plain::default(),
    };
    for bytes in deeds.as_chunks().0 {
        let deed = Deed::of(*bytes);
        tried.does(&deed);
        tried.agrees(&deed);
    }
}

/// The device as the product knows it, and as it is told once more.
struct Tried {
    seed: Seed,
    window: Window,
    now: u64,
    device: Device,
    user: Throttle,
    plain: Plain,
}

impl Tried {
    fn does(&mut self, deed: &Deed) {
        let here = self.here();
        match *deed {
            Deed::Later(seconds) => self.now += seconds,
            Deed::Earlier(seconds) => self.now = self.now.saturating_sub(seconds),
            Deed::One(offset) => self.one(&code(here + offset)),
            Deed::Shown(offset) => self.one(&code(here + self.plain.drift + offset)),
            Deed::Digits(digits) => self.one(&number(digits)),
            Deed::Again(which) => {
                let count = self.plain.spent.len().max(1);
                let step = self.plain.spent.iter().nth(usize::from(which) % count).copied();
                if let Some(step) = step {
                    self.one(&code(step));
                }
            }
            Deed::Two(second, gap, way) => self.two(&code(here + second - gap), &code(here + second), way),
            Deed::Half(first, digits, way) => self.two(&code(here + first), &number(digits.into()), way),
            Deed::Guesses(count, seconds) => {
                for guess in 0..count {
                    self.now += seconds;
                    self.one(&number(guess.into()));
                }
            }
            Deed::Elsewhere(right) => self.elsewhere(right),
            Deed::Taken(way) => self.taken(way),
        }
    }

    fn here(&self) -> i64 {
        step_of(self.now)
    }

    /// One code. Nobody asks about a device that is not enabled (MFA-053).
    fn one(&mut self, shown: &Code) {
        if !self.device.is_of(ALICE) {
            return;
        }
        let checked = check(&self.seed, self.device.guard, self.user, shown, self.now, self.window);
        (self.device.guard, self.user) = (checked.guard, checked.user);
        let reach = i64::from(self.window == Window::Adjacent);
        let shown_at = self.here() + self.plain.drift;
        let fitting = (shown_at - reach..=shown_at + reach)
            .filter(|step| *step >= 0 && code(*step).as_str() == shown.as_str())
            .collect();
        let expected = self.plain.hears(fitting, &[0], self.now, Presenter::Themself);
        assert_eq!(checked.outcome, expected, "one code");
    }

    /// Two codes, for enabling or for bringing in step again.
    fn two(&mut self, first: &Code, second: &Code, way: Way) {
        let (presenter, user) = (way.presenter(), way.user());
        let pair = Pair { codes: [first, second], now: self.now, presenter };
        let made = if way.enable {
            enable(&self.device, user, 0, &self.seed, self.user, pair)
        } else {
            resync(&self.device, user, &self.seed, self.user, pair)
        };
        let refused = match (way.enable, self.plain.enabled) {
            (true, true) => Some(DeviceError::AlreadyEnabled),
            (false, enabled) if !enabled || way.stranger => Some(DeviceError::NotTheirs),
            _ => None,
        };
        // Enabling for somebody else would be the story of their device.
        if way.enable && way.stranger && refused.is_none() {
            return;
        }
        let Enrolment { outcome, device, user } = match (made, refused) {
            (Ok(enrolment), None) => enrolment,
            (made, refused) => {
                assert_eq!(made.err(), refused, "two codes");
                return;
            }
        };
        (self.device, self.user) = (device, user);
        let here = self.here();
        let fitting = (here - 20..=here + 1)
            .filter(|step| *step > 0)
            .filter(|step| {
                code(step - 1).as_str() == first.as_str() && code(*step).as_str() == second.as_str()
            })
            .collect();
        let expected = self.plain.hears(fitting, &[-1, 0], self.now, presenter);
        assert_eq!(outcome, expected, "two codes");
        self.plain.enabled |= matches!(expected, Outcome::Accepted { .. });
    }

    /// Another device of the same user, new each time: what is left of it is what the user has (MFA-050).
    fn elsewhere(&mut self, right: bool) {
        let shown = code(if right { self.here() } else { self.here() + 1_000 });
        let fresh = Device::default().guard;
        let checked = check(&self.seed, fresh, self.user, &shown, self.now, Window::Exact);
        self.user = checked.user;
        let mut other = Plain { user: self.plain.user, ..Plain::default() };
        let right = code(self.here()).as_str() == shown.as_str();
        let fitting = if right { vec![self.here()] } else { Vec::new() };
        let expected = other.hears(fitting, &[0], self.now, Presenter::Themself);
        assert_eq!(checked.outcome, expected, "at another device");
        self.plain.user = other.user;
    }

    fn taken(&mut self, way: Way) {
        let made = self.device.deactivated(way.user(), self.user, way.presenter());
        if way.stranger || !self.plain.enabled {
            assert_eq!(made, Err(DeviceError::NotTheirs));
            return;
        }
        (self.device, self.user) = made.expect("a device is taken from whom it is of");
        self.plain.enabled = false;
        if way.administrator {
            (self.plain.device, self.plain.user) = Default::default();
        }
    }

    fn agrees(&self, deed: &Deed) {
        let (guard, plain) = (self.device.guard, &self.plain);
        let kept = |throttle: Throttle| Failures { count: throttle.failures, last: throttle.last_failure };
        let last = guard.last_step.and_then(|step| i64::try_from(step).ok());
        let product = (last, guard.drift, kept(guard.throttle), kept(self.user), self.device.is_of(ALICE));
        let told = (plain.spent.last().copied(), plain.drift, plain.device, plain.user, plain.enabled);
        assert_eq!(product, told, "after {deed:?}");
        assert!(plain.drift.abs() <= 20, "MFA-043: {}", plain.drift);
    }
}

impl Plain {
    /// What comes of a code that fits these steps; `spends` are the steps that go with the one that counts.
    fn hears(&mut self, fitting: Vec<i64>, spends: &[i64], now: u64, by: Presenter) -> Outcome {
        // RL-036: a failure from before the clock was set back counts as one of now.
        self.device.last = self.device.last.min(now);
        self.user.last = self.user.last.min(now);
        if by == Presenter::Themself {
            match self.device.wait(now).zip(self.user.wait(now)) {
                None => return Outcome::Locked,
                Some((0, 0)) => {}
                Some((one, other)) => return Outcome::Waiting { seconds: one.max(other) },
            }
        }
        let nothing_fits = fitting.is_empty();
        let fresh = |step: &i64| self.spent.iter().all(|spent| step > spent);
        let Some(step) = fitting.into_iter().find(fresh) else {
            self.device = Failures { count: self.device.count + 1, last: now };
            self.user = Failures { count: self.user.count + 1, last: now };
            return if nothing_fits { Outcome::Wrong } else { Outcome::AlreadyUsed };
        };
        assert!(self.spent.insert(step), "MFA-045: step {step} is accepted twice");
        self.spent.extend(spends.iter().map(|before| step + before));
        self.drift = (step - step_of(now)).clamp(-20, 20);
        (self.device, self.user) = Default::default();
        Outcome::Accepted { step: u64::try_from(step).expect("no step is below 0") }
    }
}

fn step_of(now: u64) -> i64 {
    i64::try_from(now / STEP).expect("a time of a story")
}

fn number(digits: u16) -> Code {
    format!("{digits:06}").parse().expect("six digits")
}

/// The code of a step; before 1970 that of none.
fn code(step: i64) -> Code {
    thread_local! {
        static KNOWN: RefCell<HashMap<u64, Code>> = RefCell::default();
    }
    let Ok(step) = u64::try_from(step) else { return number(0) };
    KNOWN.with_borrow_mut(|known| {
        let made = || Seed::from_base32(SEED).ok()?.code(step);
        known.entry(step).or_insert_with(|| made().expect("a step of a story has a code")).clone()
    })
}
