//! Size, encoding and nesting of a file, looked at before anything is read from it.

use memchr::memchr2;

use super::limits::Limits;
use crate::account::problem::ProblemKind;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file, if it keeps to the limits; else what is wrong, and where.
///
/// `serde_json` reads a dump after this, and knows no limits but one of depth, which is too high.
pub(super) fn text<'t>(bytes: &'t [u8], limits: &Limits) -> Result<&'t str, (usize, ProblemKind)> {
    if bytes.len() > limits.file {
        return Err((0, ProblemKind::TooLarge { found: bytes.len(), limit: limits.file }));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Err((0, ProblemKind::ByteOrderMark));
    }
    let text = str::from_utf8(bytes).map_err(|error| (error.valid_up_to(), ProblemKind::NotUtf8))?;
    nesting(bytes, limits)?;
    Ok(text)
}

fn nesting(bytes: &[u8], limits: &Limits) -> Result<(), (usize, ProblemKind)> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string(bytes, at, limits)?,
            b'{' | b'[' => {
                depth += 1;
                if depth > limits.depth {
                    return Err((at, ProblemKind::TooDeep { limit: limits.depth }));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The place of the quotation mark that closes the string opened at `open`.
fn string(bytes: &[u8], open: usize, limits: &Limits) -> Result<usize, (usize, ProblemKind)> {
    let mut at = open + 1;
    loop {
        let found = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest));
        // A string that never ends is for the reader to tell.
        let Some(found) = found else { return Ok(bytes.len()) };
        at += found;
        if at - open > limits.string + 1 {
            return Err((open, ProblemKind::StringTooLong { limit: limits.string }));
        }
        if bytes.get(at) == Some(&b'"') {
            return Ok(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str, limits: &Limits) -> Option<(usize, ProblemKind)> {
        super::text(text.as_bytes(), limits).err()
    }

    #[test]
    fn rl_010_limits_hold_at_the_limit_and_not_beyond() {
        let limits = Limits::default().with_depth(2).with_string(3).with_file(30);
        assert_eq!(refusal(r#"[{"abc":"\"a"}]"#, &limits), None);
        assert_eq!(refusal(r#"[{"abcd":1}]"#, &limits), Some((2, ProblemKind::StringTooLong { limit: 3 })));
        assert_eq!(refusal("[[[", &limits), Some((2, ProblemKind::TooDeep { limit: 2 })));
        assert_eq!(refusal(r#"["[[["]"#, &limits), None);
        assert_eq!(refusal("[] [] []", &limits), None, "documents one after the other do not nest");
        let large = refusal(&" ".repeat(31), &limits);
        assert_eq!(large, Some((0, ProblemKind::TooLarge { found: 31, limit: 30 })));
        assert_eq!(Limits::default().with_file(usize::MAX).file(), Limits::FILE, "limits only go down");
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        assert_eq!(text(b"[\"\xff\"]", &Limits::default()), Err((2, ProblemKind::NotUtf8)));
        assert_eq!(text(b"\xEF\xBB\xBF{}", &Limits::default()), Err((0, ProblemKind::ByteOrderMark)));
        assert_eq!(refusal("[\"never ends", &Limits::default()), None);
    }
}
