//! "Did you mean": the one known name that a misspelled name comes close to.

/// Names this many edits away count as misspelled; beyond, a suggestion is a guess.
const FARTHEST: usize = 2;

/// The name of `known` that `written` comes closest to, if exactly one stands out.
///
/// Capitals do not count; two neighbors that changed places are one edit.
///
/// ```
/// use twokeys::name::nearest;
///
/// assert_eq!(nearest("resorce", ["principal", "action", "resource"]), Some("resource"));
/// assert_eq!(nearest("abcx", ["abca", "abcb"]), None, "two are as near");
/// ```
pub fn nearest<T: AsRef<str> + Copy>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    let mut best: Option<(usize, Option<T>)> = None;
    let letters = letters_of(written);
    for name in known {
        // Each edit changes the length by one character at most.
        let (here, there) = (written, name.as_ref());
        if here.is_ascii() && there.is_ascii() && here.len().abs_diff(there.len()) > FARTHEST {
            continue;
        }
        if are_apart(letters, letters_of(there), FARTHEST) {
            continue;
        }
        let distance = distance(here, there, FARTHEST);
        // A short name is two edits away from nearly everything.
        if distance > FARTHEST || distance * 2 > name.as_ref().len() {
            continue;
        }
        best = match best {
            Some((smallest, _)) if smallest < distance => best,
            Some((smallest, _)) if smallest == distance => Some((distance, None)),
            _ => Some((distance, Some(name))),
        };
    }
    best?.1
}

/// How many edits lie between the two, if at most `allowed`.
pub(crate) fn edits(one: &str, other: &str, allowed: usize) -> Option<usize> {
    if are_apart(letters_of(one), letters_of(other), allowed) {
        return None;
    }
    Some(distance(one, other, allowed)).filter(|edits| *edits <= allowed)
}

/// Which letters a text has, as a set of 64 bits.
fn letters_of(text: &str) -> u64 {
    text.chars().fold(0, |letters, c| letters | 1 << (u32::from(c.to_ascii_lowercase()) % 64))
}

/// Does one text have so many letters that the other lacks that it takes more edits? Nearly all pairs do.
fn are_apart(one: u64, other: u64, allowed: usize) -> bool {
    let lacking = |has: u64, lacks: u64| (has & !lacks).count_ones() as usize;
    lacking(one, other) > allowed || lacking(other, one) > allowed
}

/// How many characters must be inserted, deleted, replaced or swapped with their neighbor to turn
/// one text into the other; capitals do not count. More than `allowed` is any number greater than it.
fn distance(left: &str, right: &str, allowed: usize) -> usize {
    // A character has four bytes at most.
    if left.len().abs_diff(right.len()) > 4 * allowed {
        return usize::MAX;
    }
    let left: Vec<char> = left.chars().map(|c| c.to_ascii_lowercase()).collect();
    let right: Vec<char> = right.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = cell(&above, j) + usize::from(a != b);
            best = best.min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            let swapped = j > 0 && i > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(cell(&before, j - 1) + 1);
            }
            row.push(best);
        }
        // What follows is built on the last two rows, and only grows.
        if row.iter().chain(&above).all(|cell| *cell > allowed) {
            return usize::MAX;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_must_stand_out() {
        let known = ["Action", "Effect", "NotAction", "Sid"];
        for (written, expected) in [
            ("action", Some("Action")),
            ("Actions", Some("Action")),
            ("Efect", Some("Effect")),
            ("Effcet", Some("Effect")),
            ("Foo", None),
            ("Id", Some("Sid")),
            ("", None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
        assert_eq!(nearest("abcx", ["abca", "abcb"]), None);
    }

    #[test]
    fn neighbors_that_changed_places_are_one_edit() {
        for (one, other, expected) in [
            ("Effcet", "Effect", 1),
            ("abcd", "bacd", 1),
            ("abcd", "badc", 2),
            ("abc", "cba", 2),
            ("abc", "Abcd", 1),
            ("abc", "abc", 0),
        ] {
            assert_eq!(edits(one, other, 3), Some(expected), "{one} {other}");
            assert_eq!(edits(other, one, expected), Some(expected), "{other} {one}");
            assert_eq!(
                expected.checked_sub(1).and_then(|less| edits(one, other, less)),
                None,
                "{one} {other}"
            );
        }
    }
}
