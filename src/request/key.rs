//! Names of context keys, compared without ASCII case.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::name::{compare, hash_any_case, starts_with};

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
        Some(family) => starts_with(name, family),
        None => name.eq_ignore_ascii_case(key),
    };
    covers(MFA_PRESENT) || covers(MFA_AGE)
}

/// The name of a context key, ready to be looked up.
///
/// Equal if the names are equal without ASCII case, the part after `/` included (CK-002).
#[derive(Debug, Clone)]
pub struct KeyName {
    /// Borrowed where twokeys itself names a key, so that this costs nothing.
    written: Cow<'static, str>,
    /// The same in any case; makes most comparisons a comparison of two numbers. Nothing depends on its
    /// being unique, so keys made to collide only cost a comparison of texts.
    hash: u64,
}

impl KeyName {
    /// [`MFA_PRESENT`], ready.
    pub const MFA_PRESENT: Self = Self::known(MFA_PRESENT);
    /// [`MFA_AGE`], ready.
    pub const MFA_AGE: Self = Self::known(MFA_AGE);

    /// The key called `name`.
    pub fn new(name: &str) -> Self {
        Self { written: Cow::Owned(name.to_owned()), hash: hash_any_case(name) }
    }

    /// The same for a name that is there as long as the program.
    pub const fn known(name: &'static str) -> Self {
        Self { written: Cow::Borrowed(name), hash: hash_any_case(name) }
    }

    /// `aws:MultiFactorAuthPresent`, ready.
    pub fn mfa_present() -> &'static Self {
        static KEY: KeyName = KeyName::MFA_PRESENT;
        &KEY
    }

    /// `aws:MultiFactorAuthAge`, ready.
    pub fn mfa_age() -> &'static Self {
        static KEY: KeyName = KeyName::MFA_AGE;
        &KEY
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The name as written, for oneself.
    pub fn into_string(self) -> String {
        self.written.into_owned()
    }

    /// Does the name begin like this, without ASCII case?
    pub fn starts_with(&self, start: &str) -> bool {
        starts_with(&self.written, start)
    }

    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    /// How it compares with the key of this hash and this name.
    pub(super) fn order(&self, hash: u64, name: &str) -> Ordering {
        self.hash.cmp(&hash).then_with(|| {
            // Nearly always both are written alike.
            if *self.written == *name { Ordering::Equal } else { compare(&self.written, name) }
        })
    }

    /// The order of names, for people: as that of the names in lower case.
    pub fn by_name(&self, other: &Self) -> Ordering {
        compare(&self.written, &other.written)
    }
}

impl<T: AsRef<str> + ?Sized> From<&T> for KeyName {
    fn from(name: &T) -> Self {
        Self::new(name.as_ref())
    }
}

impl Ord for KeyName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other.hash, &other.written)
    }
}

impl PartialOrd for KeyName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for KeyName {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.cmp(other).is_eq()
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
        assert_eq!(one, KeyName::known("aws:SourceIP"));
        assert!(one.starts_with("AWS:s") && !one.starts_with("aws:SourceIp/"));
        assert_eq!(one.by_name(&other), Ordering::Less);
        assert_eq!(one.partial_cmp(&same), Some(Ordering::Equal));
        assert_eq!(one.partial_cmp(&other), Some(one.cmp(&other)));
        assert_ne!(one.cmp(&other), Ordering::Equal);
    }
}
