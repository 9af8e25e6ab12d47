//! Patterns with `*` and `?`, matched by keeping every place that can be reached.
//!
//! RE-004, RE-012, AC-004, CO-022: `*` covers any sequence, `?` exactly one character, and a match
//! covers the whole text. One pass per token over the whole text; plain, and never exponential.

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// This character. A star that came from a variable is one (VA-008).
    Exactly(char),
    /// `?`
    One,
    /// `*`
    Any,
}

/// Text whose `*` and `?` are wildcards.
pub(crate) fn with_wildcards(text: &str) -> Vec<Token> {
    let token = |letter| match letter {
        '*' => Token::Any,
        '?' => Token::One,
        other => Token::Exactly(other),
    };
    text.chars().map(token).collect()
}

/// Text whose `*` and `?` are characters like all others.
pub(crate) fn literally(text: &str) -> Vec<Token> {
    text.chars().map(Token::Exactly).collect()
}

/// Does a pattern, read from plain text, cover all of `text`?
///
/// ```
/// assert!(twokeys_naive::pattern_covers("s3:Get*", "s3:GetObject"));
/// ```
pub fn pattern_covers(pattern: &str, text: &str) -> bool {
    covers(&with_wildcards(pattern), text)
}

/// Does the pattern cover all of `text`?
pub(crate) fn covers(pattern: &[Token], text: &str) -> bool {
    // Entry n: can the tokens so far cover exactly the first n letters?
    let mut reached = vec![true];
    reached.extend(text.chars().map(|_| false));
    for token in pattern {
        reached = after(*token, &reached, text);
    }
    reached.last() == Some(&true)
}

/// The places that one more token reaches.
fn after(token: Token, before: &[bool], text: &str) -> Vec<bool> {
    let mut places = Vec::new();
    match token {
        Token::Any => {
            let mut seen = false;
            for reached in before {
                seen = seen || *reached;
                places.push(seen);
            }
        }
        Token::One | Token::Exactly(_) => {
            places.push(false);
            for (letter, reached) in text.chars().zip(before) {
                places.push(*reached && (token == Token::One || token == Token::Exactly(letter)));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_covers_the_whole_text() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("?", "", false),
            ("?", "é", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("*?x", "yx", true),
            ("a*", "ba", false),
        ] {
            assert_eq!(covers(&with_wildcards(pattern), text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn va_008_a_literal_star_is_a_star() {
        assert!(covers(&literally("a*"), "a*"));
        assert!(!covers(&literally("a*"), "ab"));
    }
}
