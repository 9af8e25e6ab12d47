//! The one test binary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod allocations;
mod catalog;
mod differential;
mod json_suite;
mod layout;
mod lint_cases;
mod messages;
mod outside;
mod properties;
mod rewrite;
mod rules;
mod worlds;
