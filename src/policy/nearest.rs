//! "Did you mean" for condition operators, whose names are put together from parts.

use super::operator::{BASES, Operator};
use crate::name::nearest;

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

#[cfg(test)]
mod tests {
    use super::*;

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
