//! The second key: what multi-factor authentication leaves in a request, and how codes are verified.
//!
//! AWS tells policies about MFA by two context keys. They describe the credentials that sign a request,
//! not the user: a user with a device who calls with an access key has used no MFA, and his requests
//! carry neither key. Which credential gives which keys is a table ([`Signing`]).
//!
//! With the feature `totp`, [`Seed`], [`Code`] and the verifier ([`check`], [`check_pair`]) do what a
//! server does with codes; with `qr`, [`Provisioning`] shows a seed to an authenticator. Time and random
//! bytes are passed in.

#[cfg(feature = "qr")]
mod provisioning;
#[cfg(feature = "totp")]
mod seed;
mod session;
#[cfg(feature = "totp")]
mod verifier;

#[cfg(feature = "qr")]
pub use provisioning::{NoPicture, Provisioning};
#[cfg(feature = "totp")]
pub use seed::{Code, InvalidCode, InvalidSeed, STEP, Seed};
pub use session::{Profile, Signing};
#[cfg(feature = "totp")]
pub use verifier::{Checked, Guard, Outcome, Presenter, Throttle, Window, check, check_pair};
