//! `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`: text with policy variables.
//!
//! Variables work in the sixth field of resources and in the values of some operators, and only in
//! policies with version 2012-10-17 (VA-002, VA-003); the caller knows where it stands and asks for a
//! [`Template`] only there. See
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>.

/// A text cut at its variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<'t>(pub Vec<Segment<'t>>);

/// A stretch of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'t> {
    /// Plain text; its `*` and `?` are wildcards where the field has wildcards.
    Text(&'t str),
    /// `${*}`, `${?}` or `${$}`: this very character (VA-007).
    Literal(&'t str),
    /// `${name}` or `${name, 'default'}`.
    Variable {
        /// The context key.
        name: &'t str,
        /// The text used when the key has no value (VA-006).
        default: Option<&'t str>,
    },
    /// `${…}` that no reading makes sense of; it never resolves (VA-010).
    Malformed(Malformed),
}

/// What is wrong with a `${…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// `${}`
    Empty,
    /// A space or another character that no key has.
    Name,
    /// What follows the comma is not one space and a text in single quotes.
    Default,
}

impl<'t> Template<'t> {
    /// Cuts `text` at its variables. A `${` without a closing brace is plain text (VA-010).
    ///
    /// ```
    /// use twokeys::policy::{Segment, Template};
    ///
    /// let Template(segments) = Template::parse("home/${aws:username, 'guest'}/*");
    /// assert_eq!(segments[1], Segment::Variable { name: "aws:username", default: Some("guest") });
    /// ```
    pub fn parse(text: &'t str) -> Self {
        let mut segments = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((inner, after)) = after.split_once('}') else { break };
            if !before.is_empty() {
                segments.push(Segment::Text(before));
            }
            segments.push(segment(inner));
            rest = after;
        }
        if !rest.is_empty() {
            segments.push(Segment::Text(rest));
        }
        Self(segments)
    }
}

fn segment(inner: &str) -> Segment<'_> {
    if matches!(inner, "*" | "?" | "$") {
        return Segment::Literal(inner);
    }
    let (name, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((name, default)) => {
            let quoted = default.strip_prefix(" '").and_then(|rest| rest.strip_suffix('\''));
            match quoted {
                Some(text) if !text.contains('\'') => (name, Some(text)),
                _ => return Segment::Malformed(Malformed::Default),
            }
        }
    };
    let of_key = |c: char| !c.is_whitespace() && !c.is_control() && !"'\"{}$*?".contains(c);
    match name {
        "" => Segment::Malformed(Malformed::Empty),
        name if name.chars().all(of_key) => Segment::Variable { name, default },
        _ => Segment::Malformed(Malformed::Name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Segment<'_> {
        let Template(mut segments) = Template::parse(text);
        assert_eq!(segments.len(), 1, "{text}");
        segments.remove(0)
    }

    #[test]
    fn va_001_the_forms_of_a_variable() {
        assert_eq!(only("${aws:username}"), Segment::Variable { name: "aws:username", default: None });
        assert_eq!(
            only("${aws:PrincipalTag/team, 'no team'}"),
            Segment::Variable { name: "aws:PrincipalTag/team", default: Some("no team") }
        );
        assert_eq!(only("${a:b, ''}"), Segment::Variable { name: "a:b", default: Some("") });
        assert_eq!(only("${*}"), Segment::Literal("*"));
    }

    #[test]
    fn va_010_malformed_variables_never_resolve_and_open_ones_are_text() {
        assert_eq!(only("${}"), Segment::Malformed(Malformed::Empty));
        assert_eq!(only("${aws:user name}"), Segment::Malformed(Malformed::Name));
        for text in ["${a:b,'x'}", "${a:b, 'x}", "${a:b, x}", "${a:b,  'x'}", "${a:b , 'x'y}"] {
            assert_eq!(only(text), Segment::Malformed(Malformed::Default), "{text}");
        }
        assert_eq!(only("home/${aws:username"), Segment::Text("home/${aws:username"));
    }

    #[test]
    fn va_001_a_variable_ends_at_the_first_brace() {
        let Template(segments) = Template::parse("${aws:username, '${aws:username}'}");
        assert_eq!(segments, [Segment::Malformed(Malformed::Default), Segment::Text("'}")]);
    }

    #[test]
    fn text_around_variables_is_kept() {
        let Template(segments) = Template::parse("a/${a:b}/*");
        assert_eq!(
            segments,
            [Segment::Text("a/"), Segment::Variable { name: "a:b", default: None }, Segment::Text("/*")]
        );
    }
}
