//! The one test binary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod differential;
mod layout;
mod properties;
mod rewrite;
mod worlds;
