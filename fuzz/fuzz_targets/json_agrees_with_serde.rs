//! What our JSON reader accepts, `serde_json` reads the same; what it refuses beyond that, it refuses on purpose.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::reading::json_agrees_with_serde(data));
