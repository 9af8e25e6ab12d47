//! The endpoint as its clients meet it: calls that are signed, decided and kept, without a socket between.
#![expect(
    clippy::unwrap_used,
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
mod gate;
mod kept;
mod renewal;
mod sessions;
mod sign_in;
mod starting;
mod wire;
mod world;
