//! Text with `*` and `?`, as used for actions, resources and `StringLike`.
//!
//! `*` stands for any sequence, also the empty one; `?` for exactly one character (a Unicode scalar
//! value). A match covers the whole subject. The pattern is cut at its stars when it is made: the
//! first piece must open the subject, the last must close it, and those between are looked for from
//! left to right with a linear search. Nothing backtracks, so no pattern can stall a decision
//! (RE-012).

use memchr::memmem;

/// A pattern, cut into pieces and ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What the subject begins with; all of it, if there is no star.
    head: Piece,
    /// What follows the first star. Apart, for most patterns of an account have none.
    stars: Option<Box<Stars>>,
}

/// What follows the first star.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stars {
    /// Pieces to be found in order.
    middle: Box<[Piece]>,
    /// The piece that closes.
    tail: Piece,
}

/// One element of a pattern, for patterns that are not read from plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Literal text; a `*` in it is a star as printed, not a wildcard.
    Text(String),
    /// `?`: one character.
    One,
    /// `*`: any sequence.
    Star,
}

impl Part {
    /// A text, cut at its wildcards.
    pub fn all(text: &str) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?']) {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                parts.push(Self::Text(before.to_owned()));
            }
            parts.push(if after.starts_with('*') { Self::Star } else { Self::One });
            rest = after.strip_prefix(['*', '?']).unwrap_or(after);
        }
        if !rest.is_empty() {
            parts.push(Self::Text(rest.to_owned()));
        }
        parts
    }
}

/// A stretch without a star.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Piece(Box<[Unit]>);

/// One character's worth of a pattern, as comparing two patterns reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Letter(char),
    One,
    Star,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Unit {
    Text(Box<str>),
    One,
}

impl Pattern {
    /// The pattern that `text` describes; every text is one.
    ///
    /// ```
    /// use twokeys::name::Pattern;
    ///
    /// let pattern = Pattern::new("arn:aws:s3:::logs-??/*");
    /// assert!(pattern.matches("arn:aws:s3:::logs-eu/2026/01"));
    /// assert!(!pattern.matches("arn:aws:s3:::logs-eu-evil/2026"));
    /// ```
    pub fn new(text: &str) -> Self {
        let Some((head, rest)) = text.split_once('*') else {
            return Self { head: Piece::new(text), stars: None };
        };
        let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
        let middle = middle.split('*').filter(|piece| !piece.is_empty()).map(Piece::new).collect();
        Self { head: Piece::new(head), stars: Some(Box::new(Stars { middle, tail: Piece::new(tail) })) }
    }

    /// The pattern made of `parts`, in which literal text may hold `*` and `?`.
    pub fn from_parts(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut pieces: Vec<Vec<Unit>> = vec![Vec::new()];
        for part in parts {
            let open = pieces.last_mut();
            match (part, open) {
                (Part::Star, _) => pieces.push(Vec::new()),
                (Part::One, Some(piece)) => piece.push(Unit::One),
                (Part::Text(text), Some(piece)) => push(piece, text),
                (_, None) => {}
            }
        }
        let last = if pieces.len() > 1 { pieces.pop() } else { None };
        let mut pieces = pieces.into_iter().map(|piece| Piece(piece.into()));
        let head = pieces.next().unwrap_or_default();
        let stars = last.map(|tail| {
            let middle = pieces.filter(|piece| !piece.0.is_empty()).collect();
            Box::new(Stars { middle, tail: Piece(tail.into()) })
        });
        Self { head, stars }
    }

    /// Does the pattern cover all of `subject`? Case counts.
    pub fn matches(&self, subject: &str) -> bool {
        let Some(rest) = self.head.strip_start(subject) else { return false };
        let Some(stars) = &self.stars else { return rest.is_empty() };
        let Stars { middle, tail } = &**stars;
        // The last piece is compared at the end only, so the search below never has to reconsider.
        let Some(mut rest) = tail.strip_end(rest) else { return false };
        for piece in middle {
            match piece.strip_first(rest) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        true
    }

    /// Does it match everything?
    pub fn is_star(&self) -> bool {
        self.head.0.is_empty()
            && self.stars.as_ref().is_some_and(|stars| stars.middle.is_empty() && stars.tail.0.is_empty())
    }

    /// The one text it matches, if it has no wildcard.
    pub fn literal(&self) -> Option<&str> {
        match (&*self.head.0, &self.stars) {
            ([], None) => Some(""),
            ([Unit::Text(text)], None) => Some(text),
            _ => None,
        }
    }

    /// The text before its only wildcard, a star at its end.
    pub(super) fn beginning(&self) -> Option<&str> {
        let stars = self.stars.as_ref()?;
        let text = match &*self.head.0 {
            [] => "",
            [Unit::Text(text)] => text,
            _ => return None,
        };
        (stars.middle.is_empty() && stars.tail.0.is_empty()).then_some(text)
    }

    /// The letters that every match begins with.
    pub fn literal_start(&self) -> &str {
        match self.head.0.first() {
            Some(Unit::Text(text)) => text,
            _ => "",
        }
    }

    /// The pattern character by character.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let mut tokens: Vec<Token> = self.head.tokens().collect();
        if let Some(stars) = &self.stars {
            for piece in stars.middle.iter().chain([&stars.tail]) {
                tokens.push(Token::Star);
                tokens.extend(piece.tokens());
            }
        }
        tokens
    }
}

