//! The `twokeys` command.
fn main() {}
