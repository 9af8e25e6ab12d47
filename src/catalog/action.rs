//! An action: how dangerous it is, what it acts on, which keys a condition on it can see.

use std::fmt;

use super::table::{self, Line};
use super::{Key, Level, ResourceType, Service};
use crate::name;

/// An action that AWS's reference lists, such as `s3:GetObject`.
#[derive(Clone, Copy)]
pub struct Action {
    service: Service,
    /// Name, levels, resource types, keys, dependent actions.
    line: &'static Line,
}

/// A kind of thing that an action can be asked of.
#[derive(Debug, Clone, Copy)]
pub struct TakenResource {
    resource_type: ResourceType,
    required: bool,
    keys: &'static str,
}

impl Action {
    pub(super) fn new(service: Service, line: &'static Line) -> Self {
        Self { service, line }
    }

    /// The service it belongs to.
    pub fn service(self) -> Service {
        self.service
    }

    /// The name without the service: `GetObject`.
    pub fn name(self) -> &'static str {
        self.line.name()
    }

    /// The most dangerous of its access levels.
    pub fn level(self) -> Level {
        self.levels().max().unwrap_or(Level::Write)
    }

    /// Its access levels: nearly always one, never more than two.
    ///
    /// ```
    /// use twokeys::catalog::{Level, action};
    ///
    /// let levels = action("ec2:CreateTags").unwrap().levels();
    /// assert!(levels.eq([Level::Tagging, Level::Write]));
    /// ```
    pub fn levels(self) -> impl Iterator<Item = Level> + Clone {
        self.line.field(1).chars().filter_map(Level::from_letter)
    }

    /// Can a policy say which things it may be asked of? Otherwise only `*` fits it.
    pub fn takes_resource(self) -> bool {
        !self.line.field(2).is_empty()
    }

    /// The kinds of things it can be asked of, by name.
    pub fn resources(self) -> impl Iterator<Item = TakenResource> + Clone {
        let mut rest = self.line.field(2);
        std::iter::from_fn(move || {
            let (place, after) = rest.split_at_checked(rest.find(|c: char| c.is_ascii_lowercase())? + 1)?;
            let (required, after) = after.strip_prefix('!').map_or((false, after), |after| (true, after));
            let in_brackets = after.strip_prefix('(').and_then(|after| after.split_once(')'));
            let (keys, after) = in_brackets.unwrap_or(("", after));
            rest = after;
            let place = table::places(place).next()?;
            let resource_type = self.service.resource_type_at(place)?;
            Some(TakenResource { resource_type, required, keys })
        })
    }

    /// The condition keys it has whatever it is asked of; those that depend on the resource are with [`Self::resources`].
    pub fn keys(self) -> impl Iterator<Item = Key> + Clone {
        self.service.keys_at(self.line.field(3))
    }

    /// Can a condition on this action ever see this key, which its service lists?
    ///
    /// ```
    /// use twokeys::catalog::action;
    ///
    /// assert!(action("s3:ListBucket").unwrap().has_key("s3:prefix"));
    /// assert!(!action("s3:GetObject").unwrap().has_key("s3:prefix"));
    /// ```
    pub fn has_key(self, name: &str) -> bool {
        // The reference may list a key under two names, of which an action has one.
        let listed = self.service.key(name).is_some();
        let on_resources = || self.resources().any(|taken| taken.has_key(name));
        listed && (self.keys().any(|own| own.covers(name)) || on_resources())
    }

    /// What else a caller must be allowed for it to succeed: `iam:PassRole`.
    pub fn dependent(self) -> impl Iterator<Item = &'static str> + Clone {
        self.line.field(4).split(',').filter(|name| !name.is_empty())
    }

    /// The name for a request. No action of the table is refused.
    pub fn to_name(self) -> Result<name::Action, name::InvalidAction> {
        self.to_string().parse()
    }
}

impl TakenResource {
    /// The kind of thing.
    pub fn resource_type(self) -> ResourceType {
        self.resource_type
    }

    /// Does the reference say that the action needs one?
    ///
    /// It says so of too few: ask whether *any* kind fits, never whether all required ones do.
    pub fn is_required(self) -> bool {
        self.required
    }

    /// The condition keys of this action on such a thing, beside those of the thing itself.
    pub fn keys(self) -> impl Iterator<Item = Key> + Clone {
        self.resource_type.service().keys_at(self.keys)
    }

    fn has_key(self, name: &str) -> bool {
        self.keys().chain(self.resource_type.keys()).any(|own| own.covers(name))
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.line, other.line)
    }
}

impl Eq for Action {}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Action").field(&format_args!("{self}")).finish()
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.prefix(), self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{action, actions};
    use super::*;

    #[test]
    fn an_action_says_what_it_acts_on() {
        let run = action("ec2:RunInstances").unwrap();
        let instance = run.resources().find(|taken| taken.resource_type().name() == "instance").unwrap();
        assert!(instance.is_required());
        assert!(instance.keys().any(|key| key.name() == "ec2:InstanceType"));
        assert!(run.dependent().any(|name| name == "iam:PassRole"));
        assert_eq!(action("s3:ListAllMyBuckets").map(Action::takes_resource), Some(false));
    }

    #[test]
    fn the_most_dangerous_level_counts() {
        for (name, expected) in [
            ("iam:AttachUserPolicy", Level::Permissions),
            ("ec2:CreateTags", Level::Write),
            ("s3:GetObject", Level::Read),
            ("s3:ListBucket", Level::List),
        ] {
            assert_eq!(action(name).map(Action::level), Some(expected), "{name}");
        }
        for action in actions() {
            assert!((1..=2).contains(&action.levels().count()), "{action}");
        }
    }

    #[test]
    fn keys_of_the_action_of_the_resource_and_of_both_count() {
        for (name, key, expected) in [
            ("s3:ListBucket", "s3:PREFIX", true),
            ("s3:GetObject", "s3:prefix", false),
            ("s3:GetObject", "s3:ExistingObjectTag/team", true),
            ("ec2:TerminateInstances", "aws:ResourceTag/env", true),
            ("iam:DeleteGroup", "aws:ResourceTag/env", false),
            ("iam:PassRole", "iam:PassedToService", true),
            ("secretsmanager:GetSecretValue", "secretsmanager:ResourceTag/team", true),
            ("kms:Decrypt", "kms:RecipientAttestation:PCR8:ServiceName", true),
            ("sts:AssumeRole", "sts:ExternalId", true),
        ] {
            assert_eq!(action(name).map(|action| action.has_key(key)), Some(expected), "{name} {key}");
        }
    }

    #[test]
    fn everything_an_action_names_is_in_the_table() {
        for action in actions() {
            let letters = |at: usize| table::places(action.line.field(at)).count();
            assert_eq!(action.keys().count(), letters(3), "{action}");
            for taken in action.resources() {
                assert_eq!(taken.keys().count(), table::places(taken.keys).count(), "{action} {taken:?}");
            }
            for other in action.dependent() {
                assert!(super::super::action(other).is_some(), "{action} needs {other}");
            }
        }
    }
}
