//! Small questions about names in policies, asked with `${…}` in mind.

/// Does a policy variable begin in this text?
pub(super) fn has_variable(text: &str) -> bool {
    text.contains("${")
}

/// The colon-separated fields of an ARN pattern, six at most; the last keeps its colons.
///
/// A colon inside `${…}` belongs to the variable's name and separates nothing.
pub(super) fn arn_fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::with_capacity(6);
    let (mut start, mut in_variable) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'$') => in_variable = true,
            b'}' => in_variable = false,
            b':' if !in_variable && fields.len() < 5 => {
                fields.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.extend(text.get(start..));
    fields
}

/// The six fields of an ARN pattern that has them all.
pub(super) fn whole_arn(text: &str) -> Option<[&str; 6]> {
    arn_fields(text).try_into().ok().filter(|[first, ..]: &[&str; 6]| *first == "arn")
}

/// Is there a `*` or `?` in this text?
pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Has this text the form of an account number?
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn re_003_the_sixth_field_keeps_its_colons_and_variables_keep_theirs() {
        assert_eq!(arn_fields("arn:aws:s3:::b"), ["arn", "aws", "s3", "", "", "b"]);
        assert_eq!(arn_fields("arn:aws:sqs"), ["arn", "aws", "sqs"]);
        assert_eq!(
            arn_fields("arn:aws:sqs:*:${aws:PrincipalAccount}:q:1"),
            ["arn", "aws", "sqs", "*", "${aws:PrincipalAccount}", "q:1"]
        );
        assert_eq!(arn_fields(""), [""]);
    }
}
