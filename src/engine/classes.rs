//! Actions that no statement of a set tells apart (PRV-110).
//!
//! A set of twenty statements sees a few dozen kinds of actions, not twenty thousand. Two actions are of one
//! kind if the action parts of the same statements match them and no rule beside the policies treats them
//! differently; whatever is asked of one then has the same answer for the other. The matrix decides each
//! kind once.

use std::collections::HashMap;

use super::applicable;
use super::policy_set::PolicySet;
use crate::name::Action;

/// A partition of a list of actions.
#[derive(Debug, Clone)]
pub struct ActionClasses {
    /// For each action of the list, its class.
    class_of: Vec<u32>,
    /// For each class, the first action of the list that belongs to it.
    representatives: Vec<u32>,
}

impl ActionClasses {
    /// Sorts `actions` into classes for this set.
    pub fn new(set: &PolicySet, actions: &[Action]) -> Self {
        let mut classes: HashMap<(Box<[u32]>, Box<str>), u32> = HashMap::new();
        let mut class_of = Vec::with_capacity(actions.len());
        let mut representatives = Vec::new();
        let mut statements = Vec::new();
        for (action, at) in actions.iter().zip(0..) {
            statements.clear();
            set.index.with_action(action, |id| statements.push(id));
            statements.sort_unstable();
            statements.dedup();
            statements.retain(|id| set.matches_action(*id, action));
            let key = (statements.as_slice().into(), applicable::kind_of_action(set, action).into());
            let class = *classes.entry(key).or_insert_with(|| {
                representatives.push(at);
                u32::try_from(representatives.len() - 1).unwrap_or(u32::MAX)
            });
            class_of.push(class);
        }
        Self { class_of, representatives }
    }

    /// The class of the action at this place of the list.
    pub fn class_of(&self, action: usize) -> Option<usize> {
        self.class_of.get(action).map(|class| *class as usize)
    }

    /// For each class the place of its first action in the list.
    pub fn representatives(&self) -> impl ExactSizeIterator<Item = usize> {
        self.representatives.iter().map(|at| *at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Prepared;
    use super::*;
    use crate::policy::{Policy, PolicyType};

    fn classes(statements: &str, actions: &[&str]) -> Vec<usize> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let policy = Prepared::new("p", Policy::parse(&text).unwrap(), PolicyType::Identity).unwrap();
        let set = PolicySet::builder().identity(policy).build().unwrap();
        let actions: Vec<Action> = actions.iter().map(|action| action.parse().unwrap()).collect();
        let classes = ActionClasses::new(&set, &actions);
        (0..actions.len()).filter_map(|at| classes.class_of(at)).collect()
    }

    #[test]
    fn prv_110_actions_are_told_apart_by_statements_and_by_the_rules_beside_them() {
        let statements = r#"
            {"Effect": "Allow", "Action": ["s3:Get*", "ec2:*"], "Resource": "*"},
            {"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::b"}"#;
        let asked =
            ["s3:GetObject", "s3:GetBucketAcl", "ec2:RunInstances", "s3:PutObject", "sqs:SendMessage"];
        assert_eq!(classes(statements, &asked), [0, 1, 1, 2, 2]);
        // A credential may be barred from all of IAM, and each call of STS is its own case.
        assert_eq!(classes("", &["iam:GetUser", "iam:CreateUser", "sqs:SendMessage"]), [0, 0, 1]);
        assert_eq!(classes("", &["sts:GetSessionToken", "sts:AssumeRole", "STS:assumerole"]), [0, 1, 1]);
    }
}
