//! Asks the engine whether tests of one key hold when the key is in a certain state.

use super::Test;
use crate::engine::{self, Truth};
use crate::policy::ConditionBlock;
use crate::request::Context;

/// Do all these tests of one key hold for a request that has nothing but this value of it, or not even
/// that?
pub(super) fn hold(tests: &[&Test<'_>], variables: bool, value: Option<&str>) -> bool {
    let Some(key) = tests.first().map(|test| test.key()) else { return true };
    let alone = |test: &&Test<'_>| ConditionBlock {
        operator: test.block.operator.clone(),
        written: test.block.written.clone(),
        tests: vec![test.test.clone()],
    };
    let blocks: Vec<_> = tests.iter().map(alone).collect();
    let builder = match value {
        Some(value) => Context::builder().set(key, [value]),
        None => Context::builder(),
    };
    builder.build().is_ok_and(|context| engine::condition_holds(&blocks, variables, &context) == Truth::True)
}
