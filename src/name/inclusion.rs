//! Does one pattern match everything that another does?
//!
//! Exact, and polynomial, because the letters never run out: whatever two patterns say, some letter
//! stands in neither, so a wildcard of the narrow pattern can only be covered by a wildcard of the wide
//! one. What makes it subtle is that `?*` and `*?` are the same gap of one or more, and that a gap may be
//! filled by any mixture of letters and wildcards that is long enough. So the wide pattern is read as
//! pieces that begin and end with a letter, apart by at least so many characters; they are laid on the
//! narrow pattern from left to right, where a piece never covers a star.
//!
//! Why looking at the shortest filling is enough: take a star of the narrow pattern, a way of laying the
//! pieces when it is empty, and one when it is very long (there no piece crosses it). If a piece crosses
//! it in the first way, then the pieces up to it can be taken from one of the two and those behind from
//! the other so that none crosses, and every gap is as long as it was or longer. So one way serves all
//! lengths of this star; then take the next star.

use super::pattern::{Pattern, Token};

impl Pattern {
    /// Does this pattern match every text that `other` matches?
    ///
    /// ```
    /// use twokeys::name::Pattern;
    ///
    /// assert!(Pattern::new("s3:*").includes(&Pattern::new("s3:Get*")));
    /// assert!(Pattern::new("*?").includes(&Pattern::new("?*")));
    /// assert!(!Pattern::new("s3:Get?*").includes(&Pattern::new("s3:Get*")));
    /// ```
    pub fn includes(&self, other: &Self) -> bool {
        if let Some(text) = other.literal() {
            return self.matches(text);
        }
        if self.is_star() {
            return true;
        }
        let (wide, narrow) = (self.tokens(), other.tokens());
        let mut pieces = wide.split(|token| *token == Token::Star);
        let head = pieces.next().unwrap_or_default();
        let Some(tail) = pieces.next_back() else {
            return covers(head, &narrow) && head.len() == narrow.len();
        };

        // The head and the tail stand where they stand; only their inner ends may begin a gap.
        let (head, mut gap) = without_trailing_ones(head);
        let (tail, last_gap) = without_leading_ones(tail);
        let Some((start, rest)) = narrow.split_at_checked(head.len()) else { return false };
        let Some(length) = rest.len().checked_sub(tail.len()) else { return false };
        let Some((mut rest, end)) = rest.split_at_checked(length) else { return false };
        if !covers(head, start) || !covers(tail, end) {
            return false;
        }
        for piece in pieces {
            let (piece, before) = without_leading_ones(piece);
            let (piece, after) = without_trailing_ones(piece);
            gap += before;
            if piece.is_empty() {
                continue;
            }
            let Some(open) = after_gap(rest, gap) else { return false };
            let place = (0..open.len()).find_map(|at| {
                let (found, behind) = open.get(at..)?.split_at_checked(piece.len())?;
                covers(piece, found).then_some(behind)
            });
            let Some(behind) = place else { return false };
            (rest, gap) = (behind, after);
        }
        after_gap(rest, gap + last_gap).is_some()
    }

    /// Is there a text that both patterns match?
    ///
    /// ```
    /// use twokeys::name::Pattern;
    ///
    /// assert!(Pattern::new("s3:Get*").overlaps(&Pattern::new("s3:*Object")));
    /// assert!(!Pattern::new("s3:Get*").overlaps(&Pattern::new("s3:Put*")));
    /// ```
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self.literal(), other.literal()) {
            (Some(text), _) => return other.matches(text),
            (_, Some(text)) => return self.matches(text),
            _ => {}
        }
        let (a, b) = (self.literal_start(), other.literal_start());
        if !a.starts_with(b) && !b.starts_with(a) {
            return false;
        }
        // All that begins so is matched: also whatever the other goes on with.
        let takes = |one: &Self, start: &str| one.beginning().is_some_and(|begin| start.starts_with(begin));
        if takes(self, b) || takes(other, a) {
            return true;
        }
        let (a, b) = (self.tokens(), other.tokens());
        // `reached` holds, for the tokens of `a` read so far, after which of `b`'s the two can stand together.
        let mut reached = vec![false; b.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        skip_stars(&mut reached, &b);
        for token in &a {
            reached = step(*token, &reached, &b);
        }
        reached.last().copied().unwrap_or(false)
    }
}

/// Does each token of `piece` match what stands at the same place in `narrow`, which is no shorter?
fn covers(piece: &[Token], narrow: &[Token]) -> bool {
    piece.iter().zip(narrow).all(|(wide, narrow)| match (wide, narrow) {
        (_, Token::Star) | (Token::Star, _) => false,
        (Token::One, _) => true,
        (Token::Letter(_), _) => wide == narrow,
    })
}

/// What is left behind `gap` characters; a star may be empty, so it is none.
fn after_gap(narrow: &[Token], gap: usize) -> Option<&[Token]> {
    let mut rest = narrow;
    let mut open = gap;
    while open > 0 {
        let (first, behind) = rest.split_first()?;
        open -= usize::from(*first != Token::Star);
        rest = behind;
    }
    Some(rest)
}

