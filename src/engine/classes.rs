//! Actions that no statement of a set tells apart (PRV-110).
//!
//! A set of twenty statements sees a few dozen kinds of actions, not twenty thousand. Two actions are of one
//! kind if the action parts of the same statements match them and no rule beside the policies treats them
//! differently; whatever is asked of one then has the same answer for the other. The matrix decides each
//! kind once.
//!
//! The kinds are found by splitting: at first all actions are alike, then each statement splits off those
//! it matches. So the cost grows with what the statements match, not with how many actions there are.

use std::collections::HashMap;

use super::applicable;
use super::decision::StatementId;
use super::policy_set::PolicySet;
use super::statement::{ActionList, ReadyStatement};
use crate::name::{Action, Hashed, hash_any_case};
use crate::request::KeyName;

/// A list of actions in which statements find theirs fast. Made once, used for many sets.
#[derive(Debug, Clone)]
pub struct Actions {
    list: Vec<Action>,
    /// Places in the list, in the order of the folded names.
    sorted: Box<[u32]>,
    /// Where the actions of each service begin in `sorted`.
    services: Box<[usize]>,
    /// Places in `sorted` by folded name; of equal names the first.
    by_name: Hashed<u32>,
}

/// A partition of a list of actions.
#[derive(Debug, Clone)]
pub struct ActionClasses {
    /// For each action of the list, its class.
    class_of: Vec<u32>,
    /// For each class, the first action of the list that belongs to it.
    representatives: Vec<u32>,
}

impl Actions {
    /// A list made ready.
    pub fn new(list: Vec<Action>) -> Self {
        let mut sorted: Vec<(u32, &Action)> = (0..).zip(&list).collect();
        sorted.sort_by(|(_, one), (_, other)| one.folded().cmp(other.folded()));
        let mut services = Vec::new();
        let mut before = None;
        for (at, (_, action)) in sorted.iter().enumerate() {
            if before != Some(action.service()) {
                services.push(at);
                before = Some(action.service());
            }
        }
        // Of equal names `Hashed` keeps the first; the others are found behind it.
        let by_name =
            Hashed::new(sorted.iter().zip(0..).map(|((_, action), at)| (action.folded().into(), at)));
        let sorted = sorted.into_iter().map(|(at, _)| at).collect();
        Self { list, sorted, services: services.into(), by_name }
    }

    /// The actions, as given.
    pub fn as_slice(&self) -> &[Action] {
        &self.list
    }

    fn at(&self, place: usize) -> Option<&Action> {
        self.list.get(*self.sorted.get(place)? as usize)
    }

    /// Calls `visit` with the places of the actions that a list of names matches; `Not` is left out of
    /// account, for it splits in the same way. None if it matches all actions there can be.
    fn matched(&self, names: &ActionList, mut visit: impl FnMut(usize)) {
        if names.patterns.iter().any(|entry| entry.pattern.is_star()) {
            return;
        }
        for name in names.literals.texts() {
            let Some(first) = self.by_name.get(hash_any_case(name), name) else { continue };
            let same = (*first as usize..)
                .take_while(|at| self.at(*at).is_some_and(|action| action.folded() == name));
            same.for_each(&mut visit);
        }
        for entry in &names.patterns {
            let start = entry.pattern.literal_start();
            let first = self.sorted.partition_point(|at| {
                self.list.get(*at as usize).is_some_and(|action| action.folded() < start)
            });
            let opened = (first..).map_while(|at| Some((at, self.at(at)?)));
            let opened = opened.take_while(|(_, action)| action.folded().starts_with(start));
            opened.filter(|(_, action)| entry.pattern.matches(action.folded())).for_each(|(at, _)| visit(at));
        }
    }
}

