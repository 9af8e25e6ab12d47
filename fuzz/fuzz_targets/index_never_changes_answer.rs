//! A decision through the index is the one made by walking through all statements.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| twokeys_fuzz::deciding::index_never_changes_answer(data));
