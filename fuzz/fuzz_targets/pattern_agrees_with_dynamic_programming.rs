//! A pattern matches what a table of all reachable places says it does.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::matching::pattern_agrees_with_dynamic_programming(
    data
));
