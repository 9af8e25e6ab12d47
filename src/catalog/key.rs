//! A condition key of a service: its type, and names with open parts.

use std::fmt;

use super::resource_type::parts;
use super::table::Line;
use crate::name::{Part, Pattern, fold};

/// A condition key that a service lists, such as `s3:prefix`.
#[derive(Clone, Copy)]
pub struct Key {
    /// Name, type, and `+` if it has several values.
    line: &'static Line,
}

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Plain text.
    String,
    /// ARNs.
    Arn,
    /// `true` or `false`.
    Bool,
    /// Numbers.
    Numeric,
    /// Points in time.
    Date,
    /// Addresses.
    IpAddress,
}

impl Key {
    pub(super) fn new(line: &'static Line) -> Self {
        Self { line }
    }

    /// The name in AWS's spelling; open parts are written `${TagKey}` or `<key>`.
    pub fn name(self) -> &'static str {
        self.line.name()
    }

    /// What its values are, unless the reference names the key without saying so.
    pub fn kind(self) -> Option<KeyType> {
        match self.line.field(1) {
            "S" => Some(KeyType::String),
            "A" => Some(KeyType::Arn),
            "B" => Some(KeyType::Bool),
            "N" => Some(KeyType::Numeric),
            "D" => Some(KeyType::Date),
            "I" => Some(KeyType::IpAddress),
            _ => None,
        }
    }

    /// Can a request have several values of it at once?
    pub fn is_multivalued(self) -> bool {
        self.line.field(2) == "+"
    }

    /// Is a part of its name left open?
    pub fn is_family(self) -> bool {
        self.name().contains(['$', '<']) || self.name().ends_with("/tag-key")
    }

    /// Is this the key's name, in any case and with open parts filled in?
    pub fn covers(self, name: &str) -> bool {
        // Some services write an open tag key in plain letters.
        if let Some(family) = self.name().strip_suffix("tag-key") {
            let start = name.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family));
            return start && name.len() > family.len();
        }
        match self.pattern() {
            Some(pattern) => pattern.matches(&fold(name)),
            None => self.name().eq_ignore_ascii_case(name),
        }
    }

    /// The folded names of a family. An open part is never empty.
    fn pattern(self) -> Option<&'static Pattern> {
        let folded = |part| match part {
            Part::Text(text) => vec![Part::Text(fold(&text))],
            Part::One | Part::Star => vec![Part::One, Part::Star],
        };
        let make = || Pattern::from_parts(parts(self.name()).flat_map(folded));
        self.line.patterns(|| self.is_family().then(make).into_iter().collect()).first()
    }
}

impl PartialEq for Key {
    /// Services that share a key list it each for themselves.
    fn eq(&self, other: &Self) -> bool {
        (self.name(), self.kind(), self.is_multivalued())
            == (other.name(), other.kind(), other.is_multivalued())
    }
}

impl Eq for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name()).finish()
    }
}

impl KeyType {
    /// The word by which AWS's pages call the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Arn => "ARN",
            Self::Bool => "Bool",
            Self::Numeric => "Numeric",
            Self::Date => "Date",
            Self::IpAddress => "IP address",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{key, service};
    use super::*;

    #[test]
    fn a_key_has_a_type() {
        for (name, kind, many) in [
            ("s3:prefix", Some(KeyType::String), false),
            ("s3:max-keys", Some(KeyType::Numeric), false),
            ("dynamodb:Attributes", Some(KeyType::String), true),
            ("kms:GrantIsForAWSResource", Some(KeyType::Bool), false),
            // Actions of KMS name it; the list of KMS's keys does not.
            ("kms:RecipientAttestation:PCR8:ServiceName", None, false),
        ] {
            let key = key(name).unwrap();
            assert_eq!((key.kind(), key.is_multivalued()), (kind, many), "{name}");
        }
    }

    #[test]
    fn open_parts_take_anything_but_nothing() {
        let tag = service("s3").unwrap().key("s3:ExistingObjectTag/<key>").unwrap();
        for (name, expected) in [
            ("s3:existingobjecttag/Team", true),
            ("s3:ExistingObjectTag/a/b", true),
            ("s3:ExistingObjectTag/", false),
            ("s3:ExistingObjectTag", false),
            ("xs3:ExistingObjectTag/a", false),
        ] {
            assert_eq!(tag.covers(name), expected, "{name}");
        }
    }
}
