#![doc = include_str!("../README.md")]
#![warn(clippy::disallowed_methods)]

pub mod account;
pub mod catalog;
pub mod engine;
pub mod json;
pub mod lint;
pub mod mfa;
pub mod name;
pub mod policy;
pub mod report;
pub mod request;
pub mod source;
pub mod verdict;
