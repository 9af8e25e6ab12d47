//! What a policy is attached to: as `--kind` says it, or guessed from its content.

use std::fmt;
use std::str::FromStr;

use twokeys::lint::Attached;
use twokeys::name::nearest;
use twokeys::policy::{Policy, PolicyType, Statement};

/// A kind of policy as it is written: `identity`, `resource:s3`, `auto@template`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Kind {
    /// None for `auto`.
    pub(crate) kind: Option<PolicyType>,
    /// The service of a resource policy.
    pub(crate) service: Option<String>,
    /// Is it known to be attached to a role?
    pub(crate) role: bool,
    /// Does it come from a template?
    pub(crate) template: bool,
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('@');
        let mut read = Self::default();
        let (word, service) = match parts.next().unwrap_or_default().split_once(':') {
            Some((word, service)) => (word, Some(service)),
            None => (text.split('@').next().unwrap_or_default(), None),
        };
        if word != "auto" {
            let known = PolicyType::ALL.into_iter().find(|kind| kind.as_str() == word);
            read.kind = Some(known.ok_or_else(|| unknown(word))?);
        }
        if let Some(service) = service {
            let is_prefix =
                !service.is_empty() && service.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if read.kind != Some(PolicyType::Resource) || !is_prefix {
                return Err("a service goes with resource policies, as in `resource:s3`".to_owned());
            }
            read.service = Some(service.to_ascii_lowercase());
        }
        for mark in parts {
            match mark {
                "role" => read.role = true,
                "template" => read.template = true,
                _ => return Err("behind `@` stands `role` or `template`".to_owned()),
            }
        }
        Ok(read)
    }
}

fn unknown(word: &str) -> String {
    let words = PolicyType::ALL.map(PolicyType::as_str);
    match nearest(word, words.into_iter().chain(["auto"])) {
        Some(near) => format!("there is no such kind of policy; did you mean `{near}`?"),
        None => format!("the kinds are auto, {}", words.join(", ")),
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.map_or("auto", PolicyType::as_str))?;
        if let Some(service) = &self.service {
            write!(f, ":{service}")?;
        }
        f.write_str(if self.role { "@role" } else { "" })?;
        f.write_str(if self.template { "@template" } else { "" })
    }
}

/// The kind that a policy has by its content, and the service if all its actions are of one.
pub(super) fn guess(policy: &Policy) -> (PolicyType, Option<String>) {
    let statements = &policy.statements;
    if !statements.iter().any(|statement| statement.principal.is_some()) {
        return (PolicyType::Identity, None);
    }
    let actions = || statements.iter().flat_map(|statement: &Statement| &statement.action.entries);
    let prefix = |action: &str| action.split_once(':').map(|(service, _)| service.to_ascii_lowercase());
    let services: Vec<_> = actions().map(|action| prefix(&action.value)).collect();
    let of_sts = services.iter().all(|service| service.as_deref() == Some("sts")) && !services.is_empty();
    if of_sts && statements.iter().all(|statement| statement.resource.is_none()) {
        return (PolicyType::Trust, None);
    }
    let first = services.first().cloned().flatten().filter(|service| !service.contains(['*', '?']));
    let service = first.filter(|first| services.iter().all(|service| service.as_ref() == Some(first)));
    (PolicyType::Resource, service)
}

/// What kind of identity a word of an attachment names: `user/alice`, `role`.
pub(super) fn attached(word: &str) -> Option<Attached> {
    match word.split(['/', ':']).next()? {
        "user" => Some(Attached::User),
        "group" => Some(Attached::Group),
        "role" => Some(Attached::Role),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for text in ["auto", "identity@role", "resource:s3", "resource:kms@template", "scp", "vpce"] {
            assert_eq!(text.parse::<Kind>().unwrap().to_string(), text);
        }
        for text in ["", "identitty", "scp:s3", "resource:", "identity@user"] {
            assert!(text.parse::<Kind>().is_err(), "{text}");
        }
        assert!("identitty".parse::<Kind>().unwrap_err().contains("`identity`"));
    }

    #[test]
    fn the_kind_is_guessed_from_principals_actions_and_resources() {
        let guessed = |rest: &str| {
            let text = format!(r#"{{"Statement": {{"Effect": "Allow", {rest}}}}}"#);
            guess(&Policy::parse(&text).unwrap())
        };
        let s3 = Some("s3".to_owned());
        for (rest, expected) in [
            (r#""Action": "sts:AssumeRole", "Resource": "*""#, (PolicyType::Identity, None)),
            (r#""Principal": "*", "Action": "sts:AssumeRole""#, (PolicyType::Trust, None)),
            (
                r#""Principal": "*", "Action": ["S3:*", "s3:Get*"], "Resource": "*""#,
                (PolicyType::Resource, s3),
            ),
            (
                r#""Principal": "*", "Action": "sts:AssumeRole", "Resource": "*""#,
                (PolicyType::Resource, Some("sts".to_owned())),
            ),
            (r#""Principal": "*", "Action": "*", "Resource": "*""#, (PolicyType::Resource, None)),
        ] {
            assert_eq!(guessed(rest), expected, "{rest}");
        }
    }
}
