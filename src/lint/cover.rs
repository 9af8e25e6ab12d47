//! Does one statement name everything that another names?
//!
//! "Yes" is certain. A list covers an entry only if one of its own entries does; that two of them do it
//! together is not looked for.

use memchr::memchr_iter;

use super::text::{
    beginning, begins_with, between_stars, has_variable, has_wildcard, may_begin_alike, may_include,
    whole_arn, widest,
};
use crate::name::{Pattern, at_colon, fold};
use crate::policy::{NamesPart, PrincipalPart, PrincipalValue};
use crate::source::Spanned;

/// Do the actions of `wide` include all of `narrow`?
pub(super) fn actions(wide: &NamesPart, narrow: &NamesPart) -> bool {
    names(wide, narrow, action, may_share_an_action)
}

/// Do the resources of `wide` include all of `narrow`? A statement without the element is about the
/// resource it is attached to.
pub(super) fn resources(wide: Option<&NamesPart>, narrow: Option<&NamesPart>) -> bool {
    match (wide, narrow) {
        (Some(wide), Some(narrow)) => names(wide, narrow, resource, may_share_a_resource),
        (None, None) => true,
        _ => false,
    }
}

/// Are the principals of `wide` all those of `narrow`, or everybody?
pub(super) fn principals(wide: Option<&PrincipalPart>, narrow: Option<&PrincipalPart>) -> bool {
    match (wide, narrow) {
        (None, None) => true,
        (Some(wide), Some(narrow)) => {
            let everybody = !wide.negated && is_everybody(&wide.value);
            everybody || wide.negated == narrow.negated && wide.value == narrow.value
        }
        _ => false,
    }
}

/// Is everyone meant, signed in or not?
pub(super) fn is_everybody(value: &PrincipalValue) -> bool {
    match value {
        PrincipalValue::Text(text) => text.value == "*",
        PrincipalValue::Map(groups) => groups
            .iter()
            .any(|group| group.kind.value == "AWS" && group.values.iter().any(|value| value.value == "*")),
    }
}

/// Does one action entry match all that the other matches? What matches nothing covers nothing.
pub(super) fn action(wide: &str, narrow: &str) -> bool {
    if wide == "*" {
        return true;
    }
    if !may_include(wide, narrow) {
        return false;
    }
    let covers = match beginning(wide) {
        Some(start) => begins_with(narrow, start),
        None if has_wildcard(wide) => action_pattern(wide).includes(&action_pattern(narrow)),
        None => wide.eq_ignore_ascii_case(narrow),
    };
    covers && wide.contains(':') && narrow.contains(':')
}

/// Does one resource entry match all that the other matches?
pub(super) fn resource(wide: &str, narrow: &str) -> bool {
    if wide == "*" || wide == narrow {
        return true;
    }
    if !has_variable(wide) && !has_variable(narrow) {
        return plain_resource(wide, narrow);
    }
    // What a variable of the wide one stands for is not known.
    let (Some(wide_fields), Some(narrow_fields)) = (whole_arn(wide), whole_arn(narrow)) else { return false };
    let mut fields = wide_fields.into_iter().zip(narrow_fields);
    !has_variable(wide) && fields.all(|(wide, narrow)| field(wide, narrow))
}

/// The same of two texts without variables: done at the first field that differs.
fn plain_resource(wide: &str, narrow: &str) -> bool {
    let (mut wide, mut narrow) = (wide, narrow);
    if !may_include(wide, narrow) || !wide.starts_with("arn:") || !narrow.starts_with("arn:") {
        return false;
    }
    // The fields that both begin with need no look.
    let same = wide.bytes().zip(narrow.bytes()).take_while(|(one, other)| one == other).count();
    let colons = memchr_iter(b':', wide.as_bytes()).take_while(|at| *at < same).take(5);
    let (fields, start) = colons.fold((0, 0), |(fields, _), at| (fields + 1, at + 1));
    (wide, narrow) = (wide.get(start..).unwrap_or_default(), narrow.get(start..).unwrap_or_default());
    for _ in fields..5 {
        let (Some((one, wide_rest)), Some((other, narrow_rest))) = (at_colon(wide), at_colon(narrow)) else {
            return false;
        };
        if !field(one, other) {
            return false;
        }
        (wide, narrow) = (wide_rest, narrow_rest);
    }
    field(wide, narrow)
}

/// Does one field of an ARN match all that the other matches?
fn field(wide: &str, narrow: &str) -> bool {
    // Most fields are a star, a plain text or one that ends in a star: no pattern need be made of those.
    match (wide, beginning(wide)) {
        ("*", _) => true,
        _ if wide == narrow && !has_variable(narrow) => true,
        _ if !has_wildcard(wide) && !has_variable(narrow) => false,
        (_, Some(start)) if !has_variable(narrow) && !start.is_empty() => narrow.starts_with(start),
        _ if !has_variable(narrow) && !may_include(wide, narrow) => false,
        // What stands between two stars must stand in all that the narrow one matches, whatever its wildcards are.
        _ if let Some(inner) = between_stars(wide)
            && !has_variable(narrow) =>
        {
            narrow.contains(inner)
        }
        _ => Pattern::new(wide).includes(&widest(narrow)),
    }
}

/// Is there a name that both entries match?
fn may_share_an_action(one: &str, other: &str) -> bool {
    if !may_begin_alike(one, other) {
        return false;
    }
    // Most are no pattern, or one star at the end.
    match (has_wildcard(one), has_wildcard(other)) {
        (false, false) => one.eq_ignore_ascii_case(other),
        (true, false) if let Some(start) = beginning(one) => begins_with(other, start),
        (false, true) if let Some(start) = beginning(other) => begins_with(one, start),
        _ => action_pattern(one).overlaps(&action_pattern(other)),
    }
}

