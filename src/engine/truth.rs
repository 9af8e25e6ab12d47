//! True, false, or hanging on something nobody knows.
//!
//! The order False < Undecided < True makes strong Kleene logic two well-known functions: *and* is the
//! smaller of two, *or* the greater.

/// The answer to a question about a request (EV-009).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is not so.
    False,
    /// It depends on a context key that is unknown.
    Undecided,
    /// It is so.
    True,
}

impl Truth {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All of them; true for none. Stops at the first that is false.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::True;
        for truth in truths {
            all = all.and(truth);
            if all == Self::False {
                break;
            }
        }
        all
    }

    /// At least one of them; false for none. Stops at the first that is true.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::False;
        for truth in truths {
            any = any.or(truth);
            if any == Self::True {
                break;
            }
        }
        any
    }

    /// Turned around if `negated`.
    #[must_use]
    pub(crate) fn negate_if(self, negated: bool) -> Self {
        match (self, negated) {
            (Self::False, true) => Self::True,
            (Self::True, true) => Self::False,
            (same, _) => same,
        }
    }
}

impl From<bool> for Truth {
    fn from(so: bool) -> Self {
        if so { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, *};

    #[test]
    fn ev_009_undecided_gives_way_only_to_what_settles_the_matter() {
        assert_eq!([True.and(Undecided), False.and(Undecided)], [Undecided, False]);
        assert_eq!([True.or(Undecided), False.or(Undecided)], [True, Undecided]);
        assert_eq!(Undecided.negate_if(true), Undecided);
        assert_eq!((Truth::all([]), Truth::any([])), (True, False));
    }
}
