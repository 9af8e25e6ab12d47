//! What properties are tried on, made from the fuzzer's bytes.

use twokeys::engine::{Outcomes, PolicySet, evaluate};
use twokeys::request::Request;
use twokeys_naive::World;
use twokeys_naive::generate::{Case, Dice};

pub(crate) use crate::worlds::{policies_of, ready};

/// Most choices of a case have far fewer than 256 outcomes, so a byte is a choice, and changing a byte
/// changes one thing.
pub(crate) fn dice(data: &[u8]) -> Dice {
    Dice::from_choices(data.iter().map(|byte| u32::from(*byte)).collect())
}

/// The case that the bytes describe.
pub(crate) fn case(data: &[u8], requests: usize) -> Case {
    twokeys_naive::generate::case(&mut dice(data), requests)
}

/// The policies of a case, read.
pub(crate) fn world(case: &Case) -> World {
    case.world.read().unwrap_or_else(|errors| panic!("a generated policy is refused: {errors}\n{case:?}"))
}

/// The requests of a case.
pub(crate) fn requests(case: &Case) -> impl Iterator<Item = Request> {
    case.requests.iter().map(|draft| draft.build().expect("a generated request is one"))
}

/// All answers that are possible.
pub(crate) fn possible(set: &PolicySet, request: &Request) -> Outcomes {
    evaluate(set, request).possible()
}
