//! The circumstances of a request: context keys, their values, and what is not known.

use std::collections::BTreeMap;

use thiserror::Error;

use super::key::{KeyName, MFA_AGE};
use crate::name::{compare, fold, hash_any_case, starts_with};

/// The context of one request, ready to be asked.
///
/// Keys compare without ASCII case (CK-002). They are hashed and sorted when the context is built, so that
/// asking for one neither allocates nor walks the list.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Sorted.
    keys: Vec<(KeyName, Given)>,
    /// Folded beginnings of families of unknown keys: `aws:resourcetag/`; sorted, none begins another.
    unknown_families: Vec<String>,
    /// Is every key that is not given unknown?
    rest_unknown: bool,
    /// Is any key unknown?
    has_unknown: bool,
}

#[derive(Debug, Clone)]
enum Given {
    Values(Vec<String>),
    Unknown,
    Absent,
}

/// What a request says of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState<'c> {
    /// It is there, with at least one value.
    Known(&'c [String]),
    /// It is not there, or has no value (CK-005).
    Absent,
    /// Nobody knows; an answer that hangs on it is undecided (EV-009).
    Unknown,
}

/// Why a context is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ContextError {
    /// Two keys are the same but for letter case.
    #[error("the context key `{0}` is given twice (keys compare without case)")]
    Twice(String),
    /// An MFA age below zero would pass for fresh.
    #[error("`aws:MultiFactorAuthAge` is `{0}`, but an age is never below zero")]
    NegativeAge(String),
    /// A key is empty or too long.
    #[error("a context key has 1 to {limit} bytes, but this one has {found}", limit = ContextBuilder::MAX_KEY)]
    KeyLength {
        /// Its length in bytes.
        found: usize,
    },
    /// A value is too long to be compared.
    #[error("a value of `{key}` has {found} bytes, the limit is {limit}", limit = ContextBuilder::MAX_VALUE)]
    ValueLength {
        /// The key.
        key: String,
        /// The length in bytes.
        found: usize,
    },
    /// A key that is said to be unknown is neither a key nor a family.
    #[error("`{0}` is neither a key nor a family of keys")]
    Pattern(String),
    /// A key has too many values.
    #[error("`{key}` has {found} values, the limit is {limit}", limit = ContextBuilder::MAX_VALUES)]
    Values {
        /// The key.
        key: String,
        /// How many.
        found: usize,
    },
}

/// Collects the keys of a [`Context`].
///
/// ```
/// use twokeys::request::{Context, KeyName, KeyState};
///
/// let context = Context::builder()
///     .set("aws:MultiFactorAuthPresent", ["true"])
///     .unknown("aws:ResourceTag/*")
///     .build()?;
/// assert_eq!(context.get("AWS:multifactorauthpresent"), KeyState::Known(&["true".to_owned()]));
/// assert_eq!(context.get("aws:ResourceTag/team"), KeyState::Unknown);
/// assert_eq!(context.get("aws:SourceIp"), KeyState::Absent);
/// # Ok::<(), twokeys::request::ContextError>(())
/// ```
#[derive(Debug, Default)]
pub struct ContextBuilder {
    keys: Vec<(KeyName, Given)>,
    unknown_families: Vec<String>,
    rest_unknown: bool,
}

impl Clone for ContextBuilder {
    /// A copy has room for some keys more, which it nearly always gets.
    fn clone(&self) -> Self {
        let mut keys = Vec::with_capacity(self.keys.len() + 8);
        keys.extend_from_slice(&self.keys);
        Self { keys, unknown_families: self.unknown_families.clone(), rest_unknown: self.rest_unknown }
    }
}

impl Context {
    /// A context to be filled.
    pub fn builder() -> ContextBuilder {
        ContextBuilder::default()
    }

