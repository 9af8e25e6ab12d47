//! The one test binary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod bad_inputs;
mod grammar;
mod json_recovery;
mod json_suite;
mod layout;
mod managed;
mod messages;
mod outside;
mod round_trip;
