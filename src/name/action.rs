//! The operation a request asks for: `service:Operation`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{at_colon, fold, hash_any_case};

/// One operation of one service, such as `s3:GetObject`. Compared without ASCII case.
///
/// A request names exactly one; wildcards belong to policies (AC-001). See
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>.
#[derive(Debug, Clone)]
pub struct Action {
    written: String,
    folded: String,
    colon: usize,
    /// Of the folded name, and of its service.
    hashes: (u64, u64),
}

/// Why a text is not an [`Action`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidAction {
    /// There is no colon, or more than one, or nothing on one side of it.
    #[error("an action is `service:Operation`, but `{0}` is not")]
    Shape(String),
    /// A wildcard stands in it.
    #[error("a request asks for one action, but `{0}` has a wildcard")]
    Wildcard(String),
    /// A character that no action has.
    #[error("an action is letters, digits, `-`, `_` and `.`, but `{0}` has something else")]
    Character(String),
}

impl Action {
    /// The service prefix in lower case: `s3`.
    pub fn service(&self) -> &str {
        self.folded.split_at(self.colon).0
    }

    /// The operation in lower case: `getobject`.
    pub(crate) fn operation(&self) -> &str {
        self.folded.get(self.colon + 1..).unwrap_or_default()
    }

    /// The whole name in lower case, as it is compared: `s3:getobject`.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Hashes of the folded name and of its service, for tables that are made ready.
    pub(crate) fn hashes(&self) -> (u64, u64) {
        self.hashes
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl FromStr for Action {
    type Err = InvalidAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
        let is_plain = text.bytes().all(plain);
        if !is_plain && text.contains(['*', '?']) {
            return Err(InvalidAction::Wildcard(text.to_owned()));
        }
        let Some((service, operation)) = at_colon(text) else {
            return Err(InvalidAction::Shape(text.to_owned()));
        };
        if service.is_empty() || operation.is_empty() || operation.contains(':') {
            return Err(InvalidAction::Shape(text.to_owned()));
        }
        if !is_plain {
            return Err(InvalidAction::Character(text.to_owned()));
        }
        let (folded, colon) = (fold(text), service.len());
        let hashes = (hash_any_case(&folded), hash_any_case(folded.split_at(colon).0));
        Ok(Self { written: text.to_owned(), folded, colon, hashes })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Action {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_kept_in_print_and_ignored_in_comparison() {
        let action: Action = "S3:getObject".parse().unwrap();
        assert_eq!(action.to_string(), "S3:getObject");
        assert_eq!(action.service(), "s3");
        assert_eq!(action, "s3:GetObject".parse().unwrap());
    }

    #[test]
    fn wildcards_missing_services_and_foreign_letters_are_refused() {
        for text in [
            "",
            "GetObject",
            "s3:",
            ":Get",
            "s3:Get:Object",
            "s3:*",
            "s3:Get?",
            "\u{212a}ms:Decrypt",
            "s3:Get Object",
        ] {
            assert!(text.parse::<Action>().is_err(), "{text}");
        }
    }
}
