//! Variables in the resource of a case, filled from the context of its request.

use twokeys::policy::{Segment, Template};
use twokeys::request::{Context, KeyState};

/// The text with every `${…}` replaced; the variable that has nothing to stand for, if one has not.
pub(super) fn fill(text: &str, context: &Context) -> Result<String, String> {
    let mut filled = String::new();
    for segment in Template::parse(text).0 {
        match segment {
            Segment::Text(text) | Segment::Literal(text) => filled.push_str(text),
            Segment::Malformed(_) => return Err(text.to_owned()),
            Segment::Variable { name, default } => match (context.get(name), default) {
                (KeyState::Known([value]), _) if !value.is_empty() => filled.push_str(value),
                (_, Some(default)) => filled.push_str(default),
                (_, None) => return Err(format!("${{{name}}}")),
            },
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn va_005_what_has_no_value_is_not_filled() {
        let context =
            Context::builder().set("aws:username", ["alice"]).set("a:b", ["x", "y"]).build().unwrap();
        for (text, expected) in [
            ("user/${aws:UserName}", Ok("user/alice")),
            ("${aws:userid, 'nobody'}-${$}", Ok("nobody-$")),
            ("plain", Ok("plain")),
            ("${a:b}", Err("${a:b}")),
            ("x/${aws:userid}", Err("${aws:userid}")),
            ("${}", Err("${}")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(fill(text, &context), expected, "{text}");
        }
    }
}
