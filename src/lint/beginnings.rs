//! Which texts can cover another, whatever their number: only those that begin as it does.
//!
//! Up to its first wildcard or variable a pattern stands for itself, so what it covers begins with the same
//! letters. Asking costs as many look-ups as there are lengths of beginnings, not the length of the list.

use std::collections::{BTreeSet, HashMap};

/// Numbers of texts, by what the texts begin with; letter case does not count.
#[derive(Debug, Default)]
pub(super) struct Beginnings {
    by_beginning: HashMap<Vec<u8>, Vec<usize>>,
    /// How long the beginnings are, ascending.
    lengths: BTreeSet<usize>,
}

impl Beginnings {
    /// Adds a text under a number. Numbers come in ascending order.
    pub(super) fn add(&mut self, number: usize, text: &str) {
        let literal = text.find(['*', '?', '$']).unwrap_or(text.len());
        let beginning = text.as_bytes().get(..literal).unwrap_or_default().to_ascii_lowercase();
        self.lengths.insert(beginning.len());
        let held = self.by_beginning.entry(beginning).or_default();
        if held.last() != Some(&number) {
            held.push(number);
        }
    }

    /// The numbers of the texts that may cover this one, ascending.
    pub(super) fn of(&self, text: &str) -> Vec<usize> {
        let text = text.as_bytes().to_ascii_lowercase();
        let mut found = Vec::new();
        for &length in self.lengths.range(..=text.len()) {
            if let Some(held) = text.get(..length).and_then(|beginning| self.by_beginning.get(beginning)) {
                found.extend(held);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_alike_is_named() {
        let mut beginnings = Beginnings::default();
        for (number, text) in ["*", "s3:Get*", "s3:${x}", "ec2:*", "S3:GetObject"].into_iter().enumerate() {
            beginnings.add(number, text);
        }
        assert_eq!(beginnings.of("s3:getobject"), [0, 1, 2, 4]);
        assert_eq!(beginnings.of("s3:Put*"), [0, 2]);
        assert_eq!(beginnings.of(""), [0]);
    }
}
