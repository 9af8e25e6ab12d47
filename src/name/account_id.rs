//! The twelve-digit number that names an AWS account.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An AWS account number, such as `012345678901`.
///
/// Leading zeros count. They are not stored; printing puts them back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(u64);

/// Why a text is not an [`AccountId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an account id is twelve digits, but `{0}` is not")]
pub struct InvalidAccountId(String);

impl AccountId {
    /// The account that `text` names, if it is twelve digits.
    pub(super) fn read(text: &str) -> Option<Self> {
        let twelve_digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| twelve_digits).map(Self)
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text).ok_or_else(|| InvalidAccountId(text.to_owned()))
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_survive_the_round_trip() {
        for text in ["012345678901", "000000000000", "999999999999"] {
            assert_eq!(text.parse::<AccountId>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn near_misses_are_refused() {
        for text in ["", "+12345678901", "1234567890123", "12345678901", "12345678901a", "١٢٣٤٥٦٧٨٩٠١٢"]
        {
            assert!(text.parse::<AccountId>().is_err(), "{text}");
        }
    }
}
