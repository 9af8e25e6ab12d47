//! "Did you mean": the one known name that a misspelled name comes close to.

use super::operator::{BASES, Operator};

/// Names this many edits away count as misspelled; beyond, a suggestion is a guess.
const FARTHEST: usize = 2;

/// The name of `known` that `written` comes closest to, if exactly one stands out.
pub(super) fn nearest<T: AsRef<str> + Copy>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    let mut best: Option<(usize, Option<T>)> = None;
    for name in known {
        let distance = distance(written, name.as_ref());
        // A short name is two edits away from nearly everything.
        if distance > FARTHEST || distance * 2 > name.as_ref().len() {
            continue;
        }
        best = match best {
            Some((smallest, _)) if smallest < distance => best,
            Some((smallest, _)) if smallest == distance => Some((distance, None)),
            _ => Some((distance, Some(name))),
        };
    }
    best?.1
}

/// The documented operator that `written` comes closest to.
pub(super) fn nearest_operator(written: &str) -> Option<String> {
    let (prefix, rest) = match written.split_once(':') {
        Some((prefix, rest)) => (Some(nearest(prefix, ["ForAllValues", "ForAnyValue"])?), rest),
        None => (None, written),
    };
    let stem = rest.len().checked_sub("IfExists".len()).and_then(|at| rest.split_at_checked(at));
    let (rest, suffix) = match stem {
        Some((stem, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => (stem, "IfExists"),
        _ => (rest, ""),
    };
    let bases = BASES.iter().map(|(name, _)| *name);
    let base = nearest(rest, bases.clone()).or_else(|| {
        // `BoolEquals`, `NullEquals`: the right operator with a tail it does not have.
        let starts =
            |name: &&str| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        bases.filter(starts).max_by_key(|name| name.len())
    })?;
    let name = prefix.map_or_else(String::new, |prefix| format!("{prefix}:")) + base + suffix;
    Operator::parse(&name).ok().map(|operator| operator.to_string())
}

/// How many characters must be inserted, deleted, replaced or swapped with their neighbor to turn
/// one text into the other; capitals do not count. Anything above [`FARTHEST`] is one number.
fn distance(left: &str, right: &str) -> usize {
    if left.len().abs_diff(right.len()) > 4 * FARTHEST {
        return FARTHEST + 1;
    }
    let left: Vec<char> = left.chars().map(|c| c.to_ascii_lowercase()).collect();
    let right: Vec<char> = right.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = cell(&above, j) + usize::from(a != b);
            best = best.min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            let swapped = j > 0 && i > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(cell(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_must_stand_out() {
        let known = ["Action", "Effect", "NotAction", "Sid"];
        for (written, expected) in [
            ("action", Some("Action")),
            ("Actions", Some("Action")),
            ("Efect", Some("Effect")),
            ("Effcet", Some("Effect")),
            ("Foo", None),
            ("Id", Some("Sid")),
            ("", None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
        assert_eq!(nearest("abcx", ["abca", "abcb"]), None);
    }

    #[test]
    fn co_003_operators_keep_their_prefix_and_suffix() {
        for (written, expected) in [
            ("StringsEquals", Some("StringEquals")),
            ("BoolEquals", Some("Bool")),
            ("ForAnyValues:StringLike", Some("ForAnyValue:StringLike")),
            ("forallvalues:stringlikes", Some("ForAllValues:StringLike")),
            ("StringEqualIfExists", Some("StringEqualsIfExists")),
            ("Matches", None),
            ("Foo:Bool", None),
            ("", None),
        ] {
            assert_eq!(nearest_operator(written).as_deref(), expected, "{written}");
        }
    }
}
