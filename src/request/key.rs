//! Names of context keys, compared without ASCII case.

use std::cmp::Ordering;
use std::sync::LazyLock;

use crate::name::{fold, hash};

/// Was MFA used to get the credentials? Missing for long-term ones (MF-001).
pub const MFA_PRESENT: &str = "aws:MultiFactorAuthPresent";
/// How many seconds ago? Missing unless it was (MF-003).
pub const MFA_AGE: &str = "aws:MultiFactorAuthAge";

/// Is this one of the two MFA keys, or a family such as `aws:MultiFactorAuth*` that they belong to?
///
/// A lone `*` names no key in particular.
pub fn names_mfa(key: &str) -> bool {
    let covers = |name: &str| match key.strip_suffix('*') {
        Some("") => false,
        Some(family) => name.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family)),
        None => name.eq_ignore_ascii_case(key),
    };
    covers(MFA_PRESENT) || covers(MFA_AGE)
}

/// The name of a context key, ready to be looked up.
///
/// Equal if the names are equal without ASCII case, the part after `/` included (CK-002).
#[derive(Debug, Clone)]
pub struct KeyName {
    written: Box<str>,
    folded: Box<str>,
    /// Of the folded name; makes most comparisons a comparison of two numbers. Nothing depends on its
    /// being unique, so keys made to collide only cost a comparison of texts.
    hash: u64,
}

impl KeyName {
    /// The key called `name`.
    pub fn new(name: &str) -> Self {
        let folded = fold(name).into_boxed_str();
        let hash = hash(&folded);
        Self { written: name.into(), folded, hash }
    }

    /// `aws:MultiFactorAuthPresent`, ready.
    pub fn mfa_present() -> &'static Self {
        static KEY: LazyLock<KeyName> = LazyLock::new(|| KeyName::new(MFA_PRESENT));
        &KEY
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// A hash of the folded name.
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    /// The name in lower case.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl Ord for KeyName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hash.cmp(&other.hash).then_with(|| self.folded.cmp(&other.folded))
    }
}

impl PartialOrd for KeyName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for KeyName {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for KeyName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ck_002_keys_are_equal_and_ordered_without_case() {
        let [one, same, other] = ["aws:SourceIp", "AWS:sourceip", "aws:SourceVpc"].map(KeyName::new);
        assert!(one == same && one != other);
        assert_eq!(one.partial_cmp(&same), Some(Ordering::Equal));
        assert_eq!(one.partial_cmp(&other), Some(one.cmp(&other)));
        assert_ne!(one.cmp(&other), Ordering::Equal);
    }
}
