//! Section A.3: does a `Resource` or `NotResource` cover the resource?

use twokeys::policy::{NamesPart, PolicyType};
use twokeys::request::{Context, Resource};

use crate::maybe::Maybe;
use crate::variables::{Resolved, pattern, resolve};
use crate::wildcards::{covers, with_wildcards};

/// RE-009 to RE-011: some entry covers it; for `NotResource`, none does; without the element, yes.
pub(crate) fn resource_part_matches(
    part: Option<&NamesPart>,
    kind: PolicyType,
    variables: bool,
    resource: &Resource,
    context: &Context,
) -> Maybe {
    let Some(part) = part else { return Maybe::YES };
    let listed = Maybe::any(
        part.entries.iter().map(|entry| entry_matches(&entry.value, kind, variables, resource, context)),
    );
    if part.negated { listed.not() } else { listed }
}

/// RE-002, RE-003, RE-007, RE-008: one entry against the resource of the request.
fn entry_matches(
    entry: &str,
    kind: PolicyType,
    variables: bool,
    resource: &Resource,
    context: &Context,
) -> Maybe {
    if entry == "*" {
        return Maybe::YES;
    }
    let Resource::Arn(arn) = resource else { return Maybe::NO };
    let Some([fields @ .., name]) = pattern_fields(entry, kind) else { return Maybe::NO };
    let actual: Vec<&str> = arn.as_str().splitn(6, ':').collect();
    let first_five = fields.iter().zip(&actual).all(|(field, text)| covers(&with_wildcards(field), text));
    let sixth = match resolve(&name, variables, context) {
        Resolved::Value(pieces) => {
            Maybe::known(actual.last().is_some_and(|text| covers(&pattern(&pieces), text)))
        }
        Resolved::Nothing => Maybe::NO,
        Resolved::Unknown => Maybe::EITHER, // EV-009
    };
    Maybe::all([Maybe::known(first_five), sixth])
}

/// RE-003, RE-006: the six fields of an entry, completed where its policy type allows it.
fn pattern_fields(entry: &str, kind: PolicyType) -> Option<[String; 6]> {
    let mut fields: Vec<String> = entry.splitn(6, ':').map(str::to_owned).collect();
    if fields.len() < 6 {
        let may_be_completed = match kind {
            PolicyType::Identity | PolicyType::Boundary => true,
            PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint => entry.contains('*'),
            PolicyType::ServiceControl => entry.ends_with('*'),
            PolicyType::Session | PolicyType::ResourceControl => false,
        };
        if !entry.starts_with("arn") || !may_be_completed {
            return None;
        }
        fields.resize(6, "*".to_owned());
    }
    fields.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(entry: &str, kind: PolicyType, resource: &str) -> Maybe {
        let context = Context::builder().set("aws:username", ["a*"]).unknown("aws:userid").build().unwrap();
        entry_matches(entry, kind, true, &resource.parse().unwrap(), &context)
    }

    #[test]
    fn re_002_to_008_one_entry() {
        for (entry, resource, expected) in [
            ("*", "*", Maybe::YES),
            ("arn:*:*:*:*:*", "*", Maybe::NO),
            ("*", "arn:aws:s3:::b", Maybe::YES),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/c:d/e", Maybe::YES),
            ("arn:aws:s3*:b", "arn:aws:s3:::b", Maybe::NO),
            ("arn:aws:s3:::B", "arn:aws:s3:::b", Maybe::NO),
            ("arn:aws:s3:::${aws:username}", "arn:aws:s3:::a*", Maybe::YES),
            ("arn:aws:s3:::${aws:username}", "arn:aws:s3:::ab", Maybe::NO),
            ("arn:aws:s3:::${aws:none}", "arn:aws:s3:::", Maybe::NO),
            ("arn:aws:s3:::${aws:userid}", "arn:aws:s3:::b", Maybe::EITHER),
            ("arn:aws:s3:::c${aws:userid}", "arn:aws:s3:::b", Maybe::EITHER),
            ("arn:aws:sqs:::${aws:userid}", "arn:aws:s3:::b", Maybe::NO),
        ] {
            assert_eq!(matches(entry, PolicyType::Identity, resource), expected, "{entry} on {resource}");
        }
    }

    #[test]
    fn re_006_an_incomplete_entry_is_completed_by_policy_type() {
        use PolicyType::*;
        for (entry, completed_in) in [
            ("arn:aws:s3", &[Identity, Boundary][..]),
            ("arn:aws:s3:*:", &[Identity, Boundary, Resource, Trust, Endpoint]),
            ("arn:aws:s3*", &[Identity, Boundary, Resource, Trust, Endpoint, ServiceControl]),
            ("*:aws", &[]),
        ] {
            for kind in PolicyType::ALL {
                let expected = Maybe::known(completed_in.contains(&kind));
                assert_eq!(matches(entry, kind, "arn:aws:s3:::b"), expected, "{entry} in {kind}");
            }
        }
    }
}
