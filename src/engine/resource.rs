//! Entries of `Resource` and `NotResource` against the resource of a request.
//!
//! `*` covers everything. Any other entry is compared field by field over the six fields of an ARN, so
//! that a wildcard never crosses one of the first five colons (RE-003). Variables work in the sixth
//! field only (RE-008).

use super::matching::{Comparing, Hit, Wording};
use crate::name::Pattern;
use crate::policy::PolicyType;
use crate::request::{Context, KeyName, Resource};

/// One entry, ready to be compared.
#[derive(Debug, Clone)]
pub(crate) enum ResourceEntry {
    /// `*`
    Everything,
    /// An entry that matches nothing: fewer than six fields, and no rule to fill them (RE-006).
    Nothing,
    /// The first five fields are plain text, as in most policies.
    Plain { head: Box<str>, resource: Wording },
    /// Wildcards stand in the first five fields.
    Fields { head: Box<Head>, resource: Wording },
}

/// The first five fields, with wildcards among them.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The fields up to the first wildcard, with their colons.
    plain: Box<str>,
    /// The others, up to the fifth.
    wild: Box<[Pattern]>,
}

impl ResourceEntry {
    pub(crate) fn new(text: &str, kind: PolicyType, variables: bool) -> Self {
        if text == "*" {
            return Self::Everything;
        }
        let Some(complete) = completed(text, kind) else { return Self::Nothing };
        let mut fields = complete.splitn(6, ':');
        let mut head = [""; 5];
        for field in &mut head {
            let Some(next) = fields.next() else { return Self::Nothing };
            *field = next;
        }
        let Some(resource) = fields.next() else { return Self::Nothing };
        let resource = Wording::with_wildcards(resource, variables);
        let is_wild = |field: &&str| field.contains(['*', '?']);
        let plain: String =
            head.iter().take_while(|field| !is_wild(field)).flat_map(|field| [field, ":"]).collect();
        let wild: Box<[Pattern]> =
            head.iter().skip_while(|field| !is_wild(field)).map(|field| Pattern::new(field)).collect();
        if wild.is_empty() {
            return Self::Plain { head: plain.into(), resource };
        }
        Self::Fields { head: Box::new(Head { plain: plain.into(), wild }), resource }
    }

    pub(crate) fn hit(&self, asked: &Resource, context: &Context) -> Hit {
        let arn = match (self, asked) {
            (Self::Everything, _) => return true.into(),
            // Only `*` matches the resource `*`; ARN patterns do not (RE-007).
            (_, Resource::Star) => return false.into(),
            (_, Resource::Arn(arn)) => arn,
        };
        let (head, sixth) = arn.split_resource();
        match self {
            Self::Everything | Self::Nothing => false.into(),
            Self::Plain { head: wanted, resource } => {
                if **wanted == *head {
                    resource.hit(sixth, context, Comparing::Exact)
                } else {
                    false.into()
                }
            }
            Self::Fields { head: wanted, resource } => {
                let first = 5 - wanted.wild.len();
                let mut wild = wanted.wild.iter().zip(first..);
                if head.starts_with(&*wanted.plain)
                    && wild.all(|(pattern, at)| pattern.matches(arn.field(at)))
                {
                    resource.hit(sixth, context, Comparing::Exact)
                } else {
                    false.into()
                }
            }
        }
    }

    /// The letters that every resource it can match begins with; `""` if that says nothing.
    pub(crate) fn literal_start(&self) -> String {
        match self {
            Self::Everything | Self::Nothing => String::new(),
            Self::Plain { head, resource } => format!("{head}{}", resource.literal_start()),
            Self::Fields { head, .. } => {
                format!("{}{}", head.plain, head.wild.first().map_or("", Pattern::literal_start))
            }
        }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyName> {
        let resource = match self {
            Self::Everything | Self::Nothing => None,
            Self::Plain { resource, .. } | Self::Fields { resource, .. } => Some(resource),
        };
        resource.into_iter().flat_map(Wording::keys)
    }
}

/// Is `text` an ARN with too few fields?
pub(crate) fn is_incomplete(text: &str) -> bool {
    text.starts_with("arn") && memchr::memchr_iter(b':', text.as_bytes()).nth(4).is_none()
}

/// The text with its missing fields filled, where the type of the policy lets AWS fill them (RE-006).
pub(crate) fn completed(text: &str, kind: PolicyType) -> Option<String> {
    if !is_incomplete(text) {
        return Some(text.to_owned());
    }
    let filled = match kind {
        PolicyType::Identity | PolicyType::Boundary => true,
        PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint => text.contains('*'),
        PolicyType::ServiceControl => text.ends_with('*'),
        PolicyType::Session | PolicyType::ResourceControl => false,
    };
    let missing = 6_usize.saturating_sub(text.split(':').count());
    filled.then(|| format!("{text}{}", ":*".repeat(missing)))
}

#[cfg(test)]
mod tests {
    use super::super::truth::Truth;
    use super::*;

    fn matches(kind: PolicyType, entry: &str, asked: &str) -> bool {
        let asked = asked.parse().unwrap();
        ResourceEntry::new(entry, kind, true).hit(&asked, &Context::default()).truth == Truth::True
    }

    #[test]
    fn re_003_wildcards_stay_within_the_first_five_fields() {
        for (entry, asked, expected) in [
            ("*", "*", true),
            ("*", "arn:aws:s3:::b", true),
            ("arn:aws:s3:::*", "*", false),
            ("arn:aws:s3:::b*", "arn:aws:s3:::b", true),
            ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket-evil", false),
            ("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", false),
            ("arn:*:sqs:*:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", true),
            ("arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", false),
            ("arn:aws:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", false),
            ("*:*:*:*:*:*", "arn:aws:s3:::b", true),
            ("**", "arn:aws:s3:::b", false),
            ("arn:aws:logs:*:*:log-group:*", "arn:aws:logs:r:1:log-group:a:b/c", true),
        ] {
            assert_eq!(matches(PolicyType::Resource, entry, asked), expected, "{entry} on {asked}");
        }
    }

    #[test]
    fn re_006_missing_fields_are_filled_by_the_type_of_the_policy() {
        let queue = "arn:aws:sqs:eu-west-1:111122223333:q";
        for kind in PolicyType::ALL {
            use PolicyType::{Boundary, Endpoint, Identity, Resource, ServiceControl, Trust};
            let anywhere = matches!(kind, Identity | Boundary);
            let with_star = anywhere || matches!(kind, Resource | Trust | Endpoint);
            let at_end = with_star || kind == ServiceControl;
            assert_eq!(matches(kind, "arn:aws:sqs", queue), anywhere, "{kind}");
            assert_eq!(matches(kind, "arn:*:sqs", queue), with_star, "{kind}");
            assert_eq!(matches(kind, "arn:aws:sq*", queue), at_end, "{kind}");
        }
    }

    #[test]
    fn a_literal_start_opens_everything_the_entry_matches() {
        for (entry, start) in [
            ("*", ""),
            ("arn:aws:s3:::logs/*", "arn:aws:s3:::logs/"),
            ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::"),
            ("arn:aws:sq?:eu-*:1:q", "arn:aws:sq"),
        ] {
            assert_eq!(
                ResourceEntry::new(entry, PolicyType::Identity, true).literal_start(),
                start,
                "{entry}"
            );
        }
    }
}
