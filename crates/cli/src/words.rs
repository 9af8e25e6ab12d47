//! Numbers and lists of names, as a sentence has them.

/// `1 cell`, `22,321 cells`, `2 policies`
pub(crate) fn counted(count: usize, what: &str) -> String {
    let plural = match what.strip_suffix('y') {
        _ if count == 1 => what.to_owned(),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{what}s"),
    };
    format!("{} {plural}", grouped(count))
}

/// A number with commas between its thousands.
pub(crate) fn grouped(count: usize) -> String {
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

/// The names, the first few if there are many: `bob, ci-deploy, … (12)`.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, most: usize) -> String {
    let names: Vec<String> = names.into_iter().map(twokeys::source::escaped).collect();
    match names.get(..most) {
        Some(first) if names.len() > most => format!("{}, … ({})", first.join(", "), grouped(names.len())),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_thousands_and_words_agree_with_them() {
        for (count, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (66_963_000, "66,963,000")] {
            assert_eq!(grouped(count), expected);
        }
        for (count, what, expected) in [
            (1, "cell", "1 cell"),
            (2, "policy", "2 policies"),
            (1, "policy", "1 policy"),
            (0, "key", "0 keys"),
        ] {
            assert_eq!(counted(count, what), expected);
        }
    }

    #[test]
    fn long_lists_are_cut_and_counted() {
        assert_eq!(listed(["a", "b"], 2), "a, b");
        assert_eq!(listed(["a", "b", "c"], 2), "a, b, … (3)");
        assert_eq!(listed([], 2), "");
    }
}
