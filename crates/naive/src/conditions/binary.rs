//! CO-051: base64 on both sides, compared as bytes.

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Do both texts stand for the same bytes? What is not base64 stands for none.
pub(super) fn equal(wanted: &str, actual: &str) -> bool {
    let wanted = decode(wanted);
    wanted.is_some() && wanted == decode(actual)
}

/// RFC 4648, section 4: groups of four characters, the last padded with `=`, spare bits zero.
fn decode(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<char> = text.chars().collect();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if padding > 2 {
        return None;
    }
    // Plainly: all bits in a row, cut into bytes; what is left over must be zero.
    let mut bits = Vec::new();
    for letter in digits.chars() {
        let value = ALPHABET.find(letter)?;
        bits.extend((0..6).rev().map(|place| value >> place & 1));
    }
    let spare = bits.split_off(bits.len() - bits.len() % 8);
    if spare.contains(&1) {
        return None;
    }
    let byte = |bits: &[usize]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit == 1));
    Some(bits.chunks(8).map(byte).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_051_padding_is_required() {
        for (text, expected) in [
            ("", Some("")),
            ("Zg==", Some("f")),
            ("Zm8=", Some("fo")),
            ("Zm9v", Some("foo")),
            ("Zm9vYmFy", Some("foobar")),
            ("Zg", None),
            ("Zg=", None),
            ("Z===", None),
            ("====", None),
            ("Zm8=Zg==", None),
            ("Zh==", None),
            ("Zm9-", None),
            ("Zm9v\n", None),
        ] {
            assert_eq!(decode(text).as_deref(), expected.map(str::as_bytes), "{text:?}");
        }
    }
}
