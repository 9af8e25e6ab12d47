//! `BinaryEquals`: base64 with padding, compared as bytes (CO-051).

/// The bytes of a base64 text of RFC 4648, section 4, one after another; none if it is not one.
///
/// Nothing is collected: two texts can be compared without room for their bytes.
pub(super) fn decode(text: &str) -> Option<impl Iterator<Item = u8>> {
    let groups = text.as_bytes().chunks(4);
    let mut left = groups.len();
    for group in groups {
        left -= 1;
        decode_group(group, left == 0)?;
    }
    let last = text.len().div_ceil(4).saturating_sub(1);
    let bytes = text.as_bytes().chunks(4).enumerate();
    Some(bytes.flat_map(move |(at, group)| {
        let (bytes, length) = decode_group(group, at == last).unwrap_or_default();
        bytes.into_iter().take(length)
    }))
}

/// Up to three bytes; only the last group may be padded, and its unused bits must be zero.
fn decode_group(group: &[u8], last: bool) -> Option<([u8; 3], usize)> {
    let letters = group.iter().position(|&byte| byte == b'=').unwrap_or(4);
    let padded = group.iter().skip(letters).all(|&byte| byte == b'=');
    if group.len() != 4 || letters < 2 || !padded || (letters < 4 && !last) {
        return None;
    }
    let mut bits = 0_u32;
    for at in 0..4 {
        let six = if at < letters { six_bits(*group.get(at)?)? } else { 0 };
        bits = bits << 6 | u32::from(six);
    }
    let [_, one, two, three] = bits.to_be_bytes();
    let clean = match letters {
        2 => two == 0 && three == 0,
        3 => three == 0,
        _ => true,
    };
    clean.then_some(([one, two, three], letters - 1))
}

fn six_bits(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn co_051_the_vectors_of_rfc_4648_and_what_is_refused() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(decode(text).unwrap().collect::<Vec<_>>(), bytes.as_bytes(), "{text}");
        }
        assert_eq!(decode("+/+/").unwrap().collect::<Vec<_>>(), [0xfb, 0xff, 0xbf]);
        for text in ["Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm9-", "Zm9v\n", "Zm9é"] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