/// Puts text behind what is there.
fn push(piece: &mut Vec<Unit>, text: String) {
    match piece.last_mut() {
        Some(Unit::Text(before)) => *before = format!("{before}{text}").into(),
        _ if text.is_empty() => {}
        _ => piece.push(Unit::Text(text.into())),
    }
}

impl Piece {
    /// A text without stars, cut at its question marks.
    fn new(text: &str) -> Self {
        let mut units = Vec::new();
        for (at, text) in text.split('?').enumerate() {
            if at > 0 {
                units.push(Unit::One);
            }
            if !text.is_empty() {
                units.push(Unit::Text(text.into()));
            }
        }
        Self(units.into())
    }

    fn tokens(&self) -> impl Iterator<Item = Token> {
        self.0.iter().flat_map(|unit| {
            let (text, one) = match unit {
                Unit::Text(text) => (&**text, None),
                Unit::One => ("", Some(Token::One)),
            };
            text.chars().map(Token::Letter).chain(one)
        })
    }

    /// What is left of `subject` after this piece at its start.
    fn strip_start<'s>(&self, subject: &'s str) -> Option<&'s str> {
        self.0.iter().try_fold(subject, |rest, unit| match unit {
            Unit::Text(text) => rest.strip_prefix(&**text),
            Unit::One => after_one(rest),
        })
    }

    /// What is left of `subject` before this piece at its end.
    fn strip_end<'s>(&self, subject: &'s str) -> Option<&'s str> {
        self.0.iter().rev().try_fold(subject, |rest, unit| match unit {
            Unit::Text(text) => rest.strip_suffix(&**text),
            Unit::One => {
                let mut characters = rest.chars();
                characters.next_back().map(|_| characters.as_str())
            }
        })
    }

    /// What is left of `subject` after the first place where this piece stands.
    fn strip_first<'s>(&self, subject: &'s str) -> Option<&'s str> {
        if let [Unit::Text(text)] = &*self.0 {
            // Setting up a search costs more than most patterns are long.
            if let Some(after) = subject.strip_prefix(&**text) {
                return Some(after);
            }
            let at = memmem::find(subject.as_bytes(), text.as_bytes())?;
            return subject.get(at + text.len()..);
        }
        let mut rest = subject;
        loop {
            if let Some(after) = self.strip_start(rest) {
                return Some(after);
            }
            rest = after_one(rest)?;
        }
    }
}

fn after_one(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    characters.next().map(|_| characters.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_match_covers_the_whole_subject() {
        for (pattern, subject, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("?", "", false),
            ("?", "é", true),
            ("a*", "a", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("*?x", "yx", true),
            ("**", "anything", true),
            ("*.example.com", "a.example.com.evil", false),
            ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket-evil", false),
            ("b/pub/*", "b/pub/../secret", true),
            ("b/a/b", "b/a%2Fb", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(subject), expected, "{pattern} on {subject}");
        }
    }

    #[test]
    fn a_star_in_literal_text_is_a_star() {
        let pattern = Pattern::from_parts([Part::Text("b/".into()), Part::Text("*".into())]);
        assert!(pattern.matches("b/*"));
        assert!(!pattern.matches("b/x"));
        assert_eq!(pattern.literal(), Some("b/*"));
    }

    /// The textbook answer: does `pattern[i..]` match `subject[j..]`, for all i and j.
    fn by_table(pattern: &str, subject: &str) -> bool {
        let (p, s): (Vec<char>, Vec<char>) = (pattern.chars().collect(), subject.chars().collect());
        let mut table = vec![vec![false; s.len() + 1]; p.len() + 1];
        table[p.len()][s.len()] = true;
        for i in (0..p.len()).rev() {
            for j in (0..=s.len()).rev() {
                let taken = j < s.len() && table[i][j + 1];
                let both = j < s.len() && table[i + 1][j + 1];
                table[i][j] = match p[i] {
                    '*' => table[i + 1][j] || taken,
                    '?' => both,
                    letter => both && s[j] == letter,
                };
            }
        }
        table[0][0]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn a_text_is_the_pattern_of_its_parts(text in "[ab*?é]{0,9}") {
            prop_assert_eq!(Pattern::new(&text), Pattern::from_parts(Part::all(&text)));
        }

        #[test]
        fn agrees_with_dynamic_programming(pattern in "[ab*?é]{0,9}", subject in "[abé]{0,12}") {
            prop_assert_eq!(Pattern::new(&pattern).matches(&subject), by_table(&pattern, &subject));
        }
    }
}