    /// The state of a key, by its name in any case.
    pub fn get(&self, key: &str) -> KeyState<'_> {
        self.state_of(hash_any_case(key), key)
    }

    /// The state of a key whose name is ready; does not allocate.
    pub fn state(&self, key: &KeyName) -> KeyState<'_> {
        self.state_of(key.hash(), key.as_str())
    }

    fn state_of(&self, hash: u64, key: &str) -> KeyState<'_> {
        match self.given(hash, key) {
            Some(Given::Values(values)) if !values.is_empty() => KeyState::Known(values),
            Some(Given::Values(_) | Given::Absent) => KeyState::Absent,
            Some(Given::Unknown) => KeyState::Unknown,
            None if self.rest_unknown => KeyState::Unknown,
            None if self.is_in_unknown_family(key) => KeyState::Unknown,
            None => KeyState::Absent,
        }
    }

    fn given(&self, hash: u64, key: &str) -> Option<&Given> {
        let first = self.keys.partition_point(|(name, _)| name.hash() < hash);
        match self.keys.get(first) {
            Some((name, _)) if name.hash() != hash => None,
            Some((name, given)) if name.order(hash, key).is_eq() => Some(given),
            Some(_) => self.given_colliding(hash, key),
            None => None,
        }
    }

    /// The same among keys of one hash. Nobody meets this by chance.
    #[cold]
    fn given_colliding(&self, hash: u64, key: &str) -> Option<&Given> {
        let at = self.keys.binary_search_by(|(name, _)| name.order(hash, key)).ok()?;
        self.keys.get(at).map(|(_, given)| given)
    }

    /// No family begins another, so only the last one that sorts before the key can begin it.
    fn is_in_unknown_family(&self, key: &str) -> bool {
        let behind = self.unknown_families.partition_point(|family| compare(family, key).is_le());
        let before = behind.checked_sub(1).and_then(|at| self.unknown_families.get(at));
        before.is_some_and(|family| starts_with(key, family))
    }

    /// The keys that are there, as written, with their values; in no meaningful order.
    pub fn known(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.keys.iter().filter_map(|(name, given)| match given {
            Given::Values(values) if !values.is_empty() => Some((name.as_str(), values.as_slice())),
            _ => None,
        })
    }

    /// Is anything said of this key by its own name, be it that it is absent?
    pub fn mentions(&self, key: &str) -> bool {
        self.given(hash_any_case(key), key).is_some()
    }

    /// Is any key unknown?
    pub fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    /// The same context as a builder, to be changed.
    pub fn to_builder(&self) -> ContextBuilder {
        ContextBuilder {
            keys: self.keys.clone(),
            unknown_families: self.unknown_families.clone(),
            rest_unknown: self.rest_unknown,
        }
    }
}

impl ContextBuilder {
    /// The longest key, in bytes.
    pub const MAX_KEY: usize = 4096;
    /// The longest value, in bytes.
    pub const MAX_VALUE: usize = 64 * 1024;
    /// The most values of a key.
    pub const MAX_VALUES: usize = 10_000;

    /// Is this what can be unknown: a key, a family with `*` at its end, or `*`?
    pub fn check_unknown(key: &str) -> Result<(), ContextError> {
        check(key, &[])?;
        let name = key.strip_suffix('*').unwrap_or(key);
        // The keys of tags may hold spaces; the names before them do not.
        let (family, _) = name.split_once('/').unwrap_or((name, ""));
        if name.contains('*') || family.contains(char::is_whitespace) || key.trim() != key {
            return Err(ContextError::Pattern(key.to_owned()));
        }
        Ok(())
    }

    /// Adds a key with its values. A key without values is absent (CK-005).
    #[must_use]
    pub fn set<V: Into<String>>(
        mut self,
        key: impl Into<KeyName>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.keys.push((key.into(), Given::Values(values)));
        self
    }

    /// Says that a key is not there.
    #[must_use]
    pub fn absent(mut self, key: impl Into<KeyName>) -> Self {
        self.keys.push((key.into(), Given::Absent));
        self
    }

    /// Says that nobody knows a key. `aws:ResourceTag/*` covers a family, `*` all that is not given.
    #[must_use]
    pub fn unknown(mut self, key: &str) -> Self {
        match key.strip_suffix('*') {
            Some("") => self.rest_unknown = true,
            Some(family) => self.unknown_families.push(fold(family)),
            None => self.keys.push((KeyName::new(key), Given::Unknown)),
        }
        self
    }

    /// Is anything said of this key, by its own name or by that of its family?
    ///
    /// That all the rest is unknown says nothing of a particular key.
    pub fn mentions(&self, key: impl Into<KeyName>) -> bool {
        self.mentions_name(&key.into())
    }

