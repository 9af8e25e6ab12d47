//! The endpoint as its clients meet it: calls that are signed, decided and kept, without a socket between.

mod calls;
mod codes;
mod gate;
mod kept;
mod world;
