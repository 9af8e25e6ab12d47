//! Every operator on every value holds where the plain evaluator says so.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::matching::condition_agrees_with_naive(data));
