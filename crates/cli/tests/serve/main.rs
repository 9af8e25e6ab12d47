//! `twokeys serve` as a process: what comes over its socket, and what a kill leaves behind.

mod kills;
mod process;
mod sockets;
