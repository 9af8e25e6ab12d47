//! A fix that is called safe leaves a policy that is read, and that decides as before.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::linting::fix_keeps_decisions(data));
