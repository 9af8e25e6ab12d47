//! How dangerous an action is, as AWS sorts actions.

use std::fmt;

/// An access level of AWS's reference, the harmless first.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>.
/// AWS has had these five for years; a sixth should make callers think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Says which things there are.
    List,
    /// Says what is in them.
    Read,
    /// Changes tags only.
    Tagging,
    /// Creates, changes and deletes.
    Write,
    /// Grants or takes permissions.
    Permissions,
}

impl Level {
    /// All of them, the harmless first.
    pub const ALL: [Self; 5] = [Self::List, Self::Read, Self::Tagging, Self::Write, Self::Permissions];

    /// The words of AWS's pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Tagging => "Tagging",
            Self::Write => "Write",
            Self::Permissions => "Permissions management",
        }
    }

    /// The table has the first letter.
    pub(super) fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str().starts_with(letter))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prv_080_levels_are_sorted_by_danger_and_have_letters_of_their_own() {
        assert!(Level::ALL.is_sorted());
        for level in Level::ALL {
            let letter = level.as_str().chars().next().unwrap();
            assert_eq!(Level::from_letter(letter), Some(level));
        }
        assert_eq!(Level::from_letter('X'), None);
    }
}
