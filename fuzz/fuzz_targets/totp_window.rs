//! No code is good twice, outside of its window, or out of its row, and the lock holds.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::codes::totp_window(data));
