//! Which texts can cover another, whatever their number: only those that begin as it does.
//!
//! Up to its first wildcard or variable a pattern stands for itself, so what it covers begins with the same
//! letters. In the order of the alphabet, all beginnings of a text are beginnings of the one that stands last
//! before it: so they are found by one bisection, whatever the length of the list.

use memchr::memchr3;

use super::text::begins_with;
use crate::name::compare;

/// Numbers of texts, by what the texts begin with; letter case does not count.
#[derive(Debug, Default)]
pub(super) struct Beginnings<'t>(Vec<Beginning<'t>>);

#[derive(Debug)]
struct Beginning<'t> {
    text: &'t str,
    /// The texts that begin so, ascending.
    numbers: Vec<usize>,
    /// The longest one that this one begins with.
    own: Option<usize>,
}

/// Numbers out of several lists, each once and in ascending order. Whoever is content with the first few need not pay for
/// the others.
#[derive(Debug)]
pub(super) struct Ascending<'b>(Vec<&'b [usize]>);

impl<'t> Beginnings<'t> {
    /// The beginnings of texts, each with the number of its text. Numbers come in ascending order.
    pub(super) fn new(texts: impl IntoIterator<Item = (usize, &'t str)>) -> Self {
        let literal = |(number, text): (usize, &'t str)| {
            let end = memchr3(b'*', b'?', b'$', text.as_bytes()).unwrap_or(text.len());
            (number, text.get(..end).unwrap_or_default())
        };
        let mut sorted: Vec<_> = texts.into_iter().map(literal).collect();
        sorted.sort_by(|(_, one), (_, other)| compare(one, other));
        let mut all: Vec<Beginning<'t>> = Vec::new();
        let mut open: Vec<(usize, &str)> = Vec::new();
        for equal in sorted.chunk_by(|(_, one), (_, other)| compare(one, other).is_eq()) {
            let Some((_, text)) = equal.first() else { continue };
            while open.pop_if(|(_, before)| !begins_with(text, before)).is_some() {}
            let mut numbers: Vec<usize> = equal.iter().map(|(number, _)| *number).collect();
            numbers.dedup();
            let own = open.last().map(|(at, _)| *at);
            open.push((all.len(), text));
            all.push(Beginning { text, numbers, own });
        }
        Self(all)
    }

    /// The numbers of the texts that may cover this one.
    pub(super) fn of(&self, text: &str) -> Ascending<'_> {
        let behind = self.0.partition_point(|beginning| compare(beginning.text, text).is_le());
        let mut next = behind.checked_sub(1);
        let mut lists = Vec::new();
        while let Some(beginning) = next.and_then(|at| self.0.get(at)) {
            if begins_with(text, beginning.text) {
                lists.push(beginning.numbers.as_slice());
            }
            next = beginning.own;
        }
        Ascending(lists)
    }
}

impl<'b> Ascending<'b> {
    pub(super) fn of(list: &'b [usize]) -> Self {
        Self(vec![list])
    }

    /// With one more list.
    pub(super) fn and(mut self, list: &'b [usize]) -> Self {
        self.0.push(list);
        self
    }

    /// How many there are at most.
    pub(super) fn most(&self) -> usize {
        self.0.iter().map(|list| list.len()).sum()
    }
}

impl Iterator for Ascending<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let least = self.0.iter().filter_map(|list| list.first()).min().copied()?;
        for list in &mut self.0 {
            if let Some((_, rest)) = list.split_first().filter(|(first, _)| **first == least) {
                *list = rest;
            }
        }
        Some(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_alike_is_named() {
        let texts = ["*", "s3:Get*", "s3:${x}", "ec2:*", "S3:GetObject", "s3:GetObjectAcl", "s3:G?"];
        let beginnings = Beginnings::new(texts.into_iter().enumerate());
        let of = |text| beginnings.of(text).collect::<Vec<_>>();
        assert_eq!(of("s3:getobject"), [0, 1, 2, 4, 6]);
        assert_eq!(of("s3:GetObjectTagging"), [0, 1, 2, 4, 6]);
        assert_eq!(of("s3:Put*"), [0, 2]);
        assert_eq!(of(""), [0]);
        assert!(beginnings.of("s3:Put*").and(&[1, 2]).eq([0, 1, 2]));
        assert_eq!(Beginnings::default().of("s3:*").most(), 0);
    }
}
