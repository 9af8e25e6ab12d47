//! The one test binary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod allocations;
mod json_suite;
mod layout;
mod lint_cases;
mod messages;
mod outside;
mod rules;
