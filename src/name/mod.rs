//! The names AWS gives to things, each a parsed type.
//!
//! Text becomes one of these types at the edge, once; inside there are no loose strings that might
//! be an account, an action or an ARN. Each type prints exactly what it was read from.

mod account_id;
mod action;
mod arn;
mod hashed;
mod inclusion;
mod near;
mod pattern;

use std::cmp::Ordering;

pub use account_id::{AccountId, InvalidAccountId};
pub use action::{Action, InvalidAction};
pub use arn::{Arn, InvalidArn};
pub(crate) use hashed::Hashed;
pub(crate) use near::edits;
pub use near::nearest;
pub use pattern::{Part, Pattern};

/// Lowers ASCII letters and leaves everything else alone.
///
/// IAM compares actions and context keys without case. Only ASCII is folded, so that U+212A KELVIN
/// SIGN does not become a `k` and slip past a rule about `kms`.
pub fn fold(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// Compares two names without ASCII case.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    let mut pairs = one.bytes().zip(other.bytes());
    let differ = pairs.find(|(one, other)| one != other && !one.eq_ignore_ascii_case(other));
    match differ {
        Some((one, other)) => one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase()),
        None => one.len().cmp(&other.len()),
    }
}

/// A number made of a text, the same in any case. Nothing may rest on its being unique.
pub(crate) const fn hash_any_case(text: &str) -> u64 {
    const fn mix(hash: u64, word: [u8; 8]) -> u64 {
        // This bit is what capitals lack.
        let word = u64::from_ne_bytes(word) | u64::from_ne_bytes([0x20; 8]);
        (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    }
    let (mut words, rest) = text.as_bytes().as_chunks();
    let mut hash = text.len() as u64;
    while let [word, others @ ..] = words {
        hash = mix(hash, *word);
        words = others;
    }
    let mut last = [0; 8];
    last.split_at_mut(rest.len()).0.copy_from_slice(rest);
    mix(hash, last)
}

/// Does a text begin like this, without ASCII case?
pub(crate) fn starts_with(text: &str, start: &str) -> bool {
    let begin = text.as_bytes().get(..start.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
}

/// What stands before and behind the first colon. Asked of every name all the time, and much quicker than
/// `str::split_once`.
pub(crate) fn at_colon(text: &str) -> Option<(&str, &str)> {
    let at = memchr::memchr(b':', text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}