impl ActionClasses {
    /// Sorts `actions` into classes for this set.
    pub fn new(set: &PolicySet, actions: &Actions) -> Self {
        let mut split = Split::by_rules(set, actions);
        for statement in set.ready_statements() {
            split.off(|part| actions.matched(&statement.actions, part));
        }
        split.classes(actions)
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

impl PolicySet {
    /// The statements whose action part matches, whatever the rest of them says.
    pub fn statements_on(&self, action: &Action) -> Vec<StatementId> {
        let mut statements = Vec::new();
        self.index.whatever_resource(action, |found| statements.push(found.id));
        statements.sort_unstable();
        statements.dedup();
        statements.retain(|id| self.matches_action(*id, action));
        statements.into_iter().map(StatementId).collect()
    }

    /// The context keys that a statement asks for, also in variables.
    pub fn keys_of(&self, id: StatementId) -> impl Iterator<Item = &KeyName> {
        let ready = self.slots.get(id.0 as usize).and_then(|slot| self.ready(*slot));
        ready.into_iter().flat_map(ReadyStatement::keys)
    }
}

/// Actions on the way into classes; places are those in the sorted list.
struct Split {
    class_of: Vec<u32>,
    classes: u32,
    /// For each class of before, where its members go to in the present step.
    target: Vec<Option<u32>>,
}

impl Split {
    /// Told apart by the rules beside the policies, which look at the service, and of two services at
    /// each action.
    fn by_rules(set: &PolicySet, actions: &Actions) -> Self {
        let mut kinds: HashMap<&str, u32> = HashMap::new();
        let mut class_of = Vec::with_capacity(actions.sorted.len());
        let mut class_of_kind = |action| {
            let next = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
            *kinds.entry(applicable::kind_of_action(set, action)).or_insert(next)
        };
        let ends = actions.services.iter().skip(1).copied().chain([actions.sorted.len()]);
        for (begin, end) in actions.services.iter().copied().zip(ends) {
            let Some(first) = actions.at(begin) else { continue };
            if applicable::tells_actions_apart(first.service()) {
                class_of.extend((begin..end).filter_map(|at| actions.at(at)).map(&mut class_of_kind));
            } else {
                let class = class_of_kind(first);
                class_of.extend((begin..end).map(|_| class));
            }
        }
        let classes = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
        Self { class_of, classes, target: Vec::new() }
    }

    /// Takes the actions that `part` names out of their classes into classes of their own.
    fn off(&mut self, part: impl FnOnce(&mut dyn FnMut(usize))) {
        let before = self.classes;
        self.target.clear();
        self.target.resize(before as usize, None);
        part(&mut |at| {
            let Some(class) = self.class_of.get_mut(at) else { return };
            // A class made in this step: the action was named twice.
            let Some(target) = self.target.get_mut(*class as usize) else { return };
            *class = *target.get_or_insert_with(|| {
                self.classes += 1;
                self.classes - 1
            });
        });
    }

    /// The classes in the order in which the list mentions them; those that came out empty are left out.
    fn classes(self, actions: &Actions) -> ActionClasses {
        let mut in_order = vec![0; self.class_of.len()];
        for (place, class) in actions.sorted.iter().zip(&self.class_of) {
            if let Some(slot) = in_order.get_mut(*place as usize) {
                *slot = *class;
            }
        }
        let mut names: Vec<Option<u32>> = vec![None; self.classes as usize];
        let mut representatives = Vec::new();
        for (class, at) in in_order.iter_mut().zip(0..) {
            let Some(name) = names.get_mut(*class as usize) else { continue };
            *class = *name.get_or_insert_with(|| {
                representatives.push(at);
                u32::try_from(representatives.len() - 1).unwrap_or(u32::MAX)
            });
        }
        ActionClasses { class_of: in_order, representatives }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Prepared;
    use super::*;
    use crate::policy::{Policy, PolicyType};

    fn set(statements: &str) -> PolicySet {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let policy = Prepared::new("p", Policy::parse(&text).unwrap(), PolicyType::Identity).unwrap();
        PolicySet::builder().identity(policy).build().unwrap()
    }

    fn classes(set: &PolicySet, actions: &[&str]) -> Vec<usize> {
        let actions = Actions::new(actions.iter().map(|action| action.parse().unwrap()).collect());
        let classes = ActionClasses::new(set, &actions);
        (0..actions.as_slice().len()).filter_map(|at| classes.class_of(at)).collect()
    }

    #[test]
    fn prv_110_actions_are_told_apart_by_statements_and_by_the_rules_beside_them() {
        let statements = set(r#"
            {"Effect": "Allow", "Action": ["s3:Get*", "ec2:*"], "Resource": "*"},
            {"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::b"}"#);
        let asked =
            ["s3:GetObject", "s3:GetBucketAcl", "ec2:RunInstances", "s3:PutObject", "sqs:SendMessage"];
        assert_eq!(classes(&statements, &asked), [0, 1, 1, 2, 2]);
        // A credential may be barred from all of IAM, and each call of STS is its own case.
        let none = set("");
        assert_eq!(classes(&none, &["iam:GetUser", "iam:CreateUser", "sqs:SendMessage"]), [0, 0, 1]);
        assert_eq!(classes(&none, &["sts:GetSessionToken", "sts:AssumeRole", "STS:assumerole"]), [0, 1, 1]);
        let everything = set(r#"{"Effect": "Allow", "Action": ["*", "s3:GetObject"], "Resource": "*"}"#);
        assert_eq!(classes(&everything, &["s3:GetObject", "s3:PutObject"]), [0, 0]);
    }

    /// The definition, without splitting: the same statements, and the same word for the rules.
    fn by_definition(set: &PolicySet, actions: &[&str]) -> Vec<usize> {
        let mut seen: Vec<(Vec<StatementId>, String)> = Vec::new();
        let actions = actions.iter().map(|action| action.parse::<Action>().unwrap());
        actions
            .map(|action| {
                let key = (set.statements_on(&action), applicable::kind_of_action(set, &action).to_owned());
                seen.iter().position(|other| *other == key).unwrap_or_else(|| {
                    seen.push(key);
                    seen.len() - 1
                })
            })
            .collect()
    }

    proptest! {
        #[test]
        fn splitting_finds_the_classes_of_the_definition(
            names in prop::collection::vec((any::<bool>(), prop::collection::vec("(s3|sts|a|\\*|s\\?):[AB*?]{1,2}|\\*", 1..4)), 0..5),
            asked in prop::collection::vec("(s3|sts|kms|a|S3):[abAB]{1,2}", 1..12),
        ) {
            let statements = names.iter().map(|(negated, names)| {
                let element = if *negated { "NotAction" } else { "Action" };
                format!(r#"{{"Effect": "Deny", "{element}": {names:?}, "Resource": "*"}}"#)
            });
            let set = set(&statements.collect::<Vec<_>>().join(", "));
            let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
            prop_assert_eq!(classes(&set, &asked), by_definition(&set, &asked));
        }
    }
}
