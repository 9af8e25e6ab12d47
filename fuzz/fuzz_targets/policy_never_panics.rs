//! Whatever bytes it is given, the reader of policies reads or refuses them, and points inside the text.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::reading::policy_never_panics(data));
