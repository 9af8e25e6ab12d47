//! Makes a failing case small: fewer choices, and smaller ones.

/// The plainest list of choices found that still `fails`.
///
/// Leaves out stretches, the long ones first, then lowers single choices, and starts over as long as
/// that helps. `fails` must hold for `choices` itself.
pub fn shrink(choices: Vec<u32>, mut fails: impl FnMut(&[u32]) -> bool) -> Vec<u32> {
    let mut best = choices;
    loop {
        let before = best.clone();
        leave_out(&mut best, &mut fails);
        lower(&mut best, &mut fails);
        if best == before {
            return best;
        }
    }
}

/// Stretches of every length up to this one are tried everywhere; longer ones only side by side.
const ANYWHERE: usize = 24;

fn leave_out(best: &mut Vec<u32>, fails: &mut impl FnMut(&[u32]) -> bool) {
    let mut length = best.len();
    while length > 0 {
        let step = if length > ANYWHERE { length } else { 1 };
        let mut start = 0;
        while start < best.len() {
            let without: Vec<u32> =
                best.iter().take(start).chain(best.iter().skip(start + length)).copied().collect();
            if fails(&without) {
                *best = without;
            } else {
                start += step;
            }
        }
        length = if length > 2 * ANYWHERE { length / 2 } else { length - 1 };
    }
}

fn lower(best: &mut Vec<u32>, fails: &mut impl FnMut(&[u32]) -> bool) {
    for place in 0..best.len() {
        let Some(choice) = best.get(place).copied() else { return };
        for smaller in [0, choice / 2, choice.saturating_sub(1)] {
            let mut candidate = best.clone();
            if let Some(entry) = candidate.get_mut(place).filter(|entry| **entry > smaller) {
                *entry = smaller;
                if fails(&candidate) {
                    *best = candidate;
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_goes() {
        let fails = |choices: &[u32]| choices.iter().any(|choice| *choice >= 10);
        assert_eq!(shrink(vec![3, 8, 40, 2, 11], fails), [10]);
    }
}
