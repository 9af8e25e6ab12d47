//! Section A.4: does a `Principal` or `NotPrincipal` name the requester, and how closely?

use twokeys::name::Arn;
use twokeys::policy::{Effect, PrincipalPart, PrincipalValue};
use twokeys::request::{Principal, PrincipalKind};

/// PR-002: how closely an entry names the requester, from far to near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    None,
    Account,
    Entity,
    Direct,
}

/// One entry of a principal element: the kind and the text; a bare string has no kind.
type Entry<'p> = (&'p str, &'p str);

/// The level at which the element names the requester; `None` means that it does not match.
pub(crate) fn principal_part_level(
    part: &PrincipalPart,
    effect: Effect,
    has_boundary: bool,
    principal: &Principal,
) -> Level {
    let entries = entries(part);
    // PR-002, PR-014: the nearest of all entries counts.
    let nearest = entries.iter().map(|entry| entry_level(*entry, principal)).max().unwrap_or(Level::None);
    if !part.negated {
        return nearest;
    }
    let matches = match effect {
        // PR-015
        Effect::Allow => nearest == Level::None,
        // PR-016, PR-017
        Effect::Deny => {
            hit_because_of_a_boundary(has_boundary, principal) || !is_exempted(&entries, principal)
        }
    };
    if matches { Level::Direct } else { Level::None }
}

fn entries(part: &PrincipalPart) -> Vec<Entry<'_>> {
    match &part.value {
        PrincipalValue::Text(text) => vec![("", text.value.as_str())],
        PrincipalValue::Map(groups) => groups
            .iter()
            .flat_map(|group| {
                group.values.iter().map(|value| (group.kind.value.as_str(), value.value.as_str()))
            })
            .collect(),
    }
}

/// PR-003 to PR-013: the level of one entry.
fn entry_level((kind, text): Entry<'_>, principal: &Principal) -> Level {
    // PR-003: the bare star and that of `AWS` name everyone.
    if text == "*" && (kind.is_empty() || kind == "AWS") {
        return Level::Direct;
    }
    // PR-013: other wildcards are not expanded, and such an entry names nobody.
    if text.contains(['*', '?']) {
        return Level::None;
    }
    match kind {
        "AWS" => aws_level(text, principal),
        "Service" => direct_if(names_service(text, principal)),
        "Federated" => {
            // PR-010
            direct_if(principal.kind() == PrincipalKind::FederatedCaller && principal.as_str() == text)
        }
        "CanonicalUser" => {
            // PR-011
            let of_requester = principal.details.canonical_user.as_deref() == Some(text);
            if of_requester { account_level(principal) } else { Level::None }
        }
        _ => Level::None,
    }
}

/// PR-004 to PR-008 and PR-012: an entry of the `AWS` member.
fn aws_level(text: &str, principal: &Principal) -> Level {
    if names_account(text, principal) {
        return account_level(principal);
    }
    match principal.kind() {
        PrincipalKind::User => {
            // PR-005, PR-012
            direct_if(text == principal.as_str() || is_unique_id("AIDA", text, principal))
        }
        PrincipalKind::RoleSession => {
            if text == principal.as_str() {
                Level::Direct // PR-007
            } else if names_role(text, principal) || is_unique_id("AROA", text, principal) {
                Level::Entity // PR-006, PR-012
            } else {
                Level::None
            }
        }
        PrincipalKind::FederatedUser => {
            // PR-008
            let issuer = principal.details.issuer_user_arn.as_ref().map(Arn::as_str);
            if text == principal.as_str() {
                Level::Direct
            } else if issuer == Some(text) {
                Level::Entity
            } else {
                Level::None
            }
        }
        PrincipalKind::Root
        | PrincipalKind::Service
        | PrincipalKind::FederatedCaller
        | PrincipalKind::Anonymous => Level::None,
    }
}

/// PR-004: twelve digits, or the root ARN of the account in the requester's partition (PR-018).
fn names_account(text: &str, principal: &Principal) -> bool {
    let (Some(account), Some(arn)) = (principal.account(), principal.arn()) else { return false };
    let root = format!("arn:{}:iam::{account}:root", arn.partition());
    text == account.to_string() || text == root
}

/// PR-004: an account names its root directly and all others from afar.
fn account_level(principal: &Principal) -> Level {
    if principal.kind() == PrincipalKind::Root { Level::Direct } else { Level::Account }
}

/// PR-006: the role of a session; without its full ARN partition, account and name must do.
fn names_role(text: &str, principal: &Principal) -> bool {
    if let Some(role) = &principal.details.role_arn {
        return text == role.as_str();
    }
    let (Some(session), Ok(role)) = (principal.arn(), text.parse::<Arn>()) else { return false };
    let Some(path) = role.resource().strip_prefix("role/") else { return false };
    role.partition() == session.partition()
        && role.service() == "iam"
        && role.account() == session.account()
        && path.rsplit('/').next() == principal.role_name()
}

