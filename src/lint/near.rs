//! "Did you mean": the one known name that a misspelled one is close to.

/// The candidate nearest to `written` without regard to case, if it is at most two edits away and no
/// other candidate is as near.
pub(super) fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let mut best = None;
    let mut tied = false;
    for candidate in candidates {
        let Some(edits) = distance(written, candidate).filter(|edits| *edits <= 2) else { continue };
        match best {
            Some((fewest, _)) if edits > fewest => {}
            Some((fewest, _)) if edits == fewest => tied = true,
            _ => (best, tied) = (Some((edits, candidate)), false),
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

/// How many characters must be put in, taken out or changed; none if far more than anyone asks for.
pub(super) fn distance(one: &str, other: &str) -> Option<usize> {
    // Names are short; a long text is no misspelling of one and must not cost its square.
    if one.len().abs_diff(other.len()) > 8 || one.len() > 128 {
        return None;
    }
    let other: Vec<char> = other.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut left = at + 1;
        let mut next = vec![left];
        for (b, pair) in other.iter().zip(row.windows(2)) {
            let &[above_left, above] = pair else { continue };
            left = (above_left + usize::from(a != *b)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits() {
        for (one, other, edits) in
            [("", "", 0), ("abc", "ABC", 0), ("abc", "ac", 1), ("kitten", "sitting", 3), ("", "ab", 2)]
        {
            assert_eq!(distance(one, other), Some(edits), "{one} {other}");
        }
    }

    #[test]
    fn a_tie_is_no_suggestion() {
        assert_eq!(nearest("aws:SourceVpcX", ["aws:SourceVpc", "aws:SourceIp"]), Some("aws:SourceVpc"));
        assert_eq!(nearest("ab", ["aa", "ac"]), None);
        assert_eq!(nearest("far away", ["aws:SourceIp"]), None);
    }
}
