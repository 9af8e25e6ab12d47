//! Results as a person or a program wants to read them. Nothing below this module renders.

mod snippet;

pub use snippet::{Colors, snippet, snippets};
