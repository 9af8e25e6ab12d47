//! The rules of IAM evaluation written down plainly, for tests and fuzzing only.
//!
//! This is a second opinion. It reads the same policy tree as the engine of `twokeys` and shares
//! nothing else with it: no index, no prepared patterns, no early exit. Every statement is held
//! against every request, and each function names the rule that it writes down. Where the two
//! disagree, one of them misread a rule.
//!
//! [`evaluate`] is the whole story; [`generate`] makes worlds and requests to try it on.

mod actions;
mod conditions;
mod credentials;
mod evaluation;
pub mod generate;
mod maybe;
mod principals;
mod rcp_services;
mod resources;
mod statements;
mod variables;
mod wildcards;
mod world;

pub use evaluation::{Answer, Outcome, evaluate};
pub use wildcards::pattern_covers;
pub use world::World;
