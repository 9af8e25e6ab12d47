//! The patterns of the model, each as a check of its own: the table has them as the model writes them.
//!
//! They are those of Java: `\\w` and `\\d` are ASCII, and the whole value must fit. Written out they take
//! one look at each character and need no engine; a pattern that is not in the table fails a test.

use std::sync::OnceLock;

type Check = fn(&str) -> bool;

/// The check of a pattern. None if the table does not have it.
pub(super) fn check(pattern: &str) -> Option<Check> {
    TABLE.iter().find(|(known, _)| *known == pattern).map(|(_, check)| *check)
}

const TABLE: &[(&str, Check)] = &[
    (r"[\d]*", |text| text.chars().all(is_digit)),
    (r"[\d]+", |text| some(text, is_digit)),
    (r"[\w]*", |text| text.chars().all(is_word)),
    (r"[\w]+", |text| some(text, is_word)),
    (r"[\w+=,.@-]*", |text| text.chars().all(is_name)),
    (r"[\w+=,.@-]+", |text| some(text, is_name)),
    (r"[\w+=/:,.@-]*", |text| text.chars().all(is_serial)),
    (r"[\w+=/:,.@-]+", |text| some(text, is_serial)),
    (r"[\w+=,.@:\/-]*", |text| text.chars().all(is_serial)),
    (r"[\u0020-\u00FF]+", |text| some(text, |c| matches!(c, ' '..='\u{ff}'))),
    (r"[\u0009\u000A\u000D\u0020-\u00FF]+", |text| some(text, is_latin)),
    (r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*", |text| {
        text.chars().all(|c| is_latin(c) && !matches!(c, '\u{7f}'..='\u{a0}'))
    }),
    // Java reads the last range otherwise; what is meant are the planes beyond the first.
    (r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+", |text| {
        some(text, |c| is_latin(c) && !matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}') || is_beyond(c))
    }),
    (r"\u002F[\u0021-\u007F]*", |text| {
        text.strip_prefix('/').is_some_and(|rest| rest.chars().all(|c| matches!(c, '!'..='\u{7f}')))
    }),
    (r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", |text| {
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        text == "/" || inner.is_some_and(|inner| some(inner, |c| c.is_ascii_graphic()))
    }),
    (r"((/[A-Za-z0-9\.,\+@=_-]+)*)/", |text| {
        let folders = text.strip_suffix('/').map(|rest| rest.strip_prefix('/').ok_or(rest));
        matches!(folders, Some(Err("")))
            || matches!(folders, Some(Ok(inner)) if inner.split('/').all(|folder| some(folder, is_name)))
    }),
    (r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?", |text| {
        let (number, suffix) = text.split_once('.').unwrap_or((text, ""));
        let digits = number.strip_prefix('v').unwrap_or_default();
        some(digits, is_digit)
            && !digits.starts_with('0')
            && suffix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    }),
    (r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", |text| {
        (3..=63).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_lowercase() || is_digit(c) || c == '-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--")
    }),
    (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", |text| text.chars().all(is_tag)),
    (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", |text| some(text, is_tag)),
];

fn some(text: &str, fits: impl FnMut(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(fits)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_name(c: char) -> bool {
    is_word(c) || "+=,.@-".contains(c)
}

fn is_serial(c: char) -> bool {
    is_name(c) || matches!(c, '/' | ':')
}

fn is_latin(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}

fn is_beyond(c: char) -> bool {
    matches!(c, '\u{100}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_tag(c: char) -> bool {
    is_word(c)
        || "_.:/=+-@ ".contains(c)
        || !c.is_ascii() && (c.is_numeric() || is_separator(c) || is_letter(c))
}

/// `\p{Z}`
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}')
        || matches!(c, '\u{205f}' | '\u{3000}')
}

/// `\p{L}`: less than `char::is_alphabetic`, which has vowel signs and circled letters as well.
fn is_letter(c: char) -> bool {
    static RANGES: OnceLock<Vec<(u32, u32)>> = OnceLock::new();
    let ranges = RANGES.get_or_init(|| {
        let number = |text: &str| u32::from_str_radix(text, 16).ok();
        let range = |text: &str| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            Some((number(first)?, number(last)?))
        };
        include_str!("letters.txt").lines().filter(|line| !line.starts_with('#')).filter_map(range).collect()
    });
    let c = u32::from(c);
    let behind = ranges.partition_point(|(first, _)| *first <= c);
    behind.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|(_, last)| c <= *last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pattern_takes_what_it_says_and_nothing_else() {
        for (pattern, fit, unfit) in [
            (r"[\d]+", &["0", "012345"][..], &["", "1a", "\u{661}", "1\n"][..]),
            (r"[\w]+", &["aZ_0"], &["", "a-b", "é", "\u{212a}", "a\n"]),
            (r"[\w+=,.@-]+", &["a+=,.@-_"], &["", "a b", "a/b", "a:b", "ſ"]),
            (r"[\w+=/:,.@-]+", &["arn:aws:iam::1:mfa/a"], &["", "a b", "a*"]),
            (r"[\u0020-\u00FF]+", &[" ~ÿ\u{7f}"], &["", "\n", "\u{100}"]),
            (r"[\u0009\u000A\u000D\u0020-\u00FF]+", &["\t\r\n ÿ"], &["", "\0", "\u{b}", "€"]),
            (
                r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
                &["", "\t ~¡ÿ"],
                &["\u{7f}", "\u{a0}", "\u{100}"],
            ),
            (
                r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
                &["a\u{85}\u{a0}é€\u{fffd}\u{10000}\u{10ffff}"],
                &["", "\u{7f}", "\u{84}", "\u{86}", "\u{9f}", "\u{fffe}", "\u{ffff}", "\0"],
            ),
            (r"\u002F[\u0021-\u007F]*", &["/", "/a", "/a/"], &["", "a", "/a b", "/é"]),
            (
                r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)",
                &["/", "/a/", "/a/b/", "///"],
                &["", "//", "/a", "a/", "/a b/", "/\u{7f}/"],
            ),
            (
                r"((/[A-Za-z0-9\.,\+@=_-]+)*)/",
                &["/", "/a/", "/a.,+@=_-/b/"],
                &["", "//", "/a", "a/", "/a//", "/a:b/"],
            ),
            (
                r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?",
                &["v1", "v10", "v1.", "v1.a-0"],
                &["", "v", "v0", "v01", "1", "v1.a.b", "v1a"],
            ),
            (
                r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
                &["abc", "a-b", "a-b-c"],
                &["", "ab", "a--b", "-ab", "ab-", "aBc", "a_b"],
            ),
            (
                r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
                &["a Z_.:/=+-@", "é\u{a0}１Ⅷ½", "\u{5d0}", "日本"],
                &["", "a<", "a\t", "a\u{301}", "का", "ⓐ", "😀"],
            ),
        ] {
            let check = check(pattern).unwrap();
            for text in fit {
                assert!(check(text), "{pattern} takes {text:?}");
            }
            for text in unfit {
                assert!(!check(text), "{pattern} does not take {text:?}");
            }
        }
    }
}
