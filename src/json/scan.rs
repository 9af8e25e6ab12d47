//! Which bytes JSON gives a meaning, eight at a time: most of a text stands in strings and has none of them.

/// A word of eight equal bytes.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte.
const HIGH: u64 = all(0x80);

/// Marks the bytes that are zero. Bytes behind the first one may be marked for nothing.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(all(1)) & !word & HIGH
}

/// Marks `"`, `\` and control characters. Bytes behind the first one may be marked for nothing.
const fn signs(word: u64) -> u64 {
    let controls = word.wrapping_sub(all(0x20)) & !word & HIGH;
    zeros(word ^ all(b'"')) | zeros(word ^ all(b'\\')) | controls
}

/// Up to seven bytes, filled up with one that has no meaning.
fn last(rest: &[u8]) -> u64 {
    let mut word = [b' '; 8];
    word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(word)
}

/// How many bytes stand before the first `"`, `\` or control character.
pub(super) fn run(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks();
    let mut before = 0;
    for word in words {
        let found = signs(u64::from_le_bytes(*word));
        if found != 0 {
            return before + found.trailing_zeros() as usize / 8;
        }
        before += 8;
    }
    match signs(last(rest)) {
        0 => text.len(),
        found => before + found.trailing_zeros() as usize / 8,
    }
}

/// Is it printable ASCII without `"` and `\`, which JSON has as it is?
pub(crate) fn is_plain(text: &[u8]) -> bool {
    let others = |word| signs(word) | zeros(word ^ all(0x7F)) | word & HIGH;
    // The last word may share bytes with the one before it.
    let end = text.last_chunk().map_or_else(|| last(text), |end| u64::from_le_bytes(*end));
    let words = text.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
    words.fold(others(end), |found, word| found | others(word)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_found_at_every_place() {
        for length in 0..20 {
            assert_eq!(run(&vec![b'x'; length]), length);
            assert!(is_plain(&vec![b'x'; length]));
            for (at, byte) in (0..length).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
                let mut text = vec![b'!'; length];
                text[at] = byte;
                let has_meaning = matches!(byte, b'"' | b'\\' | ..0x20);
                assert_eq!(
                    run(&text),
                    if has_meaning { at } else { length },
                    "{byte:#x} at {at} of {length}"
                );
                let is_printable = matches!(byte, b' '..=b'~');
                assert_eq!(is_plain(&text), is_printable && !has_meaning, "{byte:#x} at {at} of {length}");
                // Neighbors that differ by one bit are not taken along.
                text.fill(byte ^ 1);
                let first = (0..length).find(|_| matches!(byte ^ 1, b'"' | b'\\' | ..0x20));
                assert_eq!(run(&text), first.unwrap_or(length), "{byte:#x}");
            }
        }
    }

    #[test]
    fn the_first_of_several_is_found() {
        for (text, first) in
            [("ab\"\\", 2), ("\\\"", 0), ("abcdefgh\u{1}\"", 8), ("é\"", 2), ("!\"", 1), ("", 0)]
        {
            assert_eq!(run(text.as_bytes()), first, "{text:?}");
        }
    }
}
