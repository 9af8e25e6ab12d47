//! The second key: what multi-factor authentication leaves in a request, and how codes are verified.
//!
//! AWS tells policies about MFA by two context keys. They describe the credentials that sign a request,
//! not the user: a user with a device who calls with an access key has used no MFA, and his requests
//! carry neither key. Which credential gives which keys is a table ([`Signing`]).
//!
//! [`MfaSerial`] names devices. With the feature `totp`, `Seed` makes codes and the verifier (`check`) says
//! whether one is right; `Device`, `enable` and `resync` are the life of a device; with `qr`, `Provisioning`
//! shows a seed to an authenticator. Time and random bytes are passed in.
//!
//! A code lives up to 90 seconds (three steps), as AWS is thought to do; `Window::Exact` leaves it 30 (RL-033).
//! With three live codes of a million, the 100 guesses before the lock succeed with a probability of 3 in 10,000
//! (MFA-052).

#[cfg(feature = "totp")]
mod device;
#[cfg(feature = "totp")]
mod enrol;
#[cfg(feature = "qr")]
mod provisioning;
#[cfg(feature = "totp")]
mod seed;
mod serial;
mod session;
#[cfg(feature = "totp")]
mod verifier;

#[cfg(feature = "totp")]
pub use device::{Assignment, Device, DeviceError, MOST_DEVICES};
#[cfg(feature = "totp")]
pub use enrol::{Enrolment, Pair, enable, resync};
#[cfg(feature = "qr")]
pub use provisioning::{NoPicture, Provisioning};
#[cfg(feature = "totp")]
pub use seed::{Code, InvalidCode, InvalidSeed, STEP, Seed};
pub use serial::{InvalidDeviceName, InvalidSerial, MfaKind, MfaSerial};
pub use session::{Profile, Signing};
#[cfg(feature = "totp")]
pub use verifier::{Checked, Guard, Outcome, Presenter, Throttle, Window, check, check_pair};
