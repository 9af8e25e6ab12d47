//! `ArnEquals` and `ArnLike`, which are the same: six fields, each with wildcards (CO-070).

use super::super::matching::{Comparing, Hit, Wording};
use crate::name::Pattern;
use crate::request::Context;

/// The policy's side.
#[derive(Debug, Clone)]
pub(super) enum ArnTest {
    /// Six fields without variables.
    Fields(Box<[Pattern; 6]>),
    /// A text with variables; a colon that comes out of one counts when fields are told apart.
    Variables(Wording),
    /// Fewer than six fields: never hits.
    Short,
}

impl ArnTest {
    pub(super) fn new(text: &str, variables: bool) -> Self {
        match Wording::with_wildcards(text, variables) {
            wording @ Wording::Variables(_) => Self::Variables(wording),
            // `${*}` in a field is a plain star; the fields are cut before escapes are resolved.
            Wording::Literal(_) | Wording::Pattern(_) => match fields(text) {
                Some(fields) => Self::Fields(Box::new(fields.map(|field| pattern(field, variables)))),
                None => Self::Short,
            },
        }
    }

    /// The text with variables, if it is one.
    pub(super) fn wording(&self) -> Option<&Wording> {
        if let Self::Variables(wording) = self { Some(wording) } else { None }
    }

    /// Does it hit, and is the policy's value an ARN at all?
    pub(super) fn hit(&self, actual: &str, context: &Context) -> Hit {
        match self {
            Self::Fields(wanted) => match fields(actual) {
                Some(actual) => {
                    wanted.iter().zip(actual).all(|(wanted, actual)| wanted.matches(actual)).into()
                }
                None => Hit::missed(super::Note::UnparsableRequestValue),
            },
            Self::Variables(wording) => wording.hit(actual, context, Comparing::ArnFields),
            Self::Short => Hit::missed(super::Note::UnparsablePolicyValue),
        }
    }
}

fn pattern(field: &str, variables: bool) -> Pattern {
    match Wording::with_wildcards(field, variables) {
        Wording::Pattern(pattern) => pattern,
        Wording::Literal(text) => Pattern::from_parts([crate::name::Part::Text(text.into())]),
        Wording::Variables(_) => Pattern::new(field),
    }
}

/// The six fields, split at the first five colons.
fn fields(text: &str) -> Option<[&str; 6]> {
    let mut parts = text.splitn(6, ':');
    let mut fields = [""; 6];
    for field in &mut fields {
        *field = parts.next()?;
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::super::super::truth::Truth;
    use super::*;

    #[test]
    fn co_070_wildcards_cross_colons_in_the_last_field_only() {
        let context = Context::builder()
            .set("a:arn", ["arn:aws:iam::111122223333:role/x"])
            .set("a:star", ["*"])
            .build()
            .unwrap();
        let role = "arn:aws:iam::111122223333:role/x";
        for (wanted, actual, expected) in [
            ("arn:aws:iam::*:role/*", role, true),
            ("arn:aws:iam::111122223333:role/X", role, false),
            ("*", role, false),
            ("arn:*:role/x", role, false),
            ("arn:aws:logs:r:1:*", "arn:aws:logs:r:1:log-group:a:b", true),
            ("${a:arn}", role, true),
            ("${a:arn}*", "arn:aws:iam::111122223333:role/xy", true),
            ("arn:aws:iam::*:role/${a:star}", role, false),
            ("arn:aws:iam::*:role/${a:star}", "arn:aws:iam::1:role/*", true),
            ("arn:aws:iam::*:role/${*}", "arn:aws:iam::1:role/*", true),
            ("arn:aws:iam::*:role/${*}", role, false),
            ("arn:*${a:star}:iam::1:r", "arn:aws:iam::1:r", false),
            ("a*:${a:star}", "arn:aws:iam::1:*", false),
        ] {
            let hit = ArnTest::new(wanted, true).hit(actual, &context).truth == Truth::True;
            assert_eq!(hit, expected, "{wanted} on {actual}");
        }
    }
}
