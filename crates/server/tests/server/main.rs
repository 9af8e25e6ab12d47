//! The endpoint as its clients meet it: calls that are signed, decided and kept, without a socket between.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

mod calls;
mod codes;
mod devices;
mod disk;
mod doors;
mod faults;
#[path = "../../../../fuzz/src/form.rs"]
#[expect(unreachable_pub, reason = "the targets of the fuzzer call it")]
mod form;
mod gate;
mod kept;
mod renewal;
mod replay;
mod sessions;
mod sign_in;
#[path = "../../../../fuzz/src/signature.rs"]
#[expect(unreachable_pub, reason = "the targets of the fuzzer call it")]
mod signature;
mod starting;
mod wire;
mod world;
