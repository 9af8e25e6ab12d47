//! A `Deny` added never widens anything, and one that matches everything is final.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::deciding::deny_always_wins(data));
