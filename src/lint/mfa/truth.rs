//! The line under a finding about MFA: what the statement does in each state.

use std::fmt;

use crate::policy::Effect;

/// Do the MFA tests of a statement hold, for each class of callers? All its other tests count as true.
///
/// ```
/// use twokeys::lint::MfaTruth;
/// use twokeys::policy::Effect;
///
/// let truth = MfaTruth { effect: Effect::Deny, missing: false, without: true, fresh: false, stale: false };
/// assert_eq!(truth.to_string(), "missing → not denied   false → denied   true → not denied");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MfaTruth {
    /// What the statement does where they hold.
    pub effect: Effect,
    /// Callers without an MFA key: long-term access keys, anonymous callers, services.
    pub missing: bool,
    /// Temporary credentials got without MFA: `aws:MultiFactorAuthPresent` is there and false.
    pub without: bool,
    /// Sessions that used MFA just now.
    pub fresh: bool,
    /// Sessions that used MFA as long ago as AWS lets a session live, 36 hours.
    pub stale: bool,
}

impl fmt::Display for MfaTruth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |holds: bool| match (self.effect, holds) {
            (Effect::Allow, true) => "allowed",
            (Effect::Allow, false) => "not allowed",
            (Effect::Deny, true) => "denied",
            (Effect::Deny, false) => "not denied",
        };
        let [missing, without, fresh] = [self.missing, self.without, self.fresh].map(word);
        write!(f, "missing → {missing}   false → {without}   true → {fresh}")?;
        if self.fresh == self.stale { Ok(()) } else { write!(f, ", later {}", word(self.stale)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_050_an_age_is_told_where_it_matters() {
        let truth =
            MfaTruth { effect: Effect::Allow, missing: true, without: false, fresh: true, stale: false };
        let line = "missing → allowed   false → not allowed   true → allowed, later not allowed";
        assert_eq!(truth.to_string(), line);
    }
}
