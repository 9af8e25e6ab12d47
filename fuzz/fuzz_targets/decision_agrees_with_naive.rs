//! The engine and the plain evaluator give the same answer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::deciding::decision_agrees_with_naive(data));
