//! Worlds and requests to try an evaluator on, made from a list of choices.
//!
//! ```
//! use twokeys_naive::evaluate;
//! use twokeys_naive::generate::{Dice, case};
//!
//! let case = case(&mut Dice::from_seed(1), 3);
//! let world = case.world.read().unwrap();
//! for request in &case.requests {
//!     let answer = evaluate(&world, &request.build().unwrap());
//!     assert!(!answer.possible.is_empty());
//! }
//! ```
//!
//! Everything is drawn from small alphabets, so that policies and requests meet: most statements are
//! about the two or three topics, requesters and keys that the requests are about as well.

mod dice;
mod every;
mod keys;
mod policies;
mod print;
mod requests;
mod scene;
mod shrink;
mod worlds;

pub use dice::Dice;
pub use every::{every_condition, every_layer, every_principal};
pub use requests::RequestDraft;
pub use shrink::shrink;
pub use worlds::WorldDraft;

use std::fmt;

use scene::Scene;

/// A world and requests in it. Shown as JSON.
#[derive(Clone)]
pub struct Case {
    /// The policies, as texts.
    pub world: WorldDraft,
    /// The requests.
    pub requests: Vec<RequestDraft>,
    /// The choices that make the world and, for each request, the choices that make it; none where
    /// the case was not drawn.
    choices: (Vec<u32>, Vec<Vec<u32>>),
}

/// The next case.
pub fn case(dice: &mut Dice, requests: usize) -> Case {
    let start = dice.taken().len();
    let scene = Scene::new(dice);
    let world = worlds::world(dice, &scene);
    let of_world = dice.taken().iter().skip(start).copied().collect();
    let mut case = Case { world, requests: Vec::new(), choices: (of_world, Vec::new()) };
    for _ in 0..requests {
        let start = dice.taken().len();
        case.requests.push(requests::request(dice, &scene));
        case.choices.1.push(dice.taken().iter().skip(start).copied().collect());
    }
    case
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..self.requests.len()).try_for_each(|request| f.write_str(&self.to_json(request)))
    }
}

impl Case {
    fn walked(world: WorldDraft, requests: Vec<RequestDraft>) -> Self {
        Self { world, requests, choices: (Vec::new(), Vec::new()) }
    }

    /// The choices of the world and of one of its requests: [`case`] makes that pair from them again.
    pub fn choices_of(&self, request: usize) -> Vec<u32> {
        let (world, requests) = &self.choices;
        world.iter().chain(requests.get(request).into_iter().flatten()).copied().collect()
    }

    /// The world and one of its requests as a case of a scenario file (TE-001).
    pub fn to_json(&self, request: usize) -> String {
        print::case(&self.world, self.requests.get(request))
    }
}
