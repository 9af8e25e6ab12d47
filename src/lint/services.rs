//! Which services actions are of, told by two marks of their names: a quick look that rules out most.

use std::sync::OnceLock;

use super::named::Named;
use crate::name::at_colon;

/// A set of services: it may hold more than was put into it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Services(u64);

impl Services {
    /// Every service.
    pub(super) const ALL: Self = Self(u64::MAX);

    /// The service of this prefix.
    pub(super) const fn of(prefix: &str) -> Self {
        let first = match prefix.as_bytes() {
            [first, ..] => first.to_ascii_lowercase(),
            [] => 0,
        };
        Self(1 << ((first as usize + 11 * (prefix.len() % 64)) % 64))
    }

    /// The service of an action.
    pub(super) const fn of_action(action: &str) -> Self {
        let mut rest = action.as_bytes();
        while let [before @ .., last] = rest {
            rest = before;
            if *last == b':' {
                break;
            }
        }
        match str::from_utf8(rest) {
            Ok(prefix) => Self::of(prefix),
            Err(_) => Self::ALL,
        }
    }

    /// With the others.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Can a service be in both?
    pub(super) const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Actions that a rule is about.
#[derive(Debug)]
pub(super) struct ActionList {
    /// As the reference writes them.
    pub(super) actions: &'static [&'static str],
    groups: OnceLock<Vec<Group>>,
}

/// Those of one service.
#[derive(Debug)]
struct Group {
    services: Services,
    actions: &'static [&'static str],
}

impl ActionList {
    /// A list of names with colons, those of a service side by side.
    pub(super) const fn new(actions: &'static [&'static str]) -> Self {
        Self { actions, groups: OnceLock::new() }
    }

    /// The services of all.
    pub(super) fn services(&self) -> Services {
        self.groups().iter().fold(Services::default(), |all, group| all.and(group.services))
    }

    /// Those that an entry names.
    pub(super) fn named<'l>(&'l self, entry: &'l Named<'_>) -> impl Iterator<Item = &'static str> + use<'l> {
        let groups = self.groups().iter().filter(|group| entry.services.meet(group.services));
        groups.flat_map(|group| group.actions).copied().filter(|action| entry.names(action))
    }

    fn groups(&self) -> &[Group] {
        let service = |action: &'static str| at_colon(action).map_or("", |(service, _)| service);
        let group = |actions: &'static [&'static str]| {
            let services = actions.first().map_or(Services::ALL, |action| Services::of_action(action));
            Group { services, actions }
        };
        self.groups.get_or_init(|| {
            self.actions.chunk_by(|one, next| service(one) == service(next)).map(group).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Options, Subject, grants};
    use crate::policy::{Policy, PolicyType};

    #[test]
    fn a_list_knows_what_an_entry_names() {
        static LIST: ActionList =
            ActionList::new(&["iam:PassRole", "iam:CreateUser", "s3:GetObject", "sts:AssumeRole"]);
        for (entry, expected) in [
            ("*", 4),
            ("*:*Role", 2),
            ("IAM:*", 2),
            ("s*:*", 2),
            ("s3:getobject", 1),
            ("sqs:*", 0),
            ("iam", 0),
            (":", 0),
        ] {
            let text =
                format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "{entry}", "Resource": "*"}}}}"#);
            let (policy, options) = (Policy::parse(&text).unwrap(), Options::new(PolicyType::Identity));
            let subject = Subject::new(&policy, &options);
            let (_, element) = subject.elements().next().unwrap();
            let named: Vec<_> = LIST.named(&element.named[0]).collect();
            let one_by_one = LIST.actions.iter().copied().filter(|action| grants::names(entry, action));
            assert_eq!(named, one_by_one.collect::<Vec<_>>(), "{entry}");
            assert_eq!(named.len(), expected, "{entry}");
        }
        assert!(LIST.services().meet(Services::of("S3")) && !LIST.services().meet(Services::of("ec2")));
    }
}
