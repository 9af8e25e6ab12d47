//! Whatever policy it is given, the linter finishes, and points inside the text.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::linting::lint_never_panics(data));