fn without_leading_ones(piece: &[Token]) -> (&[Token], usize) {
    let ones = piece.iter().take_while(|token| **token == Token::One).count();
    (piece.get(ones..).unwrap_or_default(), ones)
}

fn without_trailing_ones(piece: &[Token]) -> (&[Token], usize) {
    let ones = piece.iter().rev().take_while(|token| **token == Token::One).count();
    (piece.get(..piece.len() - ones).unwrap_or_default(), ones)
}

/// Reads one more token of the first pattern.
fn step(token: Token, reached: &[bool], b: &[Token]) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    if token == Token::Star {
        // It may be empty, or take whatever of `b` follows.
        let mut open = false;
        for (here, before) in next.iter_mut().zip(reached) {
            open |= *before;
            *here = open;
        }
        return next;
    }
    for (at, (other, _)) in b.iter().zip(reached).enumerate().filter(|(_, (_, from))| **from) {
        // A star of `b` takes the character and stays open; anything else is used up by it.
        let to = if *other == Token::Star { at } else { at + 1 };
        let together = matches!(other, Token::Star | Token::One) || token == Token::One || token == *other;
        if let Some(place) = next.get_mut(to).filter(|_| together) {
            *place = true;
        }
    }
    skip_stars(&mut next, b);
    next
}

/// A star of `b` may be empty: who stands before it also stands behind it.
fn skip_stars(reached: &mut [bool], b: &[Token]) {
    let mut before = false;
    for (at, here) in reached.iter_mut().enumerate() {
        let empty = at.checked_sub(1).and_then(|at| b.get(at)) == Some(&Token::Star);
        *here |= before && empty;
        before = *here;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn includes(wide: &str, narrow: &str) -> bool {
        Pattern::new(wide).includes(&Pattern::new(narrow))
    }

    #[test]
    fn gaps_are_compared_by_their_least_length() {
        for (wide, narrow, expected) in [
            ("*", "anything*?", true),
            ("?*", "*", false),
            ("?*", "*?", true),
            ("*?*?*", "a*b", true),
            ("*?*?*", "a*", false),
            ("*?b*", "a*b*", true),
            ("*a?b*", "*a*b*", false),
            ("*a*?*b*", "a*b", false),
            ("*a*?*b*", "a*bb", true),
            ("*aa*?*aa*", "aaa*aa", true),
            ("*aa*?*aa*", "aa*aa", false),
            ("a*", "a", true),
            ("a", "a*", false),
            ("a?c", "abc", true),
            ("a?c", "a?c", true),
            ("abc", "a?c", false),
            ("a*a", "a", false),
            ("ab*ba", "ab?*ba", true),
            ("*ab", "*a*b", false),
            ("", "", true),
            ("", "*", false),
            ("arn:aws:s3:::logs-*/*", "arn:aws:s3:::logs-eu/*", true),
            ("arn:aws:s3:::logs-*/*", "arn:aws:s3:::logs-*", false),
        ] {
            assert_eq!(includes(wide, narrow), expected, "{wide} over {narrow}");
        }
    }

    #[test]
    fn a_printed_star_is_a_letter() {
        use crate::name::Part;
        let printed = Pattern::from_parts([Part::Text("b/*".into()), Part::One]);
        assert!(Pattern::new("b/*").includes(&printed));
        assert!(!printed.includes(&Pattern::new("b/*")));
        assert!(printed.includes(&printed));
    }

    /// Every text of at most six letters; `#` stands for the letters no pattern names.
    fn texts() -> Vec<String> {
        let mut all = vec![String::new()];
        let mut start = 0;
        for _ in 0..6 {
            let end = all.len();
            for at in start..end {
                all.extend(["a", "b", "#"].map(|letter| format!("{}{letter}", all[at])));
            }
            start = end;
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        // The narrow pattern is short, so a text that only it matches, if there is one, is short as well.
        #[test]
        fn agree_with_enumeration(
            wide in "[a*?b]{0,4}[*]?[a?b]{0,2}",
            narrow in "[a?b]{0,2}[*]?[a?b]{0,1}[*]?[a?b]{0,1}",
        ) {
            let texts = texts();
            let (wide, narrow) = (Pattern::new(&wide), Pattern::new(&narrow));
            let included = texts.iter().all(|text| wide.matches(text) || !narrow.matches(text));
            prop_assert_eq!(wide.includes(&narrow), included);
            let common = texts.iter().any(|text| wide.matches(text) && narrow.matches(text));
            // A text that both match may have the letters of both one behind the other.
            let letters = wide.tokens().len() + narrow.tokens().len();
            prop_assert!(wide.overlaps(&narrow) == common || !common && letters > 6);
            prop_assert_eq!(wide.overlaps(&narrow), narrow.overlaps(&wide));
        }
    }
}
