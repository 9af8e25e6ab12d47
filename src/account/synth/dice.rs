//! Numbers that look like chance and are always the same for a seed.

/// A source of numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of one thing: the seed, what kind of thing, and which of them.
    pub(super) fn of(seed: u64, kind: &str, at: usize) -> Self {
        let start = hash(kind) ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut dice = Self(start.wrapping_add((at as u64).wrapping_mul(0xD1B5_4A32_D192_ED03)));
        dice.roll();
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number below `bound`; 0 if there is none.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let roll = self.roll();
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(roll.checked_rem(bound).unwrap_or_default()).unwrap_or_default()
    }

    /// True in about so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items; the default if there is none.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let at = self.below(items.len());
        items.get(at).copied().unwrap_or_default()
    }

    /// `count` different numbers below `bound`, or fewer if there are fewer.
    pub(super) fn several(&mut self, count: usize, bound: usize) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        for _ in 0..count {
            let number = self.below(bound);
            if number < bound && !chosen.contains(&number) {
                chosen.push(number);
            }
        }
        chosen
    }
}

/// FNV-1a: the same on every machine and in every version, as the accounts made of it are.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_and_another_thing_gives_others() {
        let rolls = |seed, kind, at| {
            let mut dice = Dice::of(seed, kind, at);
            (0..8).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7, "user", 3), rolls(7, "user", 3));
        for other in [rolls(8, "user", 3), rolls(7, "role", 3), rolls(7, "user", 4)] {
            assert_ne!(other, rolls(7, "user", 3));
        }
        assert_eq!(Dice::of(1, "", 0).below(0), 0);
        assert_eq!(Dice::of(1, "", 0).several(3, 0), [0; 0]);
    }
}
