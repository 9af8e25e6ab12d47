//! `twokeys serve` as a process: what comes over its socket, and what a kill leaves behind.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod faults;
mod kills;
mod options;
mod process;
mod programs;
mod renewal;
mod sockets;
