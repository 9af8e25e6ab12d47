//! The one test binary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod account_matrix;
mod account_moto;
mod account_synth;
mod allocations;
mod ask;
mod bad_dumps;
mod bad_inputs;
mod bad_patterns;
mod bad_requests;
mod cases;
mod catalog;
mod differential;
mod fidelity;
mod grammar;
mod json_recovery;
mod json_suite;
mod layout;
mod limits;
mod lint_cases;
mod lint_corpus;
mod managed;
mod messages;
mod mfa_samples;
mod mfa_tables;
mod outside;
mod policies;
mod properties;
mod rewrite;
mod round_trip;
mod rules;
mod sensitive;
mod small_world;
#[cfg(feature = "totp")]
mod totp;
mod worlds;