    /// The keys of which something is said by their own names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(name, _)| name.as_str())
    }

    /// Is anything said of this key by its own name?
    pub fn names(&self, key: impl Into<KeyName>) -> bool {
        let key = key.into();
        self.keys.iter().any(|(name, _)| *name == key)
    }

    fn mentions_name(&self, key: &KeyName) -> bool {
        self.keys.iter().any(|(name, _)| name == key)
            || self.unknown_families.iter().any(|family| key.starts_with(family))
    }

    /// Adds a key unless something is said of it: what is given is never overwritten (CK-001).
    #[must_use]
    pub fn fill<V: Into<String>>(
        mut self,
        key: impl Into<KeyName>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let name = key.into();
        if !self.mentions_name(&name) {
            self.keys.push((name, Given::Values(values.into_iter().map(Into::into).collect())));
        }
        self
    }

    /// Takes back what was said of this key.
    #[must_use]
    pub fn forget(mut self, key: &str) -> Self {
        let key = KeyName::new(key);
        self.keys.retain(|(name, _)| *name != key);
        self
    }

    /// What both say. A key that both name is given twice, and [`build`](Self::build) refuses it.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        self.keys.extend_from_slice(&other.keys);
        self.unknown_families.extend_from_slice(&other.unknown_families);
        self.rest_unknown |= other.rest_unknown;
        self
    }

    /// What was said so far: keys with their values (none for a key that is said to be absent), and the
    /// keys and families that are unknown.
    pub fn into_given(self) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
        let mut known = BTreeMap::new();
        let mut unknown = self.unknown_families.iter().map(|family| format!("{family}*")).collect::<Vec<_>>();
        for (name, given) in self.keys {
            let name = name.into_string();
            match given {
                Given::Values(values) => drop(known.insert(name, values)),
                Given::Absent => drop(known.insert(name, Vec::new())),
                Given::Unknown => unknown.push(name),
            }
        }
        unknown.sort();
        unknown.extend(self.rest_unknown.then(|| "*".to_owned()));
        (known, unknown)
    }

    /// The context, if no key is given twice and all limits hold.
    pub fn build(self) -> Result<Context, ContextError> {
        let Self { mut keys, mut unknown_families, rest_unknown } = self;
        unknown_families.sort_unstable();
        unknown_families.dedup_by(|longer, family| longer.starts_with(&**family));
        keys.sort_by(|(one, _), (other, _)| one.cmp(other));
        for ((one, _), (other, _)) in keys.iter().zip(keys.iter().skip(1)) {
            if one == other {
                return Err(ContextError::Twice(other.as_str().to_owned()));
            }
        }
        for (key, given) in &keys {
            check(key.as_str(), if let Given::Values(values) = given { values } else { &[] })?;
        }
        let has_unknown = rest_unknown
            || !unknown_families.is_empty()
            || keys.iter().any(|(_, given)| matches!(given, Given::Unknown));
        Ok(Context { keys, unknown_families, rest_unknown, has_unknown })
    }
}

