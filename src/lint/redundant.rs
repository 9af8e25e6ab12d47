//! Entries of a list that another entry of it covers.

use std::cell::OnceCell;
use std::cmp::Ordering;

use super::beginnings::Beginnings;
use super::text::has_wildcard;
use super::{Finding, Meta, edit};
use crate::name;
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
    // Only what has a wildcard covers more than itself, or the same in other capitals.
    let spans: OnceCell<Vec<Span>> = OnceCell::new();
    let wild = entries.iter().enumerate().filter(|(_, entry)| has_wildcard(&entry.value));
    let wild = Beginnings::new(wild.map(|(at, entry)| (at, entry.value.as_str())));
    let same = if ignore_case { firsts(entries, name::compare) } else { Vec::new() };
    for (at, narrow) in entries.iter().enumerate() {
        let first = same.get(at).filter(|first| **first < at).and_then(|first| entries.get(*first));
        let twin = first.filter(|twin| covers(&twin.value, &narrow.value));
        let wide = || {
            wild.of(&narrow.value).find_map(|other| {
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
            finding.fix = edit::take_out("drop the entry", spans.get_or_init(|| spans_of(entries)), at, true);
            found.push(finding);
        }
    }
}

/// For each entry the number of the first that is equal to it; its own, if there is none.
pub(super) fn firsts(entries: &[Spanned<String>], compare: fn(&str, &str) -> Ordering) -> Vec<usize> {
    let mut firsts: Vec<usize> = (0..entries.len()).collect();
    let mut order: Vec<(usize, &str)> =
        entries.iter().map(|entry| entry.value.as_str()).enumerate().collect();
    order.sort_by(|(_, one), (_, other)| compare(one, other));
    for equal in order.chunk_by(|(_, one), (_, other)| compare(one, other).is_eq()) {
        let Some((first, _)) = equal.first() else { continue };
        for (at, _) in equal {
            if let Some(slot) = firsts.get_mut(*at) {
                *slot = *first;
            }
        }
    }
    firsts
}

/// The places of entries.
pub(super) fn spans_of(entries: &[Spanned<String>]) -> Vec<Span> {
    entries.iter().map(|entry| entry.span).collect()
}

/// A quick look that rules out nearly all pairs: up to the first wildcard the two must be the same.
pub(super) fn may_cover(wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return false;
    }
    let mut narrow = narrow.bytes();
    for wide in wide.bytes() {
        if matches!(wide, b'*' | b'?') {
            return true;
        }
        if !narrow.next().is_some_and(|narrow| narrow.eq_ignore_ascii_case(&wide)) {
            return false;
        }
    }
    true
}
