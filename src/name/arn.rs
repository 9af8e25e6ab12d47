//! Amazon Resource Names: `arn:partition:service:region:account:resource`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::AccountId;

/// A full ARN: six fields, split at the first five colons.
///
/// Nothing is normalized and case counts in every field (RE-005). See
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    text: String,
    /// Where the first five colons stand.
    colons: [usize; 5],
    account: Option<AccountId>,
}

/// Why a text is not an [`Arn`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidArn {
    /// It does not begin with `arn:`.
    #[error("an ARN begins with `arn:`, but `{0}` does not")]
    Prefix(String),
    /// It has fewer than six fields.
    #[error("an ARN has six fields (`arn:partition:service:region:account:resource`), but `{0}` has fewer")]
    Fields(String),
    /// A control character stands in it.
    #[error("an ARN has no control characters, but {0:?} has one")]
    Control(String),
}

impl Arn {
    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Field `index` of six, counted from 0; `""` beyond.
    pub fn field(&self, index: usize) -> &str {
        let start = match index.checked_sub(1) {
            None => Some(0),
            Some(before) => self.colons.get(before).map(|colon| colon + 1),
        };
        let end = self.colons.get(index).copied().unwrap_or(self.text.len());
        start.and_then(|start| self.text.get(start..end)).unwrap_or_default()
    }

    /// The six fields at once.
    pub fn fields(&self) -> [&str; 6] {
        std::array::from_fn(|index| self.field(index))
    }

    /// The five leading fields with their colons, and the sixth field.
    pub fn split_resource(&self) -> (&str, &str) {
        let [.., last] = self.colons;
        self.text.split_at_checked(last + 1).unwrap_or((&self.text, ""))
    }

    /// The partition: `aws`, `aws-cn`, `aws-us-gov`, …
    pub fn partition(&self) -> &str {
        self.field(1)
    }

    /// The service: `s3`, `iam`, …
    pub fn service(&self) -> &str {
        self.field(2)
    }

    /// The account in field five, if it is one.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Everything after the fifth colon.
    pub fn resource(&self) -> &str {
        self.field(5)
    }
}

impl FromStr for Arn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.starts_with("arn:") {
            return Err(InvalidArn::Prefix(text.to_owned()));
        }
        // Nearly every ARN is plain, and looking at all of it is quicker than at letter by letter.
        let is_plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
        if !is_plain && text.chars().any(char::is_control) {
            return Err(InvalidArn::Control(text.to_owned()));
        }
        let (mut colons, mut found) = ([0; 5], 0);
        for (at, byte) in text.bytes().enumerate() {
            if byte == b':' {
                let Some(place) = colons.get_mut(found) else { break };
                *place = at;
                found += 1;
            }
        }
        if found < colons.len() {
            return Err(InvalidArn::Fields(text.to_owned()));
        }
        let arn = Self { text: text.to_owned(), colons, account: None };
        let account = AccountId::read(arn.field(4));
        Ok(Self { account, ..arn })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_field_keeps_its_colons_and_slashes() {
        let arn: Arn = "arn:aws:logs:us-east-1:111122223333:log-group:a/b:*".parse().unwrap();
        assert_eq!(arn.fields(), ["arn", "aws", "logs", "us-east-1", "111122223333", "log-group:a/b:*"]);
        assert_eq!(arn.account(), "111122223333".parse().ok());
    }

    #[test]
    fn empty_fields_are_fields() {
        let arn: Arn = "arn:aws:s3:::bucket".parse().unwrap();
        assert_eq!((arn.account(), arn.resource()), (None, "bucket"));
    }

    #[test]
    fn short_texts_and_control_characters_are_refused() {
        for text in ["", "*", "aws:s3:::b", "arn:aws:s3::b", "ARN:aws:s3:::b", "arn:aws:iam::1:user/a\n"] {
            assert!(text.parse::<Arn>().is_err(), "{text:?}");
        }
    }
}