/// Does one key with its values keep to the limits?
pub(super) fn check(key: &str, values: &[String]) -> Result<(), ContextError> {
    let length = key.len();
    if length == 0 || length > ContextBuilder::MAX_KEY {
        return Err(ContextError::KeyLength { found: length });
    }
    if values.len() > ContextBuilder::MAX_VALUES {
        return Err(ContextError::Values { key: key.to_owned(), found: values.len() });
    }
    for value in values {
        if value.len() > ContextBuilder::MAX_VALUE {
            return Err(ContextError::ValueLength { key: key.to_owned(), found: value.len() });
        }
        let below_zero = value.starts_with('-') && value.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if below_zero && key.eq_ignore_ascii_case(MFA_AGE) {
            return Err(ContextError::NegativeAge(value.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ck_002_case_makes_no_second_key() {
        let twice = Context::builder()
            .set("aws:MultiFactorAuthPresent", ["false"])
            .set("AWS:MULTIFACTORAUTHPRESENT", ["true"])
            .build();
        assert!(matches!(twice, Err(ContextError::Twice(_))));
    }

    #[test]
    fn ck_005_a_key_without_values_is_absent() {
        let context = Context::builder().set("aws:TagKeys", [""; 0]).absent("aws:SourceIp").build().unwrap();
        assert_eq!(context.get("aws:TagKeys"), KeyState::Absent);
        assert_eq!(context.get("aws:SourceIp"), KeyState::Absent);
    }

    #[test]
    fn ck_008_an_age_below_zero_is_refused() {
        for (age, refused) in [("-1", true), ("-0.5", true), ("0", false), ("-0", false)] {
            let context = Context::builder().set("aws:multifactorauthage", [age]).build();
            assert_eq!(context.is_err(), refused, "{age}");
        }
    }

    #[test]
    fn what_was_said_is_told() {
        let builder = Context::builder().set("a:b", ["c", "d"]).absent("a:e").unknown("a:f").unknown("t/*");
        let known = [("a:b", vec!["c", "d"]), ("a:e", vec![])];
        let known =
            known.map(|(key, values)| (key.to_owned(), values.into_iter().map(str::to_owned).collect()));
        assert_eq!(builder.clone().into_given(), (known.into(), vec!["a:f".to_owned(), "t/*".to_owned()]));
        let builder = builder.unknown("*");
        assert_eq!(builder.clone().into_given().1, ["a:f", "t/*", "*"]);
        let context = builder.build().unwrap();
        assert_eq!(
            ["a:b", "A:E", "a:f", "t/x", "a:g"].map(|key| context.mentions(key)),
            [true, true, true, false, false]
        );
    }

    #[test]
    fn what_is_given_stays_known_when_the_rest_is_unknown() {
        let context = Context::builder().set("a:b", ["c"]).absent("a:d").unknown("*").build().unwrap();
        assert_eq!(context.get("a:b"), KeyState::Known(&["c".to_owned()]));
        assert_eq!(context.get("a:d"), KeyState::Absent);
        assert_eq!(context.get("a:e"), KeyState::Unknown);
    }

    #[test]
    fn ck_001_filling_overwrites_nothing_that_was_said() {
        let context = Context::builder()
            .set("aws:SecureTransport", ["false"])
            .absent("aws:username")
            .unknown("aws:Principal*")
            .unknown("*")
            .fill("AWS:SecureTransport", ["true"])
            .fill("aws:username", ["alice"])
            .fill("aws:PrincipalType", ["User"])
            .fill("aws:ViaAWSService", ["false"])
            .build()
            .unwrap();
        assert_eq!(context.get("aws:SecureTransport"), KeyState::Known(&["false".to_owned()]));
        assert_eq!(context.get("aws:username"), KeyState::Absent);
        assert_eq!(context.get("aws:PrincipalType"), KeyState::Unknown);
        assert_eq!(context.get("aws:ViaAWSService"), KeyState::Known(&["false".to_owned()]));
    }

    #[test]
    fn families_that_begin_each_other_are_one() {
        let builder = Context::builder().unknown("aws:R*").unknown("aws:ResourceTag/*").unknown("aws:T*");
        let context = builder.build().unwrap();
        for (key, expected) in [
            ("aws:ResourceTag/team", KeyState::Unknown),
            ("aws:requestedregion", KeyState::Unknown),
            ("aws:TagKeys", KeyState::Unknown),
            ("aws:SourceIp", KeyState::Absent),
            ("aws:", KeyState::Absent),
        ] {
            assert_eq!(context.get(key), expected, "{key}");
        }
    }

    #[test]
    fn ux_082_a_mistyped_family_is_no_family() {
        for (key, fine) in [
            ("*", true),
            ("aws:ResourceTag/*", true),
            ("aws:RequestTag/cost center", true),
            ("aws:*Tag", false),
            ("aws:Resource**", false),
            ("aws: SourceIp", false),
            (" aws:SourceIp", false),
            ("aws:SourceIp ", false),
        ] {
            assert_eq!(ContextBuilder::check_unknown(key).is_ok(), fine, "{key:?}");
        }
    }

    #[test]
    fn limits_hold_at_the_limit_and_not_beyond() {
        let with = |length: usize| Context::builder().set("a:b", ["x".repeat(length)]).build();
        assert!(with(ContextBuilder::MAX_VALUE).is_ok());
        assert!(with(ContextBuilder::MAX_VALUE + 1).is_err());
    }
}
