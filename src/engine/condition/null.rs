//! `Null`: is a key missing? The one operator that asks about the key and not about its values.

use super::super::truth::Truth;
use crate::policy::SetPrefix;
use crate::request::KeyState;

/// What the policy asks for: `true` missing, `false` present; other words never hit (CO-080).
pub(super) fn holds(wanted: &[Option<bool>], set: Option<SetPrefix>, state: KeyState<'_>) -> Truth {
    let missing = match (set, state) {
        // A set prefix has nothing to range over, whatever the key (CO-081).
        (Some(SetPrefix::ForAllValues), _) => return Truth::True,
        (Some(SetPrefix::ForAnyValue), _) => return Truth::False,
        (None, KeyState::Unknown) => return Truth::Undecided,
        (None, KeyState::Absent) => true,
        (None, KeyState::Known(_)) => false,
    };
    wanted.contains(&Some(missing)).into()
}
