//! A request counts if it is what was signed with the secret, and in no other case.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::signature::sigv4_headers(data));
