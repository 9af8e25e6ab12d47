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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, Level};

    #[test]
    fn m490_the_default_list_is_what_the_rule_describes() {
        let listed = Sensitive::default_actions();
        assert_eq!(listed.len(), DEFAULT.lines().count(), "every line is an action");
        assert!(DEFAULT.lines().is_sorted());
        for action in &listed {
            assert!(catalog::action(action.as_str()).is_some(), "{action} is no action any more");
        }
        let sensitive = Sensitive::default();
        let enrollment = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ResyncMFADevice"];
        for service in ["iam", "organizations"].into_iter().filter_map(catalog::service) {
            for action in service.actions() {
                let name = action.to_string();
                let expected = matches!(action.level(), Level::Write | Level::Permissions);
                let expected = expected && !enrollment.contains(&name.as_str());
                assert_eq!(sensitive.contains(&name.parse().unwrap()), expected, "{name}");
            }
        }
    }
}