/// Is there, for all that is known, a resource that both entries match?
fn may_share_a_resource(one: &str, other: &str) -> bool {
    match (whole_arn(one), whole_arn(other)) {
        (Some(one), Some(other)) => {
            one.into_iter().zip(other).all(|(one, other)| widest(one).overlaps(&widest(other)))
        }
        _ => true,
    }
}

fn action_pattern(text: &str) -> Pattern {
    Pattern::new(&fold(text))
}

fn names(
    wide: &NamesPart,
    narrow: &NamesPart,
    includes: impl Fn(&str, &str) -> bool,
    overlaps: impl Fn(&str, &str) -> bool,
) -> bool {
    let (wide_names, narrow_names) = (&wide.entries, &narrow.entries);
    let covered = |names: &[Spanned<String>], entry: &Spanned<String>| {
        names.iter().any(|name| includes(&name.value, &entry.value))
    };
    match (wide.negated, narrow.negated) {
        (false, false) => {
            !narrow_names.is_empty() && narrow_names.iter().all(|entry| covered(wide_names, entry))
        }
        // All but these: none of them may be what the other names.
        (true, false) => {
            let apart =
                |but: &Spanned<String>| narrow_names.iter().all(|entry| !overlaps(&but.value, &entry.value));
            !narrow_names.is_empty() && wide_names.iter().all(apart)
        }
        (true, true) => wide_names.iter().all(|but| covered(narrow_names, but)),
        (false, true) => wide_names.iter().any(|entry| entry.value == "*"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Policy, Statement};

    fn statement(action: &str, resource: &str) -> Statement {
        let text = format!(r#"{{"Statement": {{"Effect": "Allow", {action}, {resource}}}}}"#);
        Policy::parse(&text).unwrap().statements.remove(0)
    }

    fn covers(wide: (&str, &str), narrow: (&str, &str)) -> bool {
        let (wide, narrow) = (statement(wide.0, wide.1), statement(narrow.0, narrow.1));
        actions(&wide.action, &narrow.action) && resources(wide.resource.as_ref(), narrow.resource.as_ref())
    }

    /// All texts of up to four of these letters.
    fn texts() -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..4 {
            last = last
                .iter()
                .flat_map(|text| ["a", "B", "*", "?"].map(|letter| format!("{text}{letter}")))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn quick_looks_say_what_patterns_say() {
        let texts = texts();
        for wide in &texts {
            let pattern = Pattern::new(wide);
            for narrow in &texts {
                let includes = pattern.includes(&Pattern::new(narrow));
                assert!(!includes || may_include(wide, narrow), "{wide} over {narrow}");
                assert_eq!(field(wide, narrow), includes, "field {wide} over {narrow}");
                let [one, other] = [wide, narrow].map(|text| format!("s:{text}"));
                let (of_one, of_other) = (action_pattern(&one), action_pattern(&other));
                assert_eq!(action(&one, &other), of_one.includes(&of_other), "action {wide} over {narrow}");
                let overlaps = may_share_an_action(&one, &other);
                assert_eq!(overlaps, of_one.overlaps(&of_other), "{wide} and {narrow}");
            }
        }
    }

    #[test]
    fn lists_and_exceptions_cover_what_they_name() {
        const ALL: &str = r#""Resource": "*""#;
        for (wide, narrow, expected) in [
            (r#""Action": "s3:*""#, r#""Action": ["S3:GetObject", "s3:Put*"]"#, true),
            (r#""Action": ["s3:Get*", "s3:Put*"]"#, r#""Action": ["s3:GetObject", "s3:List*"]"#, false),
            (r#""Action": "*""#, r#""NotAction": "iam:*""#, true),
            (r#""Action": "s3:*""#, r#""NotAction": "iam:*""#, false),
            (r#""NotAction": "iam:*""#, r#""Action": "s3:Get*""#, true),
            (r#""NotAction": "iam:*""#, r#""Action": ["s3:Get*", "i*:Get*"]"#, false),
            (r#""NotAction": "iam:Get*""#, r#""NotAction": ["iam:*", "s3:*"]"#, true),
            (r#""NotAction": "iam:*""#, r#""NotAction": "iam:Get*""#, false),
            (r#""Action": "s3""#, r#""Action": "s3:Get*""#, false),
            (r#""Action": "s3:*""#, r#""Action": []"#, false),
        ] {
            assert_eq!(covers((wide, ALL), (narrow, ALL)), expected, "{wide} over {narrow}");
        }
    }

    #[test]
    fn re_003_resources_are_compared_field_by_field() {
        const ALL: &str = r#""Action": "*""#;
        for (wide, narrow, expected) in [
            (r#""Resource": "*""#, r#""Resource": ["arn:aws:s3:::b", "*"]"#, true),
            (r#""Resource": "arn:aws:s3:::b*""#, r#""Resource": "arn:aws:s3:::b/${aws:username}""#, true),
            (r#""Resource": "arn:aws:s3:::b/${aws:username}""#, r#""Resource": "arn:aws:s3:::b/ana""#, false),
            (r#""Resource": "arn:aws:s*""#, r#""Resource": "arn:aws:s3:::b""#, false),
            (r#""Resource": "arn:aws:s3:::*""#, r#""Resource": "*""#, false),
            (r#""NotResource": "arn:aws:s3:::a""#, r#""Resource": "arn:aws:s3:::b*""#, true),
            (r#""NotResource": "arn:aws:s3:::b1""#, r#""Resource": "arn:aws:s3:::b*""#, false),
        ] {
            assert_eq!(covers((ALL, wide), (ALL, narrow)), expected, "{wide} over {narrow}");
        }
    }
}
