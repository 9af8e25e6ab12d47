//! Percent-encoding (RFC 3986), in which IAM's API hands out policies.

use crate::account::problem::ProblemKind;

/// Takes the encoding off, once.
///
/// A plus is a plus: this is no form.
pub(in crate::account) fn decode(text: &str) -> Result<String, ProblemKind> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digits = [bytes.next(), bytes.next()].map(|digit| digit.and_then(|(_, digit)| hex(digit)));
        match digits {
            [Some(high), Some(low)] => decoded.push(high << 4 | low),
            _ => return Err(ProblemKind::PercentEncoding { at }),
        }
    }
    let invalid = |error: std::string::FromUtf8Error| error.utf8_error().valid_up_to();
    String::from_utf8(decoded).map_err(|error| ProblemKind::PercentEncoding { at: invalid(error) })
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_escape_is_one_byte_and_a_plus_stays() {
        for (text, expected) in [
            ("", Some("")),
            ("%7B%22a%22%3A%20%22%C3%A9%2b+%22%7D", Some("{\"a\": \"é++\"}")),
            ("%257B", Some("%7B")),
            ("100%", None),
            ("%4", None),
            ("%zz", None),
            ("%+1", None),
            ("%ff", None),
        ] {
            assert_eq!(decode(text).ok().as_deref(), expected, "{text}");
        }
    }
}
