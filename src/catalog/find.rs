//! Wildcards written out, and the name that was meant.

use super::{Action, Key, Service, action, key, service, services};
use crate::name::{Pattern, at_colon, fold, nearest};

/// The actions that a pattern of a policy matches, by service and name.
///
/// The same actions that a decision would take it to match (AC-002 to AC-004): `*` or `service:name`, with
/// wildcards on both sides of the colon. Anything else matches nothing.
///
/// ```
/// use twokeys::catalog::expand;
///
/// let actions: Vec<String> = expand("s3:GetObject?ag*").iter().map(ToString::to_string).collect();
/// assert_eq!(actions, ["s3:GetObjectTagging"]);
/// ```
pub fn expand(pattern: &str) -> Vec<Action> {
    if pattern == "*" {
        return super::actions().collect();
    }
    // The colon of a pattern is that of the name: there is one in each.
    let Some((prefix, name)) = at_colon(pattern) else { return Vec::new() };
    if name.contains(':') {
        return Vec::new();
    }
    if !pattern.contains(['*', '?']) {
        return action(pattern).into_iter().collect();
    }
    // One star at the end: how a name begins says it all.
    let start = name.strip_suffix('*').filter(|start| !start.contains(['*', '?']));
    if let Some(start) = start.filter(|_| !prefix.contains(['*', '?'])) {
        return service(prefix).into_iter().flat_map(|service| service.actions_beginning(start)).collect();
    }
    let (prefix, name) = (Pattern::new(&fold(prefix)), Pattern::new(&fold(name)));
    let of: Box<dyn Iterator<Item = Service>> = match prefix.literal() {
        Some(prefix) => Box::new(service(prefix).into_iter()),
        None => Box::new(services().filter(|service| prefix.matches(service.prefix()))),
    };
    // Most names are told apart by their first letters, which costs no copy.
    let actions = of.flat_map(|service| service.actions_beginning(name.literal_start()));
    if start.is_some() {
        return actions.collect();
    }
    actions.filter(|action| name.matches(&fold(action.name()))).collect()
}

/// The action that was meant by a text that is none, if one stands out.
///
/// A name is often right and its service is not: what signs in to another role is an action of STS, not
/// of IAM.
///
/// ```
/// let meant = |text| twokeys::catalog::nearest_action(text).map(|action| action.to_string());
/// assert_eq!(meant("s3:GetObjekt").as_deref(), Some("s3:GetObject"));
/// assert_eq!(meant("iam:AssumeRole").as_deref(), Some("sts:AssumeRole"));
/// assert_eq!(meant("elsewhere:List"), None);
/// ```
pub fn nearest_action(text: &str) -> Option<Action> {
    let (prefix, name) = at_colon(text).unwrap_or(("", text));
    let of = service(prefix).or_else(|| nearest_service(prefix));
    let in_service = of.and_then(|of| of.action(name).or_else(|| of.nearest_action(name)));
    in_service.or_else(|| the_one(services().filter_map(|service| service.action(name))))
}

/// The service whose prefix comes closest to one that no service has.
pub fn nearest_service(prefix: &str) -> Option<Service> {
    service(nearest(prefix, services().map(Service::prefix))?)
}

/// The key that was meant by a name that is none, if one of its service stands out.
pub fn nearest_key(name: &str) -> Option<Key> {
    let (prefix, _) = at_colon(name)?;
    key(nearest(name, service(prefix)?.keys().map(Key::name))?)
}

fn the_one<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_written_out_as_ac_002_to_ac_004_read_them() {
        for (pattern, expected) in [
            ("*", 22_321),
            ("*:*", 22_321),
            ("s3:GetObject", 1),
            ("S3:GETOBJECT", 1),
            ("sts:assume*", 4),
            ("sts:*sess?ontoken", 1),
            ("st?:GetCallerIdentity", 1),
            ("*:GetCallerIdentity", 1),
            ("s3*", 0),
            ("s3", 0),
            ("", 0),
            ("s3:Get:*", 0),
            ("s3:Fetch*", 0),
            ("nowhere:*", 0),
        ] {
            assert_eq!(expand(pattern).len(), expected, "{pattern}");
        }
        let gets = expand("s3:get*");
        assert!(gets.len() > 50 && gets.iter().all(|action| action.name().starts_with("Get")));
    }

    #[test]
    fn the_nearest_name_is_looked_for_in_the_service_then_in_all() {
        for (written, expected) in [
            ("s3:GetObjets", Some("s3:GetObject")),
            ("s33:GetObject", Some("s3:GetObject")),
            ("GetCallerIdentity", Some("sts:GetCallerIdentity")),
            ("iam:AssumeRole", Some("sts:AssumeRole")),
            ("iam:GetCallerIdentity", Some("sts:GetCallerIdentity")),
            ("s3:TagResources", Some("s3:TagResource")),
            ("nowhere:TagResource", None),
            ("s3:Xyzzy", None),
            ("", None),
            (":", None),
        ] {
            let found = nearest_action(written).map(|action| action.to_string());
            assert_eq!(found.as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn the_nearest_key_is_of_the_same_service() {
        for (written, expected) in [
            ("s3:prefixx", Some("s3:prefix")),
            ("iam:PassedToServices", Some("iam:PassedToService")),
            ("s3:weather", None),
            ("nowhere:prefix", None),
            ("aws:SourceIpp", None),
        ] {
            assert_eq!(nearest_key(written).map(Key::name), expected, "{written}");
        }
    }
}
