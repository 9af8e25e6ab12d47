//! Whatever the reader accepts, the writer can write and the reader reads back the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::reading::policy_round_trip(data));
