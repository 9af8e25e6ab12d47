//! The smallest pieces of a JSON text, as nom parsers: white space, comments, words, numbers, escapes.
//!
//! Each takes the rest of the text and gives back what it found and what is left. They know nothing
//! of spans, limits and recovery; `reader` builds those on top, and measures what was found by what is
//! left. (nom's `recognize` measures by address, and at the end of a text nom 8.0 gives back a rest
//! that lies elsewhere.)

use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, digit0, digit1, not_line_ending, one_of};
use nom::combinator::{opt, rest, value};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

/// Space, tab and line breaks; nothing else is white space in JSON.
pub(super) fn white_space(text: &str) -> IResult<&str, &str> {
    take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r')).parse(text)
}

/// A comment as other languages have it, up to its end or that of the text.
pub(super) fn comment(text: &str) -> IResult<&str, ()> {
    let block = preceded(tag("/*"), alt((terminated(take_until("*/"), tag("*/")), rest)));
    let line = preceded(alt((tag("//"), tag("#"))), not_line_ending);
    value((), alt((block, line))).parse(text)
}

/// A number, by the letter of RFC 8259.
pub(super) fn number(text: &str) -> IResult<&str, ()> {
    let integer = alt((value((), char('0')), value((), (one_of("123456789"), digit0))));
    let fraction = opt((char('.'), digit1));
    let exponent = opt((one_of("eE"), opt(one_of("+-")), digit1));
    value((), (opt(char('-')), integer, fraction, exponent)).parse(text)
}

/// What a person would call one word: it ends where JSON has a sign of its own.
pub(super) fn word(text: &str) -> IResult<&str, &str> {
    take_while1(|c: char| !c.is_whitespace() && !",:;=[]{}\"'/#".contains(c)).parse(text)
}

/// The four digits after `\u`.
pub(super) fn hex4(text: &str) -> IResult<&str, u16> {
    take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit())
        .map_res(|digits| u16::from_str_radix(digits, 16))
        .parse(text)
}

/// `\uXXXX` where the second half of a surrogate pair is due.
pub(super) fn low_surrogate(text: &str) -> IResult<&str, u16> {
    preceded(tag("\\u"), hex4).map_opt(|unit| (0xDC00..0xE000).contains(&unit).then_some(unit)).parse(text)
}

/// A text in single or typographic quotation marks on one line: the marks are refused, the text is used.
pub(super) fn foreign_string(text: &str) -> IResult<&str, &str> {
    let inner = |end: &'static str| take_while(move |c: char| !end.contains(c) && c != '\n');
    alt((
        delimited(one_of("'`"), inner("'`"), one_of("'`")),
        delimited(one_of("“”„"), inner("“”"), one_of("“”")),
        delimited(one_of("‘’"), inner("‘’"), one_of("‘’")),
    ))
    .parse(text)
}
