//! Percent-encoding, as IAM's own API answers with policies.

use twokeys::source::Span;

use super::trail::Trail;

/// The decoded text and its trail; none if it is no such text.
pub(super) fn decode(text: &str) -> Option<(String, Trail)> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut trail = Trail::default();
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let (byte, taken) = if byte == b'%' {
            let mut digit = || bytes.next().and_then(|(_, digit)| char::from(digit).to_digit(16));
            (u8::try_from(digit()? << 4 | digit()?).ok()?, 3)
        } else {
            (byte, 1)
        };
        decoded.push(byte);
        trail.push(1, Span::new(at, at + taken));
    }
    Some((String::from_utf8(decoded).ok()?, trail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_escape_is_one_byte() {
        let (text, trail) = decode("%7Ba%C3%A9+").unwrap();
        assert_eq!(text, "{aé+");
        assert_eq!(trail.span(Span::new(0, 1)), Span::new(0, 3));
        assert_eq!(trail.span(Span::new(1, 4)), Span::new(3, 10));
        assert_eq!(trail.span(Span::new(4, 5)), Span::new(10, 11));
        for broken in ["%", "%4", "%zz", "%ff"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
