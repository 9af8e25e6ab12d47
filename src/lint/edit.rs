//! The edits that rules offer, made from places alone: nobody here has the text.

use super::{Fix, Test};
use crate::policy::Operator;

/// A fix that gives a test another operator.
///
/// None if the operator has other keys too, or if the condition has the other operator already: a name
/// must not stand twice.
pub(super) fn rename_operator(test: &Test<'_>, operator: Operator, safe: bool) -> Option<Fix> {
    let alone = test.block.tests.len() == 1;
    let taken = test.statement.condition.iter().any(|block| block.operator.value == operator);
    let fix = || {
        Fix::replace(format!("write `{operator}`"), test.block.operator.span, format!("\"{operator}\""), safe)
    };
    (alone && !taken).then(fix)
}
