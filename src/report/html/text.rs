//! Text of others inside HTML.

use crate::source;

/// The text, safe inside an element and inside a quoted attribute; what cannot be seen is shown by number.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in source::escaped(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            plain => out.push(plain),
        }
    }
    out
}

/// A name as it is typed, which may break behind its parts.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text).replace('/', "/<wbr>"))
}

/// Names as a list; beyond the first the rest opens on demand.
pub(super) fn names(names: &[String], most: usize) -> String {
    let listed = |names: &[String]| {
        let each = names.iter().map(|name| format!("<code>{}</code>", escape(name)));
        each.collect::<Vec<_>>().join(", ")
    };
    match names.split_at_checked(most) {
        Some((first, rest)) if rest.len() > 2 => format!(
            "{}<details><summary>and {} more</summary>{}</details>",
            listed(first),
            grouped(rest.len()),
            listed(rest)
        ),
        _ => listed(names),
    }
}

/// A number with commas between its thousands.
pub(super) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rl_025_no_text_becomes_markup_or_turns_around() {
        assert_eq!(
            escape("<script>\"x\" & 'y'\u{202e}\u{7}</script>"),
            "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;\\u{202e}\\u{7}&lt;/script&gt;"
        );
    }

    #[test]
    fn long_lists_open_on_demand() {
        let many: Vec<String> = (0..20).map(|number| format!("u{number}")).collect();
        let text = names(&many, 8);
        assert!(text.contains("<summary>and 12 more</summary>") && text.contains("u19"), "{text}");
        assert!(!names(&many[..10], 8).contains("details"), "two more are shown at once");
        assert_eq!(grouped(22_321), "22,321");
    }
}
