//! Results as a person or a program wants to read them. Nothing below this module renders.

mod answer;
mod decision;
mod difference;
mod expect;
pub mod html;
mod human;
mod json;
mod layout;
pub mod lint;
mod markdown;
pub mod matrix;
mod plain;
mod snippet;
mod stages;
mod steps;
mod trace;
pub mod warning;
mod words;

pub use answer::{Detail, answer, stale_age};
pub use decision::{
    Answer, AskedDetails, AskedRequest, By, DecisionObject, NotAsked, SCHEMA_VERSION, Source, Sources, Word,
    WouldAllow,
};
pub use difference::difference;
pub use expect::{Expectation, InvalidExpectation};
pub use human::{human, one_line};
pub use json::{json_line, json_pretty, push_json_line};
pub use layout::Style;
pub use markdown::{markdown, markdown_rows};
pub use snippet::{Colors, snippet, snippet_from, snippets};
pub use stages::stages;
pub use trace::{Pair, Part, Stage, Step};
pub use warning::Warning;
