//! Entries of a list that another entry of it covers.

use std::collections::HashMap;

use super::beginnings::Beginnings;
use super::text::has_wildcard;
use super::{Finding, Meta, edit};
use crate::name::fold;
use crate::source::{Span, Spanned};

/// Finds what `covers`, asked with the wide text first, says is covered. Of equals I520 speaks; of two
/// that cover each other, the first stays. Two that differ in capitals only are told with `ignore_case`.
pub(super) fn entries(
    meta: &'static Meta,
    entries: &[Spanned<String>],
    covers: fn(&str, &str) -> bool,
    ignore_case: bool,
    found: &mut Vec<Finding>,
) {
    if entries.len() < 2 {
        return;
    }
    let spans: Vec<Span> = entries.iter().map(|entry| entry.span).collect();
    // Only what has a wildcard covers more than itself, or the same in other capitals.
    let mut wild = Beginnings::default();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| has_wildcard(&entry.value)) {
        wild.add(at, &entry.value);
    }
    let mut same: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for (at, narrow) in entries.iter().enumerate() {
        let first = if ignore_case { *same.entry(fold(&narrow.value)).or_insert(at) } else { at };
        let twin = entries.get(first).filter(|twin| first < at && covers(&twin.value, &narrow.value));
        let wide = || {
            wild.of(&narrow.value).into_iter().find_map(|other| {
                let wide = entries.get(other)?;
                let covering = may_cover(&wide.value, &narrow.value)
                    && covers(&wide.value, &narrow.value)
                    && (other < at || !covers(&narrow.value, &wide.value));
                covering.then_some(wide)
            })
        };
        if let Some(wide) = twin.filter(|twin| twin.value != narrow.value).or_else(wide) {
            let message = format!("`{}` is covered by `{}`", narrow.value, wide.value);
            let mut finding = meta.at(narrow.span, message).other(wide.span, "covers it");
            finding.fix = edit::take_out("drop the entry", &spans, at, true);
            found.push(finding);
        }
    }
}

/// A quick look that rules out nearly all pairs: up to the first wildcard the two must be the same.
pub(super) fn may_cover(wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return false;
    }
    let literal = wide.find(['*', '?']).unwrap_or(wide.len());
    let (wide, narrow) = (wide.as_bytes(), narrow.as_bytes());
    let (Some(wide), Some(narrow)) = (wide.get(..literal), narrow.get(..literal)) else { return false };
    wide.eq_ignore_ascii_case(narrow)
}
