//! The one known name that a misspelled one must have meant.

/// The candidate at most two edits away from `written`, if no other is as near. Letter case is free.
///
/// ```
/// use twokeys::name::nearest;
///
/// assert_eq!(nearest("resorce", ["principal", "action", "resource"]), Some("resource"));
/// assert_eq!(nearest("xy", ["xa", "xb"]), None, "two are as near");
/// assert_eq!(nearest("a", ["bc"]), None, "nothing of it is left");
/// ```
pub fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let mut best: Option<(usize, &str)> = None;
    let mut rivals = false;
    for candidate in candidates {
        let allowed = 2.min(candidate.len() / 2);
        let Some(edits) = edits(written, candidate, allowed) else { continue };
        match best {
            Some((fewest, _)) if fewest < edits => {}
            Some((fewest, _)) if fewest == edits => rivals = true,
            _ => (best, rivals) = (Some((edits, candidate)), false),
        }
    }
    best.filter(|_| !rivals).map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added or removed, if it is at most `allowed`.
fn edits(one: &str, other: &str, allowed: usize) -> Option<usize> {
    // Each letter of a difference in length is an edit, so long texts cost nothing.
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > allowed {
        return None;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (cell, b) in cells.zip(other) {
            let changed = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            diagonal = *cell;
            left = changed.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().filter(|edits| *edits <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_changed_added_and_removed_are_edits() {
        for (one, other, expected) in [
            ("action", "Action", Some(0)),
            ("acton", "action", Some(1)),
            ("actionn", "action", Some(1)),
            ("aktion", "action", Some(1)),
            ("aktoin", "action", None),
            ("contxt", "context", Some(1)),
            ("context", "condition", None),
        ] {
            assert_eq!(edits(one, other, 2), expected, "{one} and {other}");
        }
    }
}
