//! Entries of a list that another entry of it covers.

use std::cell::OnceCell;
use std::cmp::Ordering;

use super::beginnings::Beginnings;
use super::text::{has_wildcard, may_include};
use super::{Finding, Meta, edit};
use crate::name;
use crate::source::{Span, Spanned};

/// Up to so many entries with wildcards, each is compared with each.
const FEW: usize = 16;

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
    let wild = entries.iter().enumerate().filter(|(_, entry)| has_wildcard(&entry.value));
    let wild: Vec<(usize, &str)> = wild.map(|(at, entry)| (at, entry.value.as_str())).collect();
    let same = if ignore_case { firsts(entries, name::compare) } else { Vec::new() };
    if wild.is_empty() && same.is_empty() {
        return;
    }
    // An index pays when there are many.
    let index = (wild.len() > FEW).then(|| Beginnings::new(wild.iter().copied()));
    let spans: OnceCell<Vec<Span>> = OnceCell::new();
    for (at, narrow) in entries.iter().enumerate() {
        let first = same.get(at).filter(|first| **first < at).and_then(|first| entries.get(*first));
        let twin = first.filter(|twin| covers(&twin.value, &narrow.value));
        let covering = |other: usize| {
            let wide = entries.get(other)?;
            let covering = may_cover(&wide.value, &narrow.value)
                && covers(&wide.value, &narrow.value)
                && (other < at || !covers(&narrow.value, &wide.value));
            covering.then_some(wide)
        };
        let wide = || match &index {
            Some(index) => index.of(&narrow.value).find_map(covering),
            None => wild.iter().find_map(|(other, _)| covering(*other)),
        };
        if let Some(wide) = twin.filter(|twin| twin.value != narrow.value).or_else(wide) {
            let message = format!("`{}` is covered by `{}`", narrow.value, wide.value);
            let mut finding = meta.at(narrow.span, message).other(wide.span, "covers it");
            finding.fix = edit::take_out("drop the entry", spans.get_or_init(|| spans_of(entries)), at, true);
            found.push(finding);
        }
    }
}

/// For each entry the number of the first that is equal to it; its own, if there is none. Nothing, if no two are
/// equal, even without regard to case.
pub(super) fn firsts(entries: &[Spanned<String>], compare: fn(&str, &str) -> Ordering) -> Vec<usize> {
    if all_differ(entries) {
        return Vec::new();
    }
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

/// Are all entries different, even without regard to case? "Yes" is certain.
fn all_differ(entries: &[Spanned<String>]) -> bool {
    let mut hashes: Vec<u64> = entries.iter().map(|entry| name::hash_any_case(&entry.value)).collect();
    hashes.sort_unstable();
    hashes.is_sorted_by(|one, next| one != next)
}

/// The places of entries.
pub(super) fn spans_of(entries: &[Spanned<String>]) -> Vec<Span> {
    entries.iter().map(|entry| entry.span).collect()
}

/// May one pattern cover another that is not the same? A quick look that rules out nearly all pairs.
pub(super) fn may_cover(wide: &str, narrow: &str) -> bool {
    wide != narrow && may_include(wide, narrow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_entries_are_told_from_different_ones() {
        let entries = |texts: &[&str]| -> Vec<Spanned<String>> {
            texts.iter().map(|text| Spanned { value: (*text).to_owned(), span: Span::default() }).collect()
        };
        for (texts, exact, in_any_case) in [
            (&["s3:GetObject", "s3:PutObject", "s3:GetObject"][..], &[0, 1, 0][..], &[0, 1, 0][..]),
            (&["s3:GetObject", "S3:getobject"], &[0, 1], &[0, 0]),
            (&["a@", "a`"], &[0, 1], &[0, 1]),
            (&["s3:GetObject", "s3:GetObjects"], &[], &[]),
            (&["", "a", "b"], &[], &[]),
        ] {
            let entries = entries(texts);
            assert_eq!(firsts(&entries, str::cmp), exact, "{texts:?}");
            assert_eq!(firsts(&entries, name::compare), in_any_case, "{texts:?}");
        }
    }
}
