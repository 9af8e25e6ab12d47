//! A service: its actions, the kinds of things it has, its condition keys.

use std::fmt;

use super::table::{self, Part};
use super::{Action, Key, ResourceType};
use crate::name::nearest;

/// A service of AWS, such as Amazon S3 with the prefix `s3`.
#[derive(Clone, Copy)]
pub struct Service {
    /// Its part of the table.
    part: &'static Part,
}

impl Service {
    pub(super) fn new(part: &'static Part) -> Self {
        Self { part }
    }

    /// What stands before the colon of its actions.
    pub fn prefix(self) -> &'static str {
        self.part.head.name()
    }

    /// What AWS calls it.
    pub fn name(self) -> &'static str {
        self.part.head.field(1)
    }

    /// Do resource control policies cover it, according to the reference?
    ///
    /// The decision has its own list, from AWS's page.
    pub fn has_rcp(self) -> bool {
        self.part.head.field(2) == "rcp"
    }

    /// Its actions, by name.
    pub fn actions(self) -> impl Iterator<Item = Action> + Clone {
        self.part.lines().actions.iter().map(move |line| Action::new(self, line))
    }

    /// Its actions with names that begin so, in any case.
    pub(super) fn actions_beginning(self, start: &str) -> impl Iterator<Item = Action> + use<> {
        let lines = self.part.lines().actions.beginning(start);
        lines.iter().map(move |line| Action::new(self, line))
    }

    /// The action of this name, in any case: `GetObject`.
    pub fn action(self, name: &str) -> Option<Action> {
        self.part.lines().actions.find(name).map(|line| Action::new(self, line))
    }

    /// The one action whose name comes closest.
    pub fn nearest_action(self, name: &str) -> Option<Action> {
        self.action(nearest(name, self.actions().map(Action::name))?)
    }

    /// The kinds of things that its policies can name, by name.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType> + Clone {
        self.part.lines().resource_types.iter().map(move |line| ResourceType::new(self, line))
    }

    /// The kind of thing with this name, in any case.
    pub fn resource_type(self, name: &str) -> Option<ResourceType> {
        self.part.lines().resource_types.find(name).map(|line| ResourceType::new(self, line))
    }

    /// The condition keys it lists, by name; keys that all services share are among them.
    pub fn keys(self) -> impl Iterator<Item = Key> + Clone {
        self.part.lines().keys.iter().map(Key::new)
    }

    /// The key it lists under this name, in any case and with open parts filled in.
    pub fn key(self, name: &str) -> Option<Key> {
        let written_out = self.part.lines().keys.find(name).map(Key::new);
        written_out.or_else(|| self.keys().find(|key| key.covers(name)))
    }

    /// The keys at these places of its list.
    pub(super) fn keys_at(self, letters: &'static str) -> impl Iterator<Item = Key> + Clone {
        let keys = &self.part.lines().keys;
        table::places(letters).filter_map(|place| keys.get(place).map(Key::new))
    }

    /// The kind of thing at this place of its list.
    pub(super) fn resource_type_at(self, place: usize) -> Option<ResourceType> {
        self.part.lines().resource_types.get(place).map(|line| ResourceType::new(self, line))
    }
}

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.part, other.part)
    }
}

impl Eq for Service {}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Service").field(&self.prefix()).finish()
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::super::service;
    use super::*;

    #[test]
    fn a_service_knows_its_own() {
        let s3 = service("S3").unwrap();
        assert_eq!((s3.prefix(), s3.name(), s3.has_rcp()), ("s3", "Amazon S3", true));
        assert_eq!(s3.action("GETOBJECT").map(Action::name), Some("GetObject"));
        assert_eq!(s3.nearest_action("GetObjekt").map(Action::name), Some("GetObject"));
        assert_eq!(s3.resource_type("Bucket").map(ResourceType::name), Some("bucket"));
        assert_eq!(s3.key("S3:Prefix").map(Key::name), Some("s3:prefix"));
        assert!(!service("iam").unwrap().has_rcp());
        assert_eq!(format!("{s3:?} {s3}"), r#"Service("s3") s3"#);
    }

    #[test]
    fn keys_that_all_services_share_are_found_with_those_that_list_them() {
        let ec2 = service("ec2").unwrap();
        assert_eq!(ec2.key("aws:resourcetag/Team").map(Key::name), Some("aws:ResourceTag/${TagKey}"));
        assert_eq!(ec2.key("aws:SourceIp"), None);
    }
}
