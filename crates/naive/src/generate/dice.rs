//! Where a generator's choices come from: a seed, or a list of choices made before.
//!
//! Every choice is a number below some bound, and 0 is always the plainest. So a case *is* its list
//! of choices: leaving some out or making some smaller gives a plainer case, which is all that
//! [`shrink`](super::shrink()) does, and what a property tester or fuzzer does with the list by itself.

/// A source of choices that remembers what it gave.
#[derive(Debug, Clone)]
pub struct Dice {
    source: Source,
    taken: Vec<u32>,
}

#[derive(Debug, Clone)]
enum Source {
    /// The state of a generator.
    Seed(u64),
    /// What is left of a list; then zeros.
    Choices(std::vec::IntoIter<u32>),
}

impl Dice {
    /// Choices that look random and are the same for the same seed.
    pub fn from_seed(seed: u64) -> Self {
        Self { source: Source::Seed(seed), taken: Vec::new() }
    }

    /// The given choices, each reduced to its bound, then zeros.
    pub fn from_choices(choices: Vec<u32>) -> Self {
        Self { source: Source::Choices(choices.into_iter()), taken: Vec::new() }
    }

    /// The choices so far.
    pub fn taken(&self) -> &[u32] {
        &self.taken
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        let raw = match &mut self.source {
            // The upper half is the better half.
            Source::Seed(state) => u32::try_from(split_mix(state) >> 32).unwrap_or_default(),
            Source::Choices(rest) => rest.next().unwrap_or_default(),
        };
        let choice = raw.checked_rem(bound).unwrap_or_default();
        self.taken.push(choice);
        choice
    }

    /// True once in `times` times; the plainest choice is false.
    pub fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == times.saturating_sub(1) && times > 1
    }

    /// No item or up to `most`. Each has its own choice to go on, and the last choice ends the list, so
    /// that leaving out a stretch of choices leaves out an item.
    pub fn several<T>(&mut self, most: usize, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        while self.below(4) > 0 && items.len() < most {
            items.push(item(self));
        }
        items
    }

    /// One of the items, the first being the plainest.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let choice = self.below(count);
        items.get(usize::try_from(choice).unwrap_or_default())
    }

    /// One of the texts, the first being the plainest.
    pub fn pick_text<'i>(&mut self, items: &[&'i str]) -> &'i str {
        self.pick(items).copied().unwrap_or_default()
    }
}

/// Sebastiano Vigna's `SplitMix64`: one addition and some stirring per number.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut number = *state;
    number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_of_a_seed_can_be_given_again() {
        let mut seeded = Dice::from_seed(7);
        let first: Vec<u32> = (2..50).map(|bound| seeded.below(bound)).collect();
        let mut again = Dice::from_choices(seeded.taken().to_vec());
        assert_eq!((2..50).map(|bound| again.below(bound)).collect::<Vec<_>>(), first);
    }

    #[test]
    fn an_empty_list_makes_the_plainest_choices() {
        let mut dice = Dice::from_choices(Vec::new());
        assert_eq!((dice.below(9), dice.once_in(2), dice.pick(&["a", "b"])), (0, false, Some(&"a")));
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
