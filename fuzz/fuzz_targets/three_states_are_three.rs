//! MFA absent, false and true are told apart, and unknown is all of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::deciding::three_states_are_three(data));
