//! Small questions about names in policies, asked with `${…}` in mind.

use memchr::{memchr, memchr2};

use crate::name::{Part, Pattern, at_colon};
use crate::policy::{Segment, Template};

/// Does a policy variable begin in this text?
pub(super) fn has_variable(text: &str) -> bool {
    memchr(b'$', text.as_bytes()).is_some() && text.contains("${")
}

/// The colon-separated fields of an ARN pattern, six at most; the last keeps its colons.
///
/// A colon inside `${…}` belongs to the variable's name and separates nothing.
pub(super) fn arn_fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::with_capacity(6);
    if !has_variable(text) {
        let mut rest = text;
        while let Some((field, behind)) = at_colon(rest).filter(|_| fields.len() < 5) {
            fields.push(field);
            rest = behind;
        }
        fields.push(rest);
        return fields;
    }
    let (mut start, mut in_variable) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'$') => in_variable = true,
            b'}' => in_variable = false,
            b':' if !in_variable && fields.len() < 5 => {
                fields.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.extend(text.get(start..));
    fields
}

/// The six fields of an ARN pattern that has them all.
pub(super) fn whole_arn(text: &str) -> Option<[&str; 6]> {
    if !text.starts_with("arn:") {
        return None;
    }
    if has_variable(text) {
        return arn_fields(text).try_into().ok();
    }
    let (one, rest) = at_colon(text)?;
    let (two, rest) = at_colon(rest)?;
    let (three, rest) = at_colon(rest)?;
    let (four, rest) = at_colon(rest)?;
    let (five, six) = at_colon(rest)?;
    Some([one, two, three, four, five, six])
}

/// Has this text the form of an action, or of a pattern of actions?
pub(super) fn is_action(text: &str) -> bool {
    let of_service = |c: u8| matches!(c, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'*' | b'?');
    let of_name = |c: u8| of_service(c) || matches!(c, b'_' | b'.');
    let shaped = at_colon(text).is_some_and(|(service, name)| {
        !service.is_empty()
            && service.bytes().all(of_service)
            && !name.is_empty()
            && name.bytes().all(of_name)
    });
    shaped || text == "*"
}

/// A text as a JSON string, to be put into a policy.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_hidden(c) => {
                let mut units = [0; 2];
                quoted.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The pattern of a text with wildcards and variables, where a variable can stand for anything.
pub(super) fn widest(text: &str) -> Pattern {
    if !has_variable(text) {
        return Pattern::new(text);
    }
    let Template(segments) = Template::parse(text);
    Pattern::from_parts(segments.into_iter().flat_map(|segment| match segment {
        Segment::Text(text) => Part::all(text),
        Segment::Literal(text) => vec![Part::Text(text.to_owned())],
        Segment::Variable { .. } | Segment::Malformed(_) => vec![Part::Star],
    }))
}

/// Is there a `*` or `?` in this text?
pub(super) fn has_wildcard(text: &str) -> bool {
    memchr2(b'*', b'?', text.as_bytes()).is_some()
}

/// What stands before the only wildcard of a pattern, a star at its end.
pub(super) fn beginning(pattern: &str) -> Option<&str> {
    pattern.strip_suffix('*').filter(|start| !has_wildcard(start))
}

/// What stands between the only wildcards of a pattern, a star at each end.
pub(super) fn between_stars(pattern: &str) -> Option<&str> {
    beginning(pattern.strip_prefix('*')?).filter(|inner| !inner.is_empty())
}

/// Does a text begin with this, in any case?
pub(super) fn begins_with(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
}

/// Are two patterns the same up to the first wildcard of either, whatever the case? Otherwise no text matches both.
pub(super) fn may_begin_alike(one: &str, other: &str) -> bool {
    for (one, other) in one.bytes().zip(other.bytes()) {
        if matches!(one, b'*' | b'?') || matches!(other, b'*' | b'?') {
            return true;
        }
        if !one.eq_ignore_ascii_case(&other) {
            return false;
        }
    }
    true
}

/// May one pattern match all that another does? A quick look that rules out nearly all pairs: before the first wildcard
/// of the wide one and behind its last both must be the same, whatever the case.
pub(super) fn may_include(wide: &str, narrow: &str) -> bool {
    fn same(wide: impl Iterator<Item = u8>, mut narrow: impl Iterator<Item = u8>) -> bool {
        for wide in wide {
            if matches!(wide, b'*' | b'?') {
                return true;
            }
            if !narrow.next().is_some_and(|narrow| narrow.eq_ignore_ascii_case(&wide)) {
                return false;
            }
        }
        true
    }
    same(wide.bytes().rev(), narrow.bytes().rev()) && same(wide.bytes(), narrow.bytes())
}

/// Does a pattern of actions name this action, and nothing else?
pub(super) fn names_it(pattern: &str, action: &str) -> bool {
    pattern.eq_ignore_ascii_case(action)
}

/// Names for a message: "`a`, `b` and `c`"; of many the first three and how many more there are.
pub(super) fn listed<T: std::fmt::Display>(names: &[T]) -> String {
    const MOST: usize = 8;
    let quoted = |names: &[T]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] if names.len() <= MOST => format!("{} and `{last}`", quoted(first).join(", ")),
        _ => {
            let first = names.get(..3).unwrap_or_default();
            format!("{} and {} more", quoted(first).join(", "), names.len() - first.len())
        }
    }
}

/// Has this text the form of an account number?
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Is this a character that leaves no mark, or that turns the direction of writing?
pub(super) fn is_hidden(c: char) -> bool {
    let unseen = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    unseen || c.is_control() || !c.is_ascii() && c.is_whitespace()
}

/// A letter that poses as a Latin one: a variant form of one, or a Greek or Cyrillic letter in one word
/// with Latin letters.
pub(super) fn posing(text: &str) -> Option<char> {
    let variant =
        |c: char| matches!(c, '\u{2100}'..='\u{214f}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}');
    let foreign = |c: char| matches!(c, '\u{370}'..='\u{52f}' | '\u{13a0}'..='\u{13ff}');
    let mut words = text.split(|c: char| !c.is_alphabetic());
    text.chars().find(|c| variant(*c)).or_else(|| {
        let mixed =
            words.find(|word| word.contains(foreign) && word.contains(|c: char| c.is_ascii_alphabetic()));
        mixed?.chars().find(|c| foreign(*c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_a_json_string_of_it() {
        for text in ["s3:Get", "a\"b\\c", "\u{1}\u{200b}\u{e0001}", "é"] {
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).unwrap(), text);
        }
        assert_eq!(quoted("\u{200b}"), r#""\u200b""#);
    }

    #[test]
    fn va_007_a_variable_stands_for_anything_and_a_star_in_braces_for_itself() {
        assert!(widest("home/${aws:username}/?").matches("home/ana/x"));
        assert!(widest("a${*}").matches("a*"));
        assert!(!widest("a${*}").matches("ab"));
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), "`1`, `2`, `3` and 6 more");
    }

    #[test]
    fn re_003_the_sixth_field_keeps_its_colons_and_variables_keep_theirs() {
        assert_eq!(arn_fields("arn:aws:s3:::b"), ["arn", "aws", "s3", "", "", "b"]);
        assert_eq!(arn_fields("arn:aws:sqs"), ["arn", "aws", "sqs"]);
        assert_eq!(
            arn_fields("arn:aws:sqs:*:${aws:PrincipalAccount}:q:1"),
            ["arn", "aws", "sqs", "*", "${aws:PrincipalAccount}", "q:1"]
        );
        assert_eq!(arn_fields(""), [""]);
    }
}