/// PR-009: a service, by any of its names.
fn names_service(text: &str, principal: &Principal) -> bool {
    principal.kind() == PrincipalKind::Service
        && (principal.as_str() == text || principal.details.service_names.iter().any(|name| name == text))
}

/// PR-012: the unique id of this user or role, and of no other.
fn is_unique_id(prefix: &str, text: &str, principal: &Principal) -> bool {
    text.starts_with(prefix) && principal.details.unique_id.as_deref() == Some(text)
}

fn direct_if(named: bool) -> Level {
    if named { Level::Direct } else { Level::None }
}

/// PR-016: does `NotPrincipal` of a Deny list all that it takes to be exempt?
///
/// The rule asks for ARNs, names and accounts: a star exempts nobody but anonymous, a unique id nobody.
fn is_exempted(entries: &[Entry<'_>], principal: &Principal) -> bool {
    let is_anonymous = principal.kind() == PrincipalKind::Anonymous;
    let listed_at = |level| {
        let by_id = |text: &str| principal.details.unique_id.as_deref() == Some(text);
        let counts = |entry: &&Entry<'_>| (entry.1 != "*" || is_anonymous) && !by_id(entry.1);
        entries.iter().filter(counts).any(|entry| entry_level(*entry, principal) == level)
    };
    match principal.kind() {
        // The chain of a session is the session and its role.
        PrincipalKind::RoleSession => listed_at(Level::Direct) && listed_at(Level::Entity),
        // An account names its root directly, and nobody else.
        PrincipalKind::Root
        | PrincipalKind::User
        | PrincipalKind::FederatedUser
        | PrincipalKind::Service
        | PrincipalKind::FederatedCaller
        | PrincipalKind::Anonymous => listed_at(Level::Direct),
    }
}

/// PR-017: whoever has a permissions boundary is hit, whatever is listed.
fn hit_because_of_a_boundary(has_boundary: bool, principal: &Principal) -> bool {
    let can_have_one = matches!(
        principal.kind(),
        PrincipalKind::User | PrincipalKind::RoleSession | PrincipalKind::FederatedUser
    );
    has_boundary && can_have_one
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "arn:aws:iam::111122223333:user/alice";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s1";
    const ROOT: &str = "arn:aws:iam::111122223333:root";
    const ROLE: &str = "arn:aws:iam::111122223333:role/team/app";

    #[test]
    fn pr_003_to_013_the_level_of_one_entry() {
        for (kind, text, who, expected) in [
            ("", "*", "anonymous", Level::Direct),
            ("AWS", "*", "lambda.amazonaws.com", Level::Direct),
            ("Service", "*", "lambda.amazonaws.com", Level::None),
            ("Service", "lambda.amazonaws.com", "lambda.amazonaws.com", Level::Direct),
            ("", USER, USER, Level::None),
            ("AWS", USER, USER, Level::Direct),
            ("AWS", "arn:aws:iam::111122223333:user/*", USER, Level::None),
            ("AWS", "111122223333", USER, Level::Account),
            ("AWS", "111122223333", ROOT, Level::Direct),
            ("AWS", ROOT, SESSION, Level::Account),
            ("AWS", "arn:aws-cn:iam::111122223333:root", SESSION, Level::None),
            ("AWS", SESSION, SESSION, Level::Direct),
            ("AWS", ROLE, SESSION, Level::Entity),
            ("AWS", "arn:aws:iam::444455556666:role/app", SESSION, Level::None),
            ("Federated", "accounts.google.com", "accounts.google.com", Level::Direct),
        ] {
            let principal = who.parse().unwrap();
            assert_eq!(entry_level((kind, text), &principal), expected, "{kind} {text} for {who}");
        }
    }

    #[test]
    fn pr_016_a_session_is_exempt_only_with_its_role() {
        let session: Principal = SESSION.parse().unwrap();
        assert!(!is_exempted(&[("AWS", SESSION)], &session));
        assert!(!is_exempted(&[("AWS", ROLE)], &session));
        assert!(is_exempted(&[("AWS", SESSION), ("AWS", ROLE)], &session));
        assert!(!is_exempted(&[("", "*")], &session));
        assert!(is_exempted(&[("", "*")], &"anonymous".parse().unwrap()));
        assert!(!is_exempted(&[("AWS", "111122223333")], &USER.parse().unwrap()));
        assert!(is_exempted(&[("AWS", "111122223333")], &ROOT.parse().unwrap()));
    }
}
