//! What must hold for every input: one plain function a property, run by the fuzzer and by `cargo test`.
//!
//! A property takes bytes and panics where it does not hold. The fuzzer's targets in `fuzz_targets` are one
//! line each; [`TARGETS`] names them all, so that the inputs kept in `corpus` can be replayed without a fuzzer.

#[cfg(feature = "libfuzzer")]
#[path = "../../crates/server/tests/server/calls.rs"]
#[expect(dead_code, reason = "the tests of the endpoint use all of it")]
mod calls;
pub mod codes;
pub mod deciding;
#[cfg(feature = "libfuzzer")]
pub mod form;
pub mod linting;
pub mod matching;
pub mod material;
pub mod reading;
#[cfg(feature = "libfuzzer")]
pub mod signature;
#[cfg(feature = "libfuzzer")]
#[path = "../../crates/server/tests/server/world.rs"]
#[expect(dead_code, reason = "the tests of the endpoint use all of it")]
mod world;
#[path = "../../tests/worlds.rs"]
mod worlds;

/// A property: it panics where it does not hold.
pub type Property = fn(&[u8]);

/// All properties, by the names of their targets.
pub const TARGETS: &[(&str, Property)] = &[
    ("policy_never_panics", reading::policy_never_panics),
    ("policy_round_trip", reading::policy_round_trip),
    ("json_agrees_with_serde", reading::json_agrees_with_serde),
    ("dump_never_panics", reading::dump_never_panics),
    ("decision_agrees_with_naive", deciding::decision_agrees_with_naive),
    ("index_never_changes_answer", deciding::index_never_changes_answer),
    ("deny_always_wins", deciding::deny_always_wins),
    ("three_states_are_three", deciding::three_states_are_three),
    ("pattern_agrees_with_dynamic_programming", matching::pattern_agrees_with_dynamic_programming),
    ("condition_agrees_with_naive", matching::condition_agrees_with_naive),
    ("totp_window", codes::totp_window),
    ("lint_never_panics", linting::lint_never_panics),
    ("fix_keeps_decisions", linting::fix_keeps_decisions),
];

/// Targets whose properties ask the endpoint, which this package is built without where it only replays: the
/// tests of `crates/server` have the same properties, and replay what is kept for them.
pub const OF_ENDPOINT: &[&str] = &["query_form", "sigv4_headers"];
