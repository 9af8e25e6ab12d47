//! A form is read, written and read the same; nobody gets anything by one without a permission, or a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::form::query_form(data));
