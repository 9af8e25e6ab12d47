//! Actions that nobody should get to do without MFA.

use std::collections::HashSet;

use crate::name::{Action, InvalidAction};

/// The default list (M490): what raises one's own rights, hides tracks or destroys data; all of IAM and
/// Organizations that writes or grants.
///
/// `iam:CreateVirtualMFADevice`, `EnableMFADevice` and `ResyncMFADevice` are left out: a first device
/// is enrolled without MFA, and a policy that allows just that is as it should be (MF-010).
const DEFAULT: &str = include_str!("sensitive.txt");

/// A list of sensitive actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitive {
    folded: HashSet<String>,
}

impl Sensitive {
    /// These actions and no others.
    pub fn new<'a>(actions: impl IntoIterator<Item = &'a Action>) -> Self {
        Self { folded: actions.into_iter().map(|action| action.folded().to_owned()).collect() }
    }

    /// Is the action on the list?
    pub fn contains(&self, action: &Action) -> bool {
        self.folded.contains(action.folded())
    }

    /// The default list, action by action.
    pub fn default_actions() -> Vec<Action> {
        DEFAULT.lines().map(str::parse).filter_map(Result::<Action, InvalidAction>::ok).collect()
    }
}

impl Default for Sensitive {
    fn default() -> Self {
        Self::new(&Self::default_actions())
    }
}
