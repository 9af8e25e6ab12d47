//! The second key: what multi-factor authentication leaves in a request.
//!
//! AWS tells policies about MFA by two context keys. They describe the credentials that sign a request,
//! not the user: a user with a device who calls with an access key has used no MFA, and his requests
//! carry neither key. Which credential gives which keys is a table ([`Signing`]).

mod session;

pub use session::{Profile, Signing};
