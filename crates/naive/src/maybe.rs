//! The truth values that something can have while nobody knows every key (EV-009).
//!
//! Instead of a third truth value this is the set of the two: what *can hold* and what *can fail*.
//! Put together member by member, as if the members knew nothing of each other, that is strong Kleene.

/// A non-empty set of truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Maybe {
    pub(crate) can_hold: bool,
    pub(crate) can_fail: bool,
}

impl Maybe {
    pub(crate) const YES: Self = Self { can_hold: true, can_fail: false };
    pub(crate) const NO: Self = Self { can_hold: false, can_fail: true };
    /// Undecided.
    pub(crate) const EITHER: Self = Self { can_hold: true, can_fail: true };

    pub(crate) fn known(truth: bool) -> Self {
        if truth { Self::YES } else { Self::NO }
    }

    pub(crate) fn not(self) -> Self {
        Self { can_hold: self.can_fail, can_fail: self.can_hold }
    }

    /// All members hold; true if there are none.
    pub(crate) fn all(members: impl IntoIterator<Item = Self>) -> Self {
        members.into_iter().fold(Self::YES, |sum, member| Self {
            can_hold: sum.can_hold && member.can_hold,
            can_fail: sum.can_fail || member.can_fail,
        })
    }

    /// Some member holds; false if there are none.
    pub(crate) fn any(members: impl IntoIterator<Item = Self>) -> Self {
        Self::all(members.into_iter().map(Self::not)).not()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ev_009_a_sure_member_settles_it_and_an_unsure_one_only_if_the_others_do_not() {
        let (yes, no, either) = (Maybe::YES, Maybe::NO, Maybe::EITHER);
        assert_eq!(Maybe::all([]), yes);
        assert_eq!(Maybe::any([]), no);
        assert_eq!(Maybe::all([yes, either, no]), no);
        assert_eq!(Maybe::all([yes, either]), either);
        assert_eq!(Maybe::any([no, either, yes]), yes);
        assert_eq!(Maybe::any([no, either]), either);
        assert_eq!(either.not(), either);
    }
}
