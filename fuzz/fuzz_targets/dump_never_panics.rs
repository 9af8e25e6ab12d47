//! Whatever bytes it is given, the reader of account dumps reads or refuses them, and an account can be audited.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::reading::dump_never_panics(data));
